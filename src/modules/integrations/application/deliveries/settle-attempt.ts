import type { PostAnswer } from '../../../../platform/media-store/safe-fetch.js';
import type { Ending } from '../../domain/endpoint-health.js';
import { askedWait, LONGEST_ASKED, waitAfter } from '../../domain/retry-schedule.js';
import type { ClaimedDelivery, HeldEndpoint, SettledDelivery } from './delivery-queue.js';

/** How much of what a receiver said is kept for people. */
const KEPT = 500;
const GONE = 410;

/** An attempt that is over. Without an answer the event was forgotten, and nothing was sent. */
export interface EndedAttempt {
  readonly delivery: ClaimedDelivery;
  /** Where it was posted: what another address answered says nothing about the endpoint. */
  readonly url: string;
  readonly answer: PostAnswer | undefined;
  readonly tookMs: number;
}

/** What an attempt means for its endpoint; undefined: nothing, as with a ping. */
export function endingOf({ delivery, url, answer }: EndedAttempt, endpoint: HeldEndpoint): Ending | undefined {
  if (answer === undefined || delivery.seq === undefined || url !== endpoint.url) return undefined;
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
  const status = answer.kind === 'answered' ? answer.status : null;
  if (isSuccess(answer))
    return { id, state: 'delivered', nextAt: null, attempts: delivery.attempts + 1, status, error: null, tookMs };
  const asked = askedWait(answer.kind === 'answered' ? answer.retryAfter : undefined, now);
  const { attempts, nextAt } = nextAttempt(delivery, asked, now, chance);
  const error = answer.kind === 'refused' ? answer.code : answer.said.replaceAll('\0', '').slice(0, KEPT);
  return { id, state: nextAt === null ? 'exhausted' : 'pending', nextAt, attempts, status, error, tookMs };
}

/** An attempt out of turn changes nothing of the schedule. */
function nextAttempt(
  { seq, attempts, plannedAt }: ClaimedDelivery,
  askedMs: number | undefined,
  now: Date,
  chance: number,
): Pick<SettledDelivery, 'attempts' | 'nextAt'> {
  if (plannedAt && plannedAt > now) {
    const asked = now.getTime() + Math.min(askedMs ?? 0, LONGEST_ASKED);
    return { attempts, nextAt: new Date(Math.max(plannedAt.getTime(), asked)) };
  }
  const wait = seq === undefined ? undefined : waitAfter(attempts + 1, askedMs, chance);
  return { attempts: attempts + 1, nextAt: wait === undefined ? null : new Date(now.getTime() + wait) };
}

function isSuccess(answer: PostAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}
