import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { ReplyVariable } from '../../domain/canned-replies/canned-reply.js';

export interface CannedReplyView {
  readonly id: string;
  /** Lower case, unique. */
  readonly shortcut: string;
  readonly body: string;
  /** Of one area only; null: everybody's. */
  readonly areaId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CannedReplyToAdd {
  readonly shortcut: string;
  readonly body: string;
  readonly areaId?: string | null | undefined;
}

/** Texts that agents insert by a short word; those of an area are seen by who sees its numbers. */
export abstract class CannedReplies {
  /** By shortcut. @param after the shortcut of the last one of the page before */
  abstract page(access: InboxAccess, after: string | undefined, limit: number): Promise<readonly CannedReplyView[]>;
  /** @throws CannedReplyNotFound */
  abstract find(access: InboxAccess, id: string): Promise<CannedReplyView>;
  /** @throws ShortcutTaken */
  abstract add(reply: CannedReplyToAdd, createdBy: string): Promise<string>;
  /** @throws ShortcutTaken */
  abstract change(id: string, change: Partial<CannedReplyToAdd>): Promise<void>;
  abstract remove(id: string): Promise<void>;
  /** What variables stand for in a conversation, written by a user or by a program. */
  abstract valuesIn(
    threadId: string,
    userId: string | undefined,
  ): Promise<Readonly<Record<ReplyVariable, string | null>>>;
}
