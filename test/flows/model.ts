import * as fc from 'fast-check';
import type { FlowGraph, FlowPosition } from '../../src/modules/flows/domain/flow-graph.js';
import type { FlowStep } from '../../src/modules/flows/domain/flow-step.js';
import { ignoresRestarts } from '../../src/modules/flows/domain/loop-guard.js';
import type { FlowInput, Move } from '../../src/modules/flows/domain/move.js';
import { cleared } from '../../src/modules/flows/domain/position.js';
import { fallBack, take } from '../../src/modules/flows/domain/take.js';
import type { TenantId } from '../../src/kernel/ids.js';
import type { Inbox } from '../conversations/inbox.js';
import { graphOf, step } from './flows.js';

export const KEYS = ['s0', 's1', 's2', 's3', 's4'];
export const WORDS = ['one', 'two', '12', 'again'];
export const SECOND = 1000;
export const DAY = 24 * 3600 * SECOND;
export const PAUSE = 60 * 60 * SECOND;
const MENU = 'Welcome to No-Due! Please select an option below:';

const key = fc.constantFrom(...KEYS, 'nowhere');
export const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(some, { nil: undefined });

function steps(): fc.Arbitrary<FlowStep[]> {
  const next = fc.record({ next: maybe(key), state: maybe(fc.constantFrom('x', 'y')) });
  return fc.tuple(...KEYS.map((name) => oneStep(name, next))).map((all) => [...all, step('fallback')]);
}

function oneStep(
  name: string,
  next: fc.Arbitrary<{ next: string | undefined; state: string | undefined }>,
): fc.Arbitrary<FlowStep> {
  return fc
    .record({
      branches: fc.array(next, { maxLength: 3 }),
      collects: maybe(fc.record({ next: key, pattern: maybe(fc.constant('\\d+')), invalid: maybe(key) })),
      isActive: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
      handsOff: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    })
    .map(({ branches, collects, ...flags }) =>
      step(name, {
        ...flags,
        kind: branches.length > 0 ? 'interactive_button' : 'text',
        branches: branches.map(({ next: nextTemplateKey, state }, index) => ({
          id: `${name}.${index}`,
          title: `Button ${index}`,
          ...(nextTemplateKey !== undefined && { nextTemplateKey }),
          ...(state !== undefined && { nextState: state }),
        })),
        ...(collects && {
          collects: {
            as: `said_${name}`,
            nextTemplateKey: collects.next,
            ...(collects.pattern !== undefined && { pattern: collects.pattern }),
            ...(collects.invalid !== undefined && { invalidTemplateKey: collects.invalid }),
          },
        }),
      }),
    );
}

/** Any flow of a few steps, which lead to each other and nowhere. */
export function graph(version: number): fc.Arbitrary<FlowGraph> {
  const rule = fc.record({ word: fc.constantFrom(...WORDS, 'hi'), templateKey: key });
  return fc.record({ all: steps(), rules: fc.array(rule, { maxLength: 3 }) }).map(({ all, rules }) =>
    graphOf({
      version,
      steps: all,
      rules: rules.map(({ word, templateKey }, index) => ({
        id: `r${index}`,
        match: { type: 'equals', values: [word] },
        action: { type: 'send_template', templateKey },
      })),
      fallbackTemplateKey: 'fallback',
      restartWords: ['again'],
    }),
  );
}

/** One conversation as the pure engine has it, with what stands around it: the session, the silence for people, taps that were answered. */
export class Model {
  readonly sent: { key: string; wamid: string }[] = [];
  position: FlowPosition | undefined;
  #movedAt = 0;
  #sessionUntil = 0;
  #pausedAt = -1;
  #pausedUntil = 0;
  #taps: string[] = [];

  constructor(
    private readonly versions: readonly [FlowGraph, FlowGraph],
    public newest: FlowGraph,
  ) {}

  hear(input: FlowInput, wamid: string, writtenAt: Date, now: Date, tap: string | undefined): void {
    if (now.getTime() < this.#pausedUntil) {
      const isRestart = input.type === 'text' && input.text === 'again';
      if (!isRestart || (this.position && ignoresRestarts(this.position, now))) return;
      this.#pausedUntil = 0;
    }
    const isNew = this.#sessionUntil <= now.getTime();
    if (isNew) {
      this.#taps = [];
      if (this.position && this.#movedAt + DAY <= now.getTime())
        this.#stand(cleared(this.position, this.newest.version), now);
    }
    this.#sessionUntil = now.getTime() + DAY;
    const [graph, before] = [this.#graph, this.#open];
    const move = take(graph, this.newest, before, input, writtenAt);
    if (tap !== undefined && this.#taps.includes(tap)) return;
    if (move.type === 'menu') this.#stand(move.position, now);
    else if (move.type === 'none' && before && !sameStand(before, move.position)) this.#stand(move.position, now);
    if (move.type === 'menu' || (move.type === 'none' && input.type === 'text' && input.isGreeting)) {
      this.#taps = [];
      this.sent.push({ key: MENU, wamid });
      return;
    }
    const made = move.type === 'none' ? fallBack(graph, this.newest, before, writtenAt) : move;
    this.#do(made, wamid, now);
    if (tap !== undefined && made.type !== 'withheld') this.#taps = [...this.#taps, tap].slice(-20);
  }

  /** Who takes over a conversation takes with it what was asked there. */
  get #open(): FlowPosition | undefined {
    return this.position && this.#pausedAt >= this.#movedAt ? { ...this.position, openKey: undefined } : this.position;
  }

  get #graph(): FlowGraph {
    return this.position ? this.versions[this.position.flowVersion - 1]! : this.newest;
  }

  #do(move: Move, wamid: string, now: Date): void {
    if (move.type === 'none') return;
    this.#stand(move.position, now);
    if (move.type === 'withheld') this.#pause(now);
    if (move.type !== 'send') return;
    this.sent.push({ key: move.step.key, wamid });
    if (move.step.handsOff) this.#pause(now);
  }

  #pause(now: Date): void {
    this.#pausedAt = now.getTime();
    this.#pausedUntil = now.getTime() + PAUSE;
  }

  #stand(position: FlowPosition, now: Date): void {
    this.position = position;
    this.#movedAt = now.getTime();
  }
}

function sameStand(a: FlowPosition, b: FlowPosition): boolean {
  return (
    a.lastTemplateKey === b.lastTemplateKey &&
    a.openKey === b.openKey &&
    a.state === b.state &&
    JSON.stringify(a.answers) === JSON.stringify(b.answers)
  );
}

/** What automation sent a customer, whoever in it answered, and to which of their messages. */
export async function automatic(
  inbox: Inbox,
  tenant: TenantId,
  waId: string,
): Promise<{ key: string; wamid: string }[]> {
  const answers = await inbox.answers(tenant);
  return answers
    .filter(({ address }) => address === waId)
    .map(({ content, idempotency_key: once }) => ({
      key: 'body' in content && typeof content.body === 'string' ? content.body : '',
      wamid: /^auto-reply:(.*?)(?::\d+)?$/.exec(once)?.[1] ?? once,
    }));
}

/** Where a customer's conversation stands in the database. */
export async function standing(inbox: Inbox, tenant: TenantId, waId: string): Promise<object> {
  const [row] = await inbox.sql<object>(
    tenant,
    `select flow_version as version, last_template_key as last, open_key as open, state, answers, steps_taken as taken
     from flow_position p join thread t on t.tenant_id = p.tenant_id and t.id = p.thread_id
     where exists (select from contact_identity i where i.tenant_id = t.tenant_id and i.contact_id = t.contact_id and i.value in ($1, '+' || $1))`,
    [waId],
  );
  return row ?? {};
}

export function expected(position: FlowPosition | undefined): object {
  if (!position) return {};
  const { flowVersion, lastTemplateKey, openKey, state, answers, stepsTaken } = position;
  return {
    version: flowVersion,
    last: lastTemplateKey ?? null,
    open: openKey ?? null,
    state,
    answers,
    taken: stepsTaken,
  };
}
