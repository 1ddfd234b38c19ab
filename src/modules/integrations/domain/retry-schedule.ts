const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What follows each failed attempt: a little more than a day in all (the schedule of Svix, F65). */
const WAITS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR] as const;

/** Attempts after which a delivery is exhausted. */
export const ATTEMPTS = WAITS.length + 1;

/** The longest wait that a receiver may ask for. */
export const LONGEST_ASKED = HOUR;

const JITTER = 0.1;

/**
 * Milliseconds until the next attempt; undefined: there is none.
 * @param failed attempts so far, at least 1
 * @param askedMs what the receiver's Retry-After asks for: never sooner than the schedule, never more than an hour
 * @param chance in [0, 1); so that what failed at one moment does not come back at one moment
 */
export function waitAfter(failed: number, askedMs: number | undefined, chance: number): number | undefined {
  const wait = WAITS[failed - 1];
  if (wait === undefined) return undefined;
  const spread = Math.round(wait * (1 - JITTER + 2 * JITTER * chance));
  return Math.max(spread, Math.min(askedMs ?? 0, LONGEST_ASKED));
}

/** Milliseconds that a Retry-After asks for, in seconds or until an HTTP date; undefined: it says nothing that can be read. */
export function askedWait(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const until = / GMT$/.test(retryAfter) ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime());
}
