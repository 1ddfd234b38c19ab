import type { InboxAccess } from '../../../kernel/inbox-access.js';
import type { ThreadStatus } from '../domain/inbox/thread-status.js';
import type { ThreadType } from '../domain/inbox/type-by-template.js';

export interface ConversationFilter {
  /** `guest`: also those of no type yet. */
  readonly type?: ThreadType | undefined;
  /** Left out: active ones. */
  readonly status?: ThreadStatus | 'all' | undefined;
  /** A user's id; null: nobody's. */
  readonly assigneeId?: string | null | undefined;
  readonly labelId?: string | undefined;
  readonly unread?: boolean | undefined;
  readonly phoneNumberId?: string | undefined;
  /** What is searched for: at least three characters. */
  readonly q?: string | undefined;
}

/** Where a search found its words. */
export interface ConversationMatch {
  readonly field: 'name' | 'profileName' | 'phone' | 'username' | 'message';
  readonly messageId?: string;
  /** The words with what stands around them. */
  readonly excerpt: string;
}

/** A thread's place in the list. */
export interface ConversationPlace {
  readonly id: string;
  readonly lastMessageAt: Date;
  readonly match?: ConversationMatch | undefined;
}

/** How many conversations there are of each kind, as far as the caller sees them (S1.18). All but the last two count active ones. */
export interface ConversationCounts {
  readonly total: number;
  readonly owner: number;
  /** Also those of no type yet. */
  readonly guest: number;
  /** With something unread. */
  readonly unread: number;
  readonly assignedToMe: number;
  readonly unassigned: number;
  readonly archived: number;
  readonly blocked: number;
}

/** Which conversations the caller sees, and in which order. */
export abstract class Conversations {
  /** Newest activity first. @param after the last place of the page before */
  abstract page(
    access: InboxAccess,
    filter: ConversationFilter,
    after: ConversationPlace | undefined,
    limit: number,
  ): Promise<readonly ConversationPlace[]>;
  abstract counts(access: InboxAccess, phoneNumberId: string | undefined): Promise<ConversationCounts>;
}
