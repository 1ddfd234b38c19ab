import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../platform/auth/index.js';
import { Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../platform/http/pagination.js';
import type { ConversationView } from '../application/conversation-view.js';
import { FindConversation } from '../application/find-conversation.js';
import { type ConversationMessageView, ListConversationMessages } from '../application/list-conversation-messages.js';
import { ListConversations } from '../application/list-conversations.js';
import {
  ConversationDto,
  ConversationIdParam,
  ConversationMessageDto,
  ConversationMessagesQuery,
  ConversationsQuery,
} from './conversations.dto.js';

@ApiTags('Conversations')
@Controller('v1/conversations')
@RequiresScope('conversations:read')
export class ConversationsController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @ApiOperation({ summary: 'The shared inbox, newest activity first' })
  @ApiPage(ConversationDto)
  list(
    @Query() { limit, cursor, phoneNumberId, unread }: ConversationsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ConversationView>> {
    return this.queries.execute(
      new ListConversations(inboxAccessOf(principal), { phoneNumberId, unread }, limit, cursor),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'A conversation' })
  @ApiOkResponse({ type: ConversationDto })
  @ApiNotFoundResponse()
  find(@Param() { id }: ConversationIdParam, @CurrentPrincipal() principal: Principal): Promise<ConversationView> {
    return this.queries.execute(new FindConversation(inboxAccessOf(principal), id));
  }

  @Get(':id/messages')
  @ApiOperation({ summary: 'Messages of a conversation, oldest first; the cursor leads to earlier ones' })
  @ApiPage(ConversationMessageDto)
  @ApiNotFoundResponse()
  messages(
    @Param() { id }: ConversationIdParam,
    @Query() { limit, cursor, beforeMessageId, beforeTimestamp }: ConversationMessagesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ConversationMessageView>> {
    return this.queries.execute(
      new ListConversationMessages(
        inboxAccessOf(principal),
        id,
        { messageId: beforeMessageId, instant: beforeTimestamp },
        limit,
        cursor,
      ),
    );
  }
}
