import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { SilenceReason } from '../../domain/silence.js';

/** What people change of a conversation; members that are left out stay as they are. */
export interface ThreadChange {
  readonly type?: 'owner' | 'guest' | undefined;
  readonly status?: 'active' | 'archived' | 'blocked' | undefined;
  readonly referenceLink?: string | null | undefined;
  readonly botPausedUntil?: Date | null | undefined;
  /** Given with `botPausedUntil`, unless that lifts the silence. */
  readonly botPausedAt?: Date | undefined;
  readonly botPausedReason?: SilenceReason | undefined;
  readonly unreadCount?: 0 | undefined;
  readonly assigneeId?: string | null | undefined;
}

/** Somebody whose conversation it may become. */
export interface Colleague {
  readonly userId: string;
  readonly isActive: boolean;
  readonly access: InboxAccess;
}

/** Whom a thread was taken from. */
export interface TakenOff {
  readonly threadId: string;
  readonly phoneNumberId: string;
  readonly userId: string;
}

/** Whose sight is looked at again: one user's, or that of all who work on a number. */
export type Sight = { readonly userId: string } | { readonly phoneNumberId: string };

/** What people do with threads. Callers hold the thread's row, by `VisibleThreads.lock`, unless it says otherwise. */
export abstract class InboxThreads {
  abstract change(threadId: string, change: ThreadChange): Promise<void>;
  /** Makes the thread of a number and a contact if there is none; takes no lock beforehand. */
  abstract openEmpty(
    phoneNumberId: string,
    contactId: string,
    assigneeId: string | null,
  ): Promise<{ readonly id: string; readonly created: boolean }>;
  /** The number that a conversation begins with when none is named: an active one that the caller sees, not the one for retargeting. */
  abstract defaultNumber(access: InboxAccess): Promise<string | undefined>;
  abstract seesNumber(access: InboxAccess, phoneNumberId: string): Promise<boolean>;
  /** Held until the transaction ends, so that nobody is disabled while a conversation becomes theirs. */
  abstract holdColleague(userId: string): Promise<Colleague | undefined>;
  /** @returns whether it changed anything */
  abstract addParticipant(threadId: string, userId: string): Promise<boolean>;
  abstract removeParticipant(threadId: string, userId: string): Promise<boolean>;
  /** Sets the type of a thread that has none yet; takes its lock. @returns the thread's number, or undefined: it has a type */
  abstract decideType(threadId: string, type: 'owner' | 'guest'): Promise<string | undefined>;
  /** Takes threads from assignees and participants who do not see them any more, some hundred at once; takes their locks. @returns whom it took off; none: done */
  abstract takeOffUnseen(sight: Sight): Promise<readonly TakenOff[]>;
  abstract peopleOf(threadIds: readonly string[]): Promise<
    readonly {
      readonly threadId: string;
      readonly assigneeId: string | null;
      readonly participantIds: readonly string[];
    }[]
  >;
}
