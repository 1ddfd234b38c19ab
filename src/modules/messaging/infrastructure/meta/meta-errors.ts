import type { ProviderError, SendOutcome } from '../../domain/send-outcome.js';
import type { GraphAnswer } from './graph-client.js';

/** What one of Meta's error codes means for a send (whatsapp-platform.md "Error codes"; Meta, "Error codes"). */
export type ErrorClass =
  | { readonly kind: 'throttled'; readonly scope: 'number' | 'recipient' | 'account' }
  | { readonly kind: 'refused'; readonly about: 'message' | 'recipient' | 'template' | 'number' | 'account' }
  | { readonly kind: 'credential' }
  | { readonly kind: 'soft-unknown' };

const throttled = (scope: 'number' | 'recipient' | 'account'): ErrorClass => ({ kind: 'throttled', scope });
const refused = (about: 'message' | 'recipient' | 'template' | 'number' | 'account'): ErrorClass => ({
  kind: 'refused',
  about,
});
const CREDENTIAL: ErrorClass = { kind: 'credential' };
const SOFT_UNKNOWN: ErrorClass = { kind: 'soft-unknown' };

/** From code, to code (inclusive), class. The first that fits wins. */
const CLASSES: readonly (readonly [from: number, to: number, meaning: ErrorClass])[] = [
  // Rates: the same message may go later, nothing is held against it.
  [4, 4, throttled('account')],
  [80007, 80008, throttled('account')],
  [130429, 130429, throttled('number')],
  [131056, 131056, throttled('recipient')],
  // Maintenance mode: minutes, while Meta raises the throughput.
  [131057, 131057, throttled('account')],
  [2494100, 2494100, throttled('account')],
  [133016, 133016, throttled('account')],

  // The token, or what it may do.
  [0, 0, CREDENTIAL],
  [3, 3, CREDENTIAL],
  [10, 10, CREDENTIAL],
  [190, 190, CREDENTIAL],
  [200, 299, CREDENTIAL],
  [131005, 131005, CREDENTIAL],

  // Meta had a fault of its own: it may have the message.
  [1, 2, SOFT_UNKNOWN],
  [131000, 131000, SOFT_UNKNOWN],
  [131016, 131016, SOFT_UNKNOWN],
  [133004, 133004, SOFT_UNKNOWN],

  // The sending number, or the whole account's standing with Meta.
  [33, 33, refused('number')],
  [368, 368, refused('number')],
  [131031, 131031, refused('number')],
  [131048, 131048, refused('number')],
  // Restricted in the customer's country: customers elsewhere are still served.
  [130497, 130497, refused('recipient')],

  // The merchant has to do something: pay, accept terms, get the name approved, register the number.
  [131037, 131037, refused('account')],
  [131042, 131042, refused('account')],
  [131045, 131045, refused('account')],
  [133000, 133999, refused('account')],
  [134011, 134011, refused('account')],

  // This customer: not reachable, or marketing only (C54: none of these ever stops a reminder of a due).
  [130472, 130472, refused('recipient')],
  [131021, 131021, refused('recipient')],
  [131026, 131026, refused('recipient')],
  [131049, 131050, refused('recipient')],

  // The template itself: disobeys the policy, paused, disabled, its flow blocked.
  [132007, 132007, refused('template')],
  [132015, 132016, refused('template')],
  [132068, 132069, refused('template')],

  // This message. 131215 is about groups, which nothing here sends to: a fault of configuration (C54).
  [100, 100, refused('message')],
  [131008, 131009, refused('message')],
  [131047, 131047, refused('message')],
  [131051, 131053, refused('message')],
  [131062, 131062, refused('message')],
  [131215, 131215, refused('message')],
  [132000, 132999, refused('message')],
  [135000, 135000, refused('message')],
];

/** Subcode of 100: the object in the path does not exist, or the token may not see it. */
const UNKNOWN_OBJECT = 33;

/**
 * What became of a send (S0.4; reliability 2.5.3). An answer with one of Meta's errors is classified on its code alone. Without
 * one, nothing proves that a request that was begun did not arrive: unknown is the default, "not sent" needs a proof.
 */
export function outcomeOf(answer: GraphAnswer, accessToken: string): SendOutcome {
  if (answer.kind === 'lost') {
    const error = lostError(answer);
    return answer.started ? { kind: 'unknown', soft: false, error } : { kind: 'not-sent', error };
  }
  const failure = graphFailure(answer, accessToken);
  if (failure) return outcomeOfFailure(failure);
  const wamid = sentWamid(answer.json);
  if (wamid !== undefined && answer.status < 300) return { kind: 'accepted', wamid };
  return {
    kind: 'unknown',
    soft: false,
    error: { code: 'NO_MESSAGE_ID', title: 'The answer names no message', httpStatus: answer.status },
  };
}

/** The same for a request whose success has no wamid: read receipts. */
export function receiptOutcomeOf(answer: GraphAnswer, accessToken: string, wamid: string): SendOutcome {
  const done = answer.kind === 'answered' && answer.status < 300 && !graphFailure(answer, accessToken);
  return done ? { kind: 'accepted', wamid } : outcomeOf(answer, accessToken);
}

/** One of Meta's errors, as its envelope carries it. */
export interface GraphFailure {
  readonly error: ProviderError & { readonly code: number; readonly httpStatus: number };
  readonly subcode?: number;
}

/** The error in an answer, its texts safe to show: Meta repeats a malformed token in its message. */
export function graphFailure(
  answer: GraphAnswer & { kind: 'answered' },
  accessToken: string,
): GraphFailure | undefined {
  const { error } = answer.json as { error?: unknown };
  if (typeof error !== 'object' || error === null) return undefined;
  const {
    code,
    message,
    error_subcode: subcode,
    error_data: data,
    error_user_msg: userMessage,
  } = error as Record<string, unknown>;
  if (typeof code !== 'number') return undefined;
  const shown = (text: unknown): string | undefined =>
    typeof text === 'string' && text !== ''
      ? (accessToken === '' ? text : text.replaceAll(accessToken, '[token]')).slice(0, 500)
      : undefined;
  const detail = shown((data as { details?: unknown } | undefined)?.details) ?? shown(userMessage);
  return {
    error: {
      code,
      title: shown(message) ?? 'Refused by Meta',
      ...(detail === undefined ? {} : { detail }),
      httpStatus: answer.status,
    },
    ...(typeof subcode === 'number' ? { subcode } : {}),
  };
}

/** A fault on the way, in the shape of a provider's error. */
export function lostError(answer: GraphAnswer & { kind: 'lost' }): ProviderError {
  const title = answer.started ? 'No readable answer came' : 'The provider could not be reached';
  return { code: answer.code, title, ...(answer.status === undefined ? {} : { httpStatus: answer.status }) };
}

function outcomeOfFailure({ error, subcode }: GraphFailure): SendOutcome {
  const meaning = subcode === UNKNOWN_OBJECT && error.code === 100 ? refused('number') : classOf(error.code);
  switch (meaning?.kind) {
    case 'throttled':
      return { kind: 'throttled', scope: meaning.scope, error };
    case 'refused':
      return { kind: 'refused', about: meaning.about, error };
    case 'credential':
      return { kind: 'credential', error };
    case 'soft-unknown':
      return { kind: 'unknown', soft: true, error };
    default:
      // A code that is not in the table: a fault of Meta's own when it says so by 5xx, otherwise a refusal of this message.
      return error.httpStatus >= 500
        ? { kind: 'unknown', soft: true, error }
        : { kind: 'refused', about: 'message', error };
  }
}

/** What a code means, wherever it was told: in an answer, or in a `failed` status. */
export function classOf(code: number): ErrorClass | undefined {
  return CLASSES.find(([from, to]) => code >= from && code <= to)?.[2];
}

function sentWamid(json: unknown): string | undefined {
  const id = (json as { messages?: { id?: unknown }[] }).messages?.[0]?.id;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
