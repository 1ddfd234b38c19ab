import { Injectable } from '@nestjs/common';
import { isObject, type JsonObject, textOf } from './json-input.js';

/** Faults of the Graph API, in the order in which they strike a request. */
export const GRAPH_FAULTS = [
  'http-status',
  'graph-error',
  'timeout',
  'reset-before-accept',
  'reset-after-accept',
  'slow',
  'truncated',
  'invalid-json',
] as const;
/** Faults of the way of a webhook to the application. */
export const WEBHOOK_FAULTS = ['webhook-duplicate', 'webhook-reorder', 'webhook-delay', 'webhook-drop'] as const;

export type GraphFaultKind = (typeof GRAPH_FAULTS)[number];
export type WebhookFaultKind = (typeof WEBHOOK_FAULTS)[number];

/** What a fault strikes; a member that is absent matches everything, but see `path`. */
export interface FaultMatch {
  readonly phoneNumberId?: string;
  /** The customer's digits or user id. */
  readonly to?: string;
  /** Message type; for webhooks also `status`, or a status such as `read`. */
  readonly type?: string;
  /** Part of the Graph path, or `*`. Absent: sends only (`POST /{phone-number-id}/messages`, read receipts excepted). */
  readonly path?: string;
}

export interface Fault {
  readonly id: number;
  readonly kind: GraphFaultKind | WebhookFaultKind;
  readonly match: FaultMatch;
  /** How often it may still strike; undefined: always. */
  timesLeft: number | undefined;
  readonly probability: number;
  readonly seed: number;
  /** How often it struck. */
  struck: number;
  /** What the kind takes: status, body, code, details, subcode, via, delayMs, accepts. */
  readonly options: JsonObject;
  readonly random: () => number;
}

/** What is known of a request or webhook when a fault is looked for. */
export interface FaultSubject {
  readonly phoneNumberId?: string | undefined;
  readonly to?: string | undefined;
  readonly types: readonly string[];
  /** Graph path with method, absent for webhooks. */
  readonly path?: string;
  readonly isSend?: boolean;
}

/** The faults in force. Deterministic: a fault's decisions depend on its seed and on the requests that it matched. */
@Injectable()
export class Faults {
  private faults: Fault[] = [];
  private lastId = 0;

  /** @returns the new fault, or why it is none */
  add(given: unknown): Fault | string {
    const fault = readFault(given, this.lastId + 1);
    if (typeof fault === 'string') return fault;
    this.lastId = fault.id;
    this.faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  clear(): void {
    this.faults = [];
  }

  /** Whether nothing is to go wrong; spares the look at what each request is. */
  get isEmpty(): boolean {
    return this.faults.length === 0;
  }

  /** The Graph fault that strikes this request, if any; counts it. */
  strikeGraph(subject: FaultSubject): Fault | undefined {
    return this.faults.find((fault) => isGraphFault(fault) && this.strikes(fault, subject));
  }

  /** Every webhook fault that strikes this event; counts them. */
  strikeWebhook(subject: FaultSubject): Fault[] {
    return this.faults.filter((fault) => !isGraphFault(fault) && this.strikes(fault, subject));
  }

  private strikes(fault: Fault, subject: FaultSubject): boolean {
    if (fault.timesLeft === 0 || !matches(fault.match, subject)) return false;
    if (fault.probability < 1 && fault.random() >= fault.probability) return false;
    if (fault.timesLeft !== undefined) fault.timesLeft -= 1;
    fault.struck += 1;
    return true;
  }
}

function isGraphFault(fault: Fault): boolean {
  return (GRAPH_FAULTS as readonly string[]).includes(fault.kind);
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  if (subject.path !== undefined) {
    if (match.path === undefined && !subject.isSend) return false;
    if (match.path !== undefined && match.path !== '*' && !subject.path.includes(match.path)) return false;
  }
  return (
    (match.phoneNumberId === undefined || match.phoneNumberId === subject.phoneNumberId) &&
    (match.to === undefined || match.to.replace(/^\+/, '') === subject.to) &&
    (match.type === undefined || subject.types.includes(match.type))
  );
}

const OPTIONS = ['status', 'body', 'code', 'details', 'subcode', 'via', 'delayMs', 'accepts'];

function readFault(given: unknown, id: number): Fault | string {
  if (!isObject(given)) return 'a fault is an object';
  const kind = textOf(given['kind']) ?? '';
  const kinds: readonly string[] = [...GRAPH_FAULTS, ...WEBHOOK_FAULTS];
  if (!kinds.includes(kind)) return `kind must be one of ${kinds.join(', ')}`;
  const match = given['match'] ?? {};
  if (!isObject(match) || Object.values(match).some((value) => typeof value !== 'string'))
    return 'match must be an object of strings';
  const unknown = Object.keys(match).find((key) => !['phoneNumberId', 'to', 'type', 'path'].includes(key));
  if (unknown) return `match knows no ${unknown}`;
  const { times, probability = 1, seed = id } = given;
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0))
    return 'times must be a whole number above 0';
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1))
    return 'probability must lie between 0 and 1';
  if (typeof seed !== 'number' || !Number.isInteger(seed)) return 'seed must be a whole number';
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => OPTIONS.includes(key)));
  const wrong = wrongOption(kind, options);
  if (wrong) return wrong;
  return {
    id,
    kind: kind as Fault['kind'],
    match: match as FaultMatch,
    timesLeft: times as number | undefined,
    probability,
    seed,
    struck: 0,
    options,
    random: seededRandom(seed),
  };
}

function wrongOption(kind: string, { status, code, delayMs, via, accepts }: JsonObject): string | undefined {
  if (status !== undefined && !(Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599))
    return 'status must be an HTTP status';
  if (kind === 'graph-error' && !Number.isInteger(code)) return 'a graph-error needs a code';
  if (delayMs !== undefined && !(typeof delayMs === 'number' && delayMs >= 0 && delayMs <= 60_000))
    return 'delayMs must lie between 0 and 60000';
  if (via !== undefined && via !== 'answer' && via !== 'status') return 'via must be answer or status';
  if (accepts !== undefined && typeof accepts !== 'boolean') return 'accepts must be true or false';
  return undefined;
}

/** Mulberry32: small, fast, and the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
