import type { CarriedReminder } from './due-reminders.js';

/** A reminder that messaging has, and has had for a while. */
export interface QueuedReminder extends CarriedReminder {
  readonly queuedAt: Date;
  /** It is known that the answer to its message was lost. */
  readonly isMaybeSent: boolean;
}

/** The merchant's reminders that are on their way, in the open transaction. */
export abstract class QueuedReminders {
  /** Those that were handed over before an instant, the longest ago first. @param last where to go on */
  abstract before(at: Date, last: QueuedReminder | undefined, limit: number): Promise<readonly QueuedReminder[]>;
  /** Whether one waits for the first news of its message. */
  abstract waitForNews(): Promise<boolean>;
}
