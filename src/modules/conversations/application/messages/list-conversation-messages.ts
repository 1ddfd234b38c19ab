import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { MessageNotInConversation } from '../../domain/messages/message-errors.js';
import { VisibleThreads } from '../visible-threads.js';
import type { ConversationMessageView } from './conversation-message-view.js';
import { MessageReader, type Stretch } from './message-reader.js';

/** Where a page begins: before a message, before an instant, or after a message; nothing of it: at the latest. */
export interface PagePlace {
  readonly beforeMessageId?: string | undefined;
  readonly beforeInstant?: Date | undefined;
  readonly afterMessageId?: string | undefined;
}

/**
 * A page of a conversation in the order of arrival, always oldest first (S1.19). Before a place: the latest that fit, and the cursor leads to
 * earlier ones; after a message: the earliest that fit, and the cursor leads to later ones. @throws ConversationNotFound, MessageNotInConversation
 */
export class ListConversationMessages extends Query<Page<ConversationMessageView>> {
  constructor(
    readonly access: InboxAccess,
    readonly conversationId: string,
    readonly place: PagePlace,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ way: 'text', seq: 'integer' });

@QueryHandler(ListConversationMessages)
export class ListConversationMessagesHandler implements IQueryHandler<ListConversationMessages> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly messages: MessageReader,
  ) {}

  async execute({
    access,
    conversationId,
    place,
    limit,
    cursor: given,
  }: ListConversationMessages): Promise<Page<ConversationMessageView>> {
    const { id } = await this.threads.find(access, 'read', conversationId);
    const stretch = { ...(await this.#begin(id, place, given)), limit: limit + 1 };
    const rows = await this.messages.stretch(id, stretch);
    const { data, nextCursor } = cursor.page(
      rows.map((row) => ({ ...row, way: stretch.way })),
      limit,
      ({ way: _, ...row }) => row,
    );
    return { data: await this.messages.views(id, stretch.way === 'before' ? data.reverse() : data), nextCursor };
  }

  async #begin(threadId: string, place: PagePlace, given: string | undefined): Promise<Omit<Stretch, 'limit'>> {
    const instant = place.beforeInstant;
    const from = cursor.read(given);
    if (from) return { way: from.way === 'after' ? 'after' : 'before', seq: from.seq, instant };
    if (place.afterMessageId !== undefined)
      return { way: 'after', seq: await this.#seqOf(threadId, place.afterMessageId), instant };
    if (place.beforeMessageId === undefined) return { way: 'before', instant };
    return { way: 'before', seq: await this.#seqOf(threadId, place.beforeMessageId), instant };
  }

  async #seqOf(threadId: string, messageId: string): Promise<bigint> {
    const message = await this.messages.one(threadId, messageId);
    if (!message) throw new MessageNotInConversation();
    return message.seq;
  }
}
