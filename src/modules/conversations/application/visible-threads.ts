import type { InboxAccess, InboxAct, ThreadFacts } from '../../../kernel/inbox-access.js';

/** A thread that the caller sees, with what decides about it. */
export interface VisibleThread extends ThreadFacts {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly contactId: string;
  /** owner | guest; null: no template has said so yet. */
  readonly type: 'owner' | 'guest' | null;
  readonly status: 'active' | 'archived' | 'blocked';
  readonly referenceLink: string | null;
  readonly unreadCount: number;
  /** The customer's last message: the 24 h window runs from it. */
  readonly lastInboundAt: Date | null;
  /** Automation is silent until then. */
  readonly botPausedUntil: Date | null;
}

/** The door through which every read and write of one conversation goes: what the caller does not see is not there (S1.94, S1.98). */
export abstract class VisibleThreads {
  /** The thread that `id` names, or that it was merged into. @throws ConversationNotFound, ActNotAllowed */
  abstract find(access: InboxAccess, act: InboxAct, id: string): Promise<VisibleThread>;
  /** The same, locked until the transaction ends; before any message of it is. @throws ConversationNotFound, ActNotAllowed */
  abstract lock(access: InboxAccess, act: InboxAct, id: string): Promise<VisibleThread>;
  /** For automation, which sees all: locks those that the ids name. @returns them by the ids that were given; what is not there is left out */
  abstract lockAll(ids: readonly string[]): Promise<ReadonlyMap<string, VisibleThread>>;
}
