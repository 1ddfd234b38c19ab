import type { Money } from '../../../../kernel/money.js';
import type { Recipient } from '../../../messaging/index.js';
import type { Situation } from '../../domain/assessment.js';
import type { ReminderFacts, Verdict } from '../../domain/send-decision.js';

/** A reminder that is up for a decision, with all that is needed to decide and to write it. */
export interface ReminderCase {
  readonly situation: Situation;
  readonly customerId: string;
  readonly dueId: string | undefined;
  /** Undefined: the customer is known by nothing that can be written to. */
  readonly to: Recipient | undefined;
  readonly customerName: string | undefined;
  readonly companyName: string;
  /** BCP 47, the customer's or the merchant's: for amounts and dates. */
  readonly locale: string;
  /** What is still to be paid. */
  readonly amount: Money | undefined;
  /** Words of the merchant's own (S3.30). */
  readonly message: string | undefined;
  /** A merchant who is suspended writes to nobody. */
  readonly isSuspended: boolean;
  /** When its message was ordered, if it is on its way. */
  readonly queuedAt: Date | undefined;
}

/** A reminder and the message that is about to carry it. */
export interface CarriedReminder {
  readonly reminderId: string;
  readonly messageId: string;
}

/** A reminder that a customer got, or that is on its way to them. */
export interface LeftReminder {
  readonly id: string;
  readonly customerId: string;
  readonly sentAt: Date | undefined;
  readonly queuedAt: Date | undefined;
}

/** Where in a reminder's life it was decided: when it was due, before its message's attempt, when the outcome was known. */
export type Occasion = 'sweep' | 'send' | 'outcome';

/** A decision, with what it was made on. */
export interface Decision {
  readonly case: ReminderCase;
  readonly at: Date;
  readonly facts: ReminderFacts;
  readonly verdict: Verdict;
  readonly policyVersion: number;
  /** What is sent, when it is: template or text, and its variables (S0.25). */
  readonly sends?: {
    readonly templateName: string;
    readonly templateLanguage: string;
    readonly variables: Readonly<Record<string, string>>;
  };
}

/** The merchant's reminders as the sweep takes them, set-based, in the open transaction. */
export abstract class DueReminders {
  /** Takes the next that are due for a decision; nobody else takes them until the transaction ends. */
  abstract claim(limit: number): Promise<readonly ReminderCase[]>;
  /**
   * The same for those whose messages are about to leave. Locks the books of their customers against change until the transaction
   * ends, before it reads: what was committed before is seen, what forbids later comes later (D2). Left out: those whose message it is not
   * any more.
   */
  abstract lock(carried: readonly CarriedReminder[]): Promise<readonly ReminderCase[]>;
  /** Writes decisions down, and what they make of their reminders; of those that are sent, the messages that carry them. */
  abstract save(
    occasion: Occasion,
    decisions: readonly Decision[],
    messageIds: ReadonlyMap<string, string>,
  ): Promise<void>;
  /** What these customers got since then, of whatever due. */
  abstract leftSince(customerIds: readonly string[], since: Date): Promise<readonly LeftReminder[]>;
  /** When the next reminder is due; undefined: none waits. */
  abstract nextDue(): Promise<Date | undefined>;
  /** Looks at those again, at once, that wait for a number that may send (C67). @returns whether there are any */
  abstract wakeUnable(): Promise<boolean>;
}
