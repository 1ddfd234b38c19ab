import type { Verdict } from '../send-decision.js';
import type { SimulatedReminder } from './books.js';
import type { Happening, TimelineEntry } from './timeline.js';

/** Tells the timeline something about a due or one of its reminders. */
export type Tell = (what: Happening, about: Partial<Omit<TimelineEntry, 'what' | 'customerId'>> & { at: Date }) => void;

/** A reminder that the plan has made. */
export const NEW_REMINDER = {
  kind: 'PAYMENT_DUE',
  status: 'pending',
  reason: undefined,
  source: 'auto',
  message: undefined,
  queuedAt: undefined,
  sentAt: undefined,
} as const;

const STATUS_AFTER = {
  send: 'queued',
  defer: 'rescheduled',
  cancel: 'cancelled',
  expire: 'expired',
  fail: 'failed',
} as const;
const TOLD_AS = { defer: 'deferred', cancel: 'cancelled', expire: 'expired', fail: 'failed' } as const;

/** A reminder after a decision. */
export function applied(reminder: SimulatedReminder, verdict: Verdict, now: Date): SimulatedReminder {
  return {
    ...reminder,
    status: STATUS_AFTER[verdict.then],
    reason: verdict.then === 'send' ? undefined : verdict.gate,
    scheduledFor: verdict.then === 'defer' ? verdict.until : reminder.scheduledFor,
    queuedAt: verdict.then === 'send' ? (reminder.queuedAt ?? now) : undefined,
  };
}

export function tellOf(tell: Tell, reminder: SimulatedReminder, verdict: Verdict, now: Date): void {
  if (verdict.then === 'send') return;
  const until = verdict.then === 'defer' ? verdict.until : null;
  tell(TOLD_AS[verdict.then], { ...about(reminder, now), reason: verdict.gate, until });
}

/** How ids of reminders begin that only the simulation knows: they come after all that exist, in the order of their making. */
export const NEW_ID = 'new:';

/** Which reminder the timeline speaks of. */
export function about(
  { id, dueId, stage, step, localDate }: SimulatedReminder,
  at: Date,
): Pick<TimelineEntry, 'at' | 'dueId' | 'reminderId' | 'stage' | 'step' | 'localDate'> {
  return {
    at,
    dueId: dueId ?? null,
    reminderId: id.startsWith(NEW_ID) ? null : id,
    stage: stage ?? null,
    step,
    localDate,
  };
}
