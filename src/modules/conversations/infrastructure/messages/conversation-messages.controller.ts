import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import {
  actorOf,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import type { ConversationMessageView } from '../../application/messages/conversation-message-view.js';
import { ListConversationMessages } from '../../application/messages/list-conversation-messages.js';
import { SendInConversation, type SentMessageView } from '../../application/messages/send-in-conversation.js';
import { Transcript } from '../../application/messages/transcript.js';
import { ConversationIdParam } from '../conversations.dto.js';
import {
  ConversationMessageDto,
  ConversationMessagesQuery,
  SentMessageDto,
  TranscriptQuery,
} from './conversation-messages.dto.js';
import { readSaid } from './read-said.js';
import { SayDto } from './said.dto.js';
import { csvTranscript, jsonLinesTranscript } from './transcript-files.js';

@ApiTags('Conversations')
@Controller('v1/conversations/:id/messages')
export class ConversationMessagesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({
    summary: 'Messages of a conversation, oldest first',
    description:
      'The latest, and the cursor leads to earlier ones; after `afterMessageId` the earliest, and it leads to later ones.',
  })
  @ApiPage(ConversationMessageDto)
  @ApiNotFoundResponse()
  list(
    @Param() { id }: ConversationIdParam,
    @Query() { limit, cursor, beforeMessageId, beforeTimestamp, afterMessageId }: ConversationMessagesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ConversationMessageView>> {
    const place = { beforeMessageId, beforeInstant: beforeTimestamp, afterMessageId };
    return this.queries.execute(new ListConversationMessages(inboxAccessOf(principal), id, place, limit, cursor));
  }

  @Post()
  @HttpCode(202)
  @RequiresScope('messages:write')
  @ApiOperation({
    summary: 'Send a message in a conversation',
    description:
      'Anything within 24 hours of what the customer last wrote; an approved template at any time. What a person writes silences the bot for a while.',
  })
  @ApiAcceptedResponse({ type: SentMessageDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({
    description:
      '`CONVERSATION_BLOCKED`, `MESSAGE_NOT_SENT_YET`, `CUSTOMER_NOT_REACHABLE`, `NUMBER_NOT_FOR_RETARGETING`, `IDEMPOTENCY_KEY_USED`',
  })
  @ApiUnprocessableEntityResponse({
    description:
      '`WINDOW_CLOSED` with `closedAt` and `usableTemplates`; `TEMPLATE_REFUSED`; `MARKETING_STOPPED`; `CONTENT_REFUSED`; `MEDIA_NOT_SENDABLE`; `LINK_NOT_PUBLIC`',
  })
  send(
    @Param() { id }: ConversationIdParam,
    @Body() body: SayDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SentMessageView> {
    const { replyTo, idempotencyKey, phoneNumberId } = body;
    const sentBy = principal.kind === 'user' ? principal.userId : undefined;
    const request = { content: readSaid(body), replyTo, idempotencyKey, phoneNumberId, sentBy };
    return this.commands.execute(new SendInConversation(inboxAccessOf(principal), actorOf(principal), id, request));
  }

  @Get('export')
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'The whole conversation as a file, oldest message first' })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiNotFoundResponse()
  async export(
    @Param() { id }: ConversationIdParam,
    @Query() { format = 'csv' }: TranscriptQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const pages = await this.queries.execute(new Transcript(inboxAccessOf(principal), id));
    const [lines, type] =
      format === 'csv'
        ? ([csvTranscript(pages), 'text/csv; charset=utf-8'] as const)
        : ([jsonLinesTranscript(pages), 'application/x-ndjson'] as const);
    return new StreamableFile(Readable.from(lines), {
      type,
      disposition: `attachment; filename="conversation-${id}.${format}"`,
    });
  }
}
