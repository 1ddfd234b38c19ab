import type { Reminder, ReminderState } from '../../domain/reminder.js';

/** Single reminders, in the open transaction. Whoever changes one locks the customer's books first (D2). */
export abstract class Reminders {
  /** Locks nothing. @throws ReminderNotFound */
  abstract find(id: string): Promise<ReminderState>;
  /** Locks the customer's books, then the reminder, until the transaction ends. @throws ReminderNotFound */
  abstract getForUpdate(id: string): Promise<Reminder>;
  /** The reminder of a due for a stage, step and day, if there is one; the books are locked already. */
  abstract occurrence(
    wanted: Pick<ReminderState, 'dueId' | 'stage' | 'step' | 'localDate'>,
  ): Promise<Reminder | undefined>;
  abstract add(reminder: Reminder): Promise<void>;
  abstract save(reminder: Reminder): Promise<void>;
  /** Locks a customer's books. @returns who it is, and the zone that they live in @throws CustomerNotFound */
  abstract lockCustomer(id: string): Promise<{ readonly id: string; readonly zone: string }>;
}
