import type { CommitmentSnapshot } from '../commitment.js';
import type { ReminderKind, ReminderStage } from '../assessment.js';
import type { DueToPlan, StandingReminder } from '../reminder-plan.js';

/** A copy of a merchant's books at one moment, to try out what would happen. */
export interface SimulatedBooks {
  readonly customers: readonly SimulatedCustomer[];
  /** Open ones. */
  readonly dues: readonly SimulatedDue[];
  /** All of the open dues', whatever became of them, and of others those that wait; none that was replanned away. */
  readonly reminders: readonly SimulatedReminder[];
  /** Open ones. */
  readonly promises: readonly CommitmentSnapshot[];
}

export interface SimulatedCustomer {
  readonly id: string;
  /** Undefined: nobody knows it, and templates that show it cannot be filled. */
  readonly name: string | undefined;
  readonly zone: string;
  /** BCP 47, the customer's or the merchant's. */
  readonly locale: string;
  readonly optedOutAt: Date | undefined;
  readonly isBlocked: boolean;
  readonly hasAddress: boolean;
  /** Until when anything may be sent, because the customer wrote. */
  readonly windowOpenUntil: Date | undefined;
}

/** `settled` and `pausedUntil` are as of the start. */
export interface SimulatedDue extends DueToPlan {
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly writtenOffMinor: number;
  readonly currency: string;
}

export interface SimulatedReminder extends Omit<StandingReminder, 'stage'> {
  readonly customerId: string;
  /** Undefined: it is about something else (S3.29), and has no stage. */
  readonly dueId: string | undefined;
  readonly stage: ReminderStage | undefined;
  readonly kind: ReminderKind;
  /** Words of the merchant's own (S3.30). */
  readonly message: string | undefined;
  readonly queuedAt: Date | undefined;
  readonly sentAt: Date | undefined;
}
