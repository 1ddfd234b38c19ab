import type { MessageCategory } from './message-category.js';
import { MAX_REFUSALS, type SendFailure } from './outbound-message.js';
import type { ProviderError, SendOutcome } from './send-outcome.js';
import { firstLook } from './unknown-message.js';

const FIRST_RETRY_MS = 1000;
const RETRY_FACTOR = 8;
/** By which part of itself a wait may be shorter or longer. */
export const RETRY_SPREAD = 0.25;

/** A message whose POST has ended. */
export interface PostedMessage {
  readonly category: MessageCategory;
  /** Refusals before this POST that count. */
  readonly refusals: number;
  readonly expiresAt?: Date | undefined;
}

/** What is written about the attempt; `undone`: it was never made, and nothing of it remains. */
export type AttemptResult = 'accepted' | 'not_sent' | 'throttled' | 'refused' | 'unknown' | 'undone';

/** What becomes of a message after one POST. */
export interface Settlement {
  readonly state: 'accepted' | 'queued' | 'failed' | 'unknown';
  readonly attempt: AttemptResult;
  readonly wamid?: string;
  /** When it is due again; left out: as it was. */
  readonly nextAt?: Date;
  readonly refusals: number;
  readonly failure?: SendFailure;
}

/** What must stop, beyond the one message. */
export type Halt =
  | { readonly what: 'credential'; readonly reason: string }
  | { readonly what: 'number'; readonly reason: string }
  | { readonly what: 'lane'; readonly until: Date }
  | { readonly what: 'lane'; readonly throttled: 'number' | 'account' }
  | { readonly what: 'recipient' };

/**
 * Decides on one outcome (reliability 2.5.3; C22, C67). Throttles, an open breaker, a dead token and a restricted number count
 * nothing against the message: it did nothing wrong. A lost answer is never "try again".
 * @param chance 0 to 1, spreads the retries
 */
export function settle(message: PostedMessage, outcome: SendOutcome, now: Date, chance: number): Settlement {
  const { refusals } = message;
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', attempt: 'accepted', wamid: outcome.wamid, refusals };
    case 'not-sent':
      return retryOrFail(refusals + 1, failure('not_sent', outcome.error), now, chance);
    case 'throttled':
      return { state: 'queued', attempt: 'throttled', refusals, failure: failure('throttled', outcome.error) };
    case 'credential':
      return { state: 'queued', attempt: 'refused', refusals, failure: failure('credential', outcome.error) };
    case 'deferred':
      return { state: 'queued', attempt: 'undone', refusals };
    case 'refused':
      return outcome.about === 'number' || outcome.about === 'account'
        ? { state: 'queued', attempt: 'refused', refusals, failure: failure('refused', outcome.error) }
        : { state: 'failed', attempt: 'refused', refusals: refusals + 1, failure: failure('refused', outcome.error) };
    case 'unknown': {
      const told = failure(outcome.soft ? 'soft_unknown' : 'unknown', outcome.error);
      return {
        state: 'unknown',
        attempt: 'unknown',
        refusals,
        failure: told,
        nextAt: firstLook(message, outcome.soft, now),
      };
    }
  }
}

/** What an outcome tells about more than its own message. */
export function haltAfter(outcome: SendOutcome): Halt | undefined {
  switch (outcome.kind) {
    case 'credential':
      return { what: 'credential', reason: reasonOf(outcome.error) };
    case 'deferred':
      return { what: 'lane', until: outcome.retryAt };
    case 'throttled':
      return outcome.scope === 'recipient' ? { what: 'recipient' } : { what: 'lane', throttled: outcome.scope };
    case 'refused':
      return outcome.about === 'number' || outcome.about === 'account'
        ? { what: 'number', reason: reasonOf(outcome.error) }
        : undefined;
    default:
      return undefined;
  }
}

/** How long a message waits after its n-th refusal: about 1 s, 8 s, 64 s, 512 s, each spread by a quarter. */
export function retryDelay(refusals: number, chance: number): number {
  return Math.round(FIRST_RETRY_MS * RETRY_FACTOR ** (refusals - 1) * (1 - RETRY_SPREAD + 2 * RETRY_SPREAD * chance));
}

function retryOrFail(refusals: number, told: SendFailure, now: Date, chance: number): Settlement {
  if (refusals >= MAX_REFUSALS) return { state: 'failed', attempt: 'not_sent', refusals, failure: told };
  const nextAt = new Date(now.getTime() + retryDelay(refusals, chance));
  return { state: 'queued', attempt: 'not_sent', refusals, failure: told, nextAt };
}

function failure(kind: SendFailure['class'], { code, title, detail }: ProviderError): SendFailure {
  return { code, class: kind, title, ...(detail === undefined ? {} : { detail }) };
}

function reasonOf({ code, title }: ProviderError): string {
  return `${code}: ${title}`;
}
