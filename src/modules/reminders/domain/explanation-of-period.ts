import type { ReminderStatus } from './assessment.js';

/** How many reminders came to the same. */
export interface OutcomeCount {
  readonly status: ReminderStatus;
  /** Why they wait, or why they ended unsent; null: nothing is in the way. */
  readonly reason: string | null;
  readonly count: number;
}

export interface PutOffCount {
  readonly reason: string;
  readonly count: number;
}

const WORDS: Readonly<Record<ReminderStatus, string>> = {
  sent: 'sent',
  queued: 'on their way',
  pending: 'planned',
  rescheduled: 'waiting',
  cancelled: 'cancelled',
  expired: 'expired',
  failed: 'failed',
};
const ORDER = Object.keys(WORDS) as ReminderStatus[];

/** `12 sent, 4 cancelled (PAID); put off 31 times (QUIET_HOURS).` */
export function sentenceOf(outcomes: readonly OutcomeCount[], putOff: readonly PutOffCount[]): string {
  if (outcomes.length === 0) return 'No reminders were planned.';
  const parts = outcomes
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
    .map(({ status, reason, count }) => `${count} ${WORDS[status]}${reason === null ? '' : ` (${reason})`}`);
  const delays = putOff.map(({ reason, count }) => `${count} ${count === 1 ? 'time' : 'times'} (${reason})`);
  return `${parts.join(', ')}${delays.length > 0 ? `; put off ${delays.join(', ')}` : ''}.`;
}
