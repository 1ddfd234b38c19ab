import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { type ConversationCounts, Conversations } from '../conversations.js';

/** How many conversations of each kind the caller sees (S1.18, S1.75). */
export class CountConversations extends Query<ConversationCounts> {
  constructor(
    readonly access: InboxAccess,
    readonly phoneNumberId: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(CountConversations)
export class CountConversationsHandler implements IQueryHandler<CountConversations> {
  constructor(private readonly conversations: Conversations) {}

  execute({ access, phoneNumberId }: CountConversations): Promise<ConversationCounts> {
    return this.conversations.counts(access, phoneNumberId);
  }
}
