/** After so long without one success an endpoint is disabled. */
export const PATIENCE_MS = 5 * 24 * 60 * 60 * 1000;

export interface EndpointHealth {
  /** When its receiver last said 2xx. */
  readonly succeededAt: Date | null;
  /** Since when it has not; null: it has, or was never asked. */
  readonly failingSince: Date | null;
}

/** How one attempt ended. `gone`: the receiver wants no more of this, ever (410). */
export type Ending = 'succeeded' | 'failed' | 'gone';

export interface Checkup extends EndpointHealth {
  /** Why it is disabled now; undefined: it is not. */
  readonly disabled: 'GONE' | 'FAILING' | undefined;
}

/** What the attempts of one moment say about their endpoint. */
export function checkUp(health: EndpointHealth, endings: readonly Ending[], now: Date): Checkup {
  if (endings.includes('gone')) return { ...health, failingSince: health.failingSince ?? now, disabled: 'GONE' };
  if (endings.includes('succeeded')) return { succeededAt: now, failingSince: null, disabled: undefined };
  if (endings.length === 0) return { ...health, disabled: undefined };
  const failingSince = health.failingSince ?? now;
  const isOver = now.getTime() - failingSince.getTime() >= PATIENCE_MS;
  return { ...health, failingSince, disabled: isOver ? 'FAILING' : undefined };
}
