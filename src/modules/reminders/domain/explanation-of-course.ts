import { formatDate, localDate, localTime } from '../../../kernel/local-time.js';
import type { ReminderStage, ReminderStatus } from './assessment.js';
import { explainReason } from './explanation.js';

/** A reminder of a due, as far as it tells where the due stands. */
export interface ReminderInCourse {
  readonly reminderId: string;
  readonly stage: ReminderStage | null;
  readonly status: ReminderStatus;
  readonly reason: string | null;
  readonly scheduledFor: Date;
  readonly sentAt: Date | null;
}

/** Where an open due stands with its reminders. */
export interface DueCourse {
  readonly optedOutAt: Date | null;
  readonly isBlocked: boolean;
  /** What is planned, waits or is on its way. */
  readonly next: ReminderInCourse | null;
  /** What ended last. */
  readonly last: ReminderInCourse | null;
}

/** Why nothing goes out about a due at this moment, in a sentence or two for the merchant (D4). @param zone the customer's */
export function explainCourse({ optedOutAt, isBlocked, next, last }: DueCourse, zone: string): string {
  const at = (instant: Date): string => `${formatDate(localDate(instant, zone))}, ${localTime(instant, zone)}`;
  if (optedOutAt) return `The customer asked on ${at(optedOutAt)} to hear no more: nothing is sent.`;
  if (isBlocked) return 'The conversation with the customer is blocked: nothing is sent until somebody lifts that.';
  if (next?.status === 'queued') return 'A reminder is on its way.';
  if (next?.status === 'rescheduled' && next.reason)
    return `The next reminder waits until ${at(next.scheduledFor)}. ${explainReason(next.reason)}`;
  if (next) return `The next reminder is planned for ${at(next.scheduledFor)}.`;
  if (!last) return 'No reminder is planned: the times of the payment term have passed, or lie behind the due date.';
  if (last.sentAt) return `No further reminder is planned. The last one was sent on ${at(last.sentAt)}.`;
  const cause = last.reason ? ` ${explainReason(last.reason)}` : '';
  return `No further reminder is planned. The last one was not sent.${cause}`;
}
