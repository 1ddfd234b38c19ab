import type { FollowedMove } from '../../../messaging/index.js';

/** What becomes of reminders once their messages are on their way, in the open transaction. */
export abstract class ReminderOutcomes {
  /**
   * Closes reminders by what messaging tells (S0.44, S0.45): `sent` when the provider has the message, `failed` when it never will,
   * `cancelled` when a person called it back or its message may not leave; a lost answer leaves a note. One whose message was withheld because
   * nobody answered for it is due again, as late as it is. What does not concern a reminder's present message is passed over.
   */
  abstract record(moves: readonly FollowedMove[], at: Date): Promise<void>;
}
