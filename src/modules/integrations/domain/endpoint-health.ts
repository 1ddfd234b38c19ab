const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After so long without one success an endpoint is disabled. */
export const PATIENCE_MS = 5 * 24 * HOUR;

/** Longer than the schedule ever waits: when the last failure is older, nothing was tried meanwhile, and it says nothing about today. */
const UNTRIED_MS = 12 * HOUR;

/** Failing for so long and more, an endpoint was down; for less, it has refused something. */
const DOWN_MS = MINUTE;

/** The longest rest of an endpoint that is failing, which is an eighth of the time for which it has been. */
const LONGEST_REST_MS = MINUTE;
const REST_SHARE = 1 / 8;

export interface EndpointHealth {
  /** When its receiver last said 2xx. */
  readonly succeededAt: Date | null;
  /** Since when it has not; null: it has, or was never asked. */
  readonly failingSince: Date | null;
  /** When an attempt failed last. */
  readonly lastFailedAt: Date | null;
}

/** How one attempt ended. `gone`: the receiver wants no more of this, ever (410). */
export type Ending = 'succeeded' | 'failed' | 'gone';

export interface Checkup extends EndpointHealth {
  /** Why it is disabled now; undefined: it is not. */
  readonly disabled: 'GONE' | 'FAILING' | undefined;
  /** It was down, and has answered: what waits need wait no longer. */
  readonly isUpAgain: boolean;
}

/** What the attempts of one moment say about their endpoint. */
export function checkUp(health: EndpointHealth, endings: readonly Ending[], now: Date): Checkup {
  const isKnown = health.lastFailedAt !== null && since(health.lastFailedAt, now) <= UNTRIED_MS;
  const failing = (isKnown && health.failingSince) || now;
  if (endings.includes('gone'))
    return { ...health, failingSince: failing, lastFailedAt: now, disabled: 'GONE', isUpAgain: false };
  if (endings.includes('succeeded')) {
    const isUpAgain = health.failingSince !== null && since(health.failingSince, now) >= DOWN_MS;
    const lastFailedAt = endings.includes('failed') ? now : health.lastFailedAt;
    return { succeededAt: now, failingSince: null, lastFailedAt, disabled: undefined, isUpAgain };
  }
  if (endings.length === 0) return { ...health, disabled: undefined, isUpAgain: false };
  const disabled = since(failing, now) >= PATIENCE_MS ? 'FAILING' : undefined;
  return { ...health, failingSince: failing, lastFailedAt: now, disabled, isUpAgain: false };
}

/** Until when a failing endpoint is left alone, so that those who do not answer keep no places from those who do; undefined: it is not failing. */
export function restsUntil({ failingSince, lastFailedAt }: EndpointHealth): Date | undefined {
  if (!failingSince || !lastFailedAt) return undefined;
  const rest = Math.min(LONGEST_REST_MS, since(failingSince, lastFailedAt) * REST_SHARE);
  return new Date(lastFailedAt.getTime() + Math.ceil(rest));
}

function since(begin: Date, end: Date): number {
  return end.getTime() - begin.getTime();
}
