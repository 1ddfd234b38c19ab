import type { InboxAccess } from '../../../../kernel/inbox-access.js';

/** The merchant's numbers that messages can be queued for: connected ones, also while they are paused. In the open transaction. */
export abstract class SpeakingNumbers {
  /** Whether the caller sees it, too. */
  abstract has(access: InboxAccess, phoneNumberId: string): Promise<boolean>;
  /** The oldest that the caller sees of those whose purpose is the default one. */
  abstract default(access: InboxAccess): Promise<string | undefined>;
  /** That of them which may send at this moment: not paused, its account's credential not refused. */
  abstract ready(): Promise<string | undefined>;
}
