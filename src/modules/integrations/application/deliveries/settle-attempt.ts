import type { PostAnswer } from '../../../../platform/media-store/safe-fetch.js';
import type { Ending } from '../../domain/endpoint-health.js';
import { askedWait, waitAfter } from '../../domain/retry-schedule.js';
import type { ClaimedDelivery, SettledDelivery } from './delivery-queue.js';

/** How much of what a receiver said is kept for people. */
const KEPT = 500;
const GONE = 410;

/** An attempt that is over. Without an answer the event was forgotten, and nothing was sent. */
export interface EndedAttempt {
  readonly delivery: ClaimedDelivery;
  readonly answer: PostAnswer | undefined;
  readonly tookMs: number;
}

/** What an attempt means for its endpoint; undefined: nothing, as with a ping. */
export function endingOf({ delivery, answer }: EndedAttempt): Ending | undefined {
  if (answer === undefined || delivery.seq === undefined) return undefined;
  if (isSuccess(answer)) return 'succeeded';
  return answer.kind === 'answered' && answer.status === GONE ? 'gone' : 'failed';
}

/** What an attempt means for its delivery: 2xx alone is success, a ping is tried once. */
export function settle({ delivery, answer, tookMs }: EndedAttempt, now: Date, chance: number): SettledDelivery {
  const { id } = delivery;
  if (answer === undefined)
    return {
      id,
      state: 'cancelled',
      nextAt: null,
      attempts: delivery.attempts,
      status: null,
      error: 'EVENT_FORGOTTEN',
      tookMs: null,
    };
  const attempts = delivery.attempts + 1;
  const status = answer.kind === 'answered' ? answer.status : null;
  if (isSuccess(answer)) return { id, state: 'delivered', nextAt: null, attempts, status, error: null, tookMs };
  const asked = askedWait(answer.kind === 'answered' ? answer.retryAfter : undefined, now);
  const wait = delivery.seq === undefined ? undefined : waitAfter(attempts, asked, chance);
  return {
    id,
    state: wait === undefined ? 'exhausted' : 'pending',
    nextAt: wait === undefined ? null : new Date(now.getTime() + wait),
    attempts,
    status,
    error: answer.kind === 'refused' ? answer.code : answer.said.replaceAll('\0', '').slice(0, KEPT),
    tookMs,
  };
}

function isSuccess(answer: PostAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}
