import { type CalendarDate, localDate } from '../../../kernel/local-time.js';
import { type ReminderKind, type ReminderStage, type ReminderStatus, stageOn, stepOn } from './assessment.js';
import { DueIsSettled, ReminderExists, ReminderNotAhead, ReminderNotWaiting, ReminderSent } from './reminder-errors.js';
import { type DueToPlan, isWaiting } from './reminder-plan.js';

export const REMINDER_STAGES = ['before_due', 'due_today', 'after_due'] as const satisfies readonly ReminderStage[];
export const REMINDER_KINDS = [
  'PAYMENT_DUE',
  'CART_ABANDONED',
  'ORDER_FOLLOWUP',
  'RESTOCK',
  'CUSTOM',
] as const satisfies readonly ReminderKind[];
export const REMINDER_STATUSES = [
  'pending',
  'rescheduled',
  'queued',
  'sent',
  'failed',
  'cancelled',
  'expired',
] as const satisfies readonly ReminderStatus[];

const TWO_YEARS_MS = 2 * 366 * 86_400_000;

export interface ReminderState {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string | undefined;
  readonly kind: ReminderKind;
  /** Of PAYMENT_DUE only. */
  readonly stage: ReminderStage | undefined;
  readonly step: number;
  readonly localDate: CalendarDate;
  readonly plannedFor: Date;
  readonly scheduledFor: Date;
  readonly status: ReminderStatus;
  readonly reason: string | undefined;
  readonly source: 'auto' | 'manual';
  readonly message: string | undefined;
  /** The message that carries it, once it was handed over. */
  readonly messageId: string | undefined;
}

/** What a reminder is about: which due or customer, and what of it. */
export type About = Pick<ReminderState, 'customerId' | 'dueId' | 'kind' | 'stage' | 'step' | 'localDate'>;

/** What people do with one reminder; plans and the sweep work on many at a time. */
export class Reminder {
  constructor(private current: ReminderState) {}

  /** One that somebody scheduled. */
  static byHand(id: string, about: About, at: Date, message: string | undefined): Reminder {
    return new Reminder({
      ...about,
      id,
      plannedFor: at,
      scheduledFor: at,
      status: 'pending',
      reason: undefined,
      source: 'manual',
      message,
      messageId: undefined,
    });
  }

  get state(): ReminderState {
    return this.current;
  }

  /**
   * Goes at another instant (S0.33). The plan's own reminders keep the day that they are meant for, so that the plan knows them again.
   * @param about what one that a person scheduled is about at its new instant
   * @throws ReminderNotWaiting, ReminderNotAhead
   */
  moveTo(at: Date, now: Date, about: About): void {
    if (!isWaiting(this.current)) throw new ReminderNotWaiting(this.current.status);
    checkAhead(at, now);
    const day = this.current.source === 'manual' ? about : {};
    this.current = { ...this.current, ...day, scheduledFor: at, status: 'rescheduled', reason: undefined };
  }

  /** Does nothing to one that has ended unsent. @throws ReminderSent */
  cancel(): void {
    const { status } = this.current;
    if (status === 'sent') throw new ReminderSent();
    if (isWaiting(this.current) || status === 'queued')
      this.current = { ...this.current, status: 'cancelled', reason: 'CANCELLED_BY_USER' };
  }

  /**
   * A person wants what the plan, or somebody before, wanted on that day: what has ended unsent is taken up again.
   * @throws ReminderExists when it waits, is on its way or was sent
   */
  takeUpAgain(at: Date, message: string | undefined): void {
    const { id, status } = this.current;
    if (status !== 'cancelled' && status !== 'failed' && status !== 'expired') throw new ReminderExists(id, status);
    this.current = Reminder.byHand(id, this.current, at, message).state;
  }

  /** Goes now: what waits need not wait, what is on its way is left alone. @throws ReminderExists when it was sent */
  sendNow(now: Date): void {
    if (this.current.status === 'queued') return;
    if (!isWaiting(this.current)) return this.takeUpAgain(now, this.current.message);
    this.current = { ...this.current, scheduledFor: now, status: 'pending', reason: undefined };
  }
}

/** A reminder of a due at an instant: what is said depends on the customer's day (S0.31). @throws DueIsSettled */
export function aboutDue({ id, customerId, dueDate, zone, settled }: DueToPlan, at: Date): About {
  if (settled) throw new DueIsSettled();
  const day = localDate(at, zone);
  const [stage, step] = [stageOn(dueDate, day), stepOn(dueDate, day)];
  return { customerId, dueId: id, kind: 'PAYMENT_DUE', stage, step, localDate: day };
}

/** A reminder of anything else (S3.29). */
export function aboutCustomer(customerId: string, kind: ReminderKind, zone: string, at: Date): About {
  return { customerId, dueId: undefined, kind, stage: undefined, step: 0, localDate: localDate(at, zone) };
}

/** @throws ReminderNotAhead */
export function checkAhead(at: Date, now: Date): void {
  if (at <= now || at.getTime() - now.getTime() > TWO_YEARS_MS) throw new ReminderNotAhead();
}
