/** How close a window is to its end (S1.63, S1.64): `urgent` within three hours, `critical` within one. */
export type WindowSeverity = 'urgent' | 'critical';

const HOUR_MS = 3_600_000;
export const URGENT_MS = 3 * HOUR_MS;
export const CRITICAL_MS = HOUR_MS;

/** @returns undefined when it is over, or further away than anybody has to know */
export function severityOf(closesAt: Date, now: Date): WindowSeverity | undefined {
  const left = closesAt.getTime() - now.getTime();
  if (left <= 0 || left > URGENT_MS) return undefined;
  return left > CRITICAL_MS ? 'urgent' : 'critical';
}

/** When people are first told that a window is about to close. */
export function firstAlertAt(closesAt: Date): Date {
  return new Date(closesAt.getTime() - URGENT_MS);
}
