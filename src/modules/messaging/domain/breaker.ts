/**
 * A circuit breaker as a pure state machine (S3.45, S3.46, C38): so many failures in a row open it, after a while it is half open
 * and lets one probe at a time through, so many successful probes close it. Time is told to it (`restTimeElapsed`).
 * `era` numbers the periods between state changes, so that an answer to a call of an earlier period changes nothing.
 */
export type Breaker =
  | { readonly phase: 'closed'; readonly era: number; readonly failures: number; readonly witnesses: readonly string[] }
  | { readonly phase: 'open'; readonly era: number }
  | { readonly phase: 'half-open'; readonly era: number; readonly successes: number; readonly probing: boolean };

export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Different callers that these failures must come from: one number's trouble is not the host's. */
  readonly witnesses: number;
  /** Successful probes in a row that close it. */
  readonly successes: number;
}

/** What a call told about the health of the other side; `untried`: it was not made after all. */
export type CallVerdict = 'healthy' | 'failing' | 'untried';

export const CLOSED: Breaker = closed(0);

/** Whether a call may be made. */
export function admits(breaker: Breaker): boolean {
  return breaker.phase === 'closed' || (breaker.phase === 'half-open' && !breaker.probing);
}

/** A call begins that the breaker admits; in half-open it is the probe. */
export function begin(breaker: Breaker): Breaker {
  return breaker.phase === 'half-open' ? { ...breaker, probing: true } : breaker;
}

/** A call that began in `era` has ended. */
export function conclude(
  breaker: Breaker,
  era: number,
  verdict: CallVerdict,
  witness: string,
  limits: BreakerLimits,
): Breaker {
  if (era !== breaker.era || breaker.phase === 'open') return breaker;
  if (breaker.phase === 'half-open') {
    if (verdict === 'untried') return { ...breaker, probing: false };
    if (verdict === 'failing') return { phase: 'open', era: era + 1 };
    const successes = breaker.successes + 1;
    return successes >= limits.successes ? closed(era + 1) : { ...breaker, successes, probing: false };
  }
  if (verdict === 'untried') return breaker;
  if (verdict === 'healthy') return breaker.failures === 0 ? breaker : closed(era);
  const failures = breaker.failures + 1;
  const witnesses =
    breaker.witnesses.includes(witness) || breaker.witnesses.length >= limits.witnesses
      ? breaker.witnesses
      : [...breaker.witnesses, witness];
  return failures >= limits.failures && witnesses.length >= limits.witnesses
    ? { phase: 'open', era: era + 1 }
    : { phase: 'closed', era, failures, witnesses };
}

/** An open breaker has rested long enough. */
export function restTimeElapsed(breaker: Breaker): Breaker {
  return breaker.phase === 'open'
    ? { phase: 'half-open', era: breaker.era + 1, successes: 0, probing: false }
    : breaker;
}

/** A person closes it (S3.48). */
export function reset(breaker: Breaker): Breaker {
  return closed(breaker.era + 1);
}

/** Nothing is remembered that a new one would not know. */
export function isPristine(breaker: Breaker): boolean {
  return breaker.phase === 'closed' && breaker.failures === 0;
}

function closed(era: number): Breaker {
  return { phase: 'closed', era, failures: 0, witnesses: [] };
}
