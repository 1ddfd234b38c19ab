import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import {
  CurrentPrincipal,
  Forbidden,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { CancelMessage } from '../../application/outbound/cancel-message.js';
import { FindMessage } from '../../application/outbound/find-message.js';
import { ListMessages } from '../../application/outbound/list-messages.js';
import type { MessageSummary, MessageView } from '../../application/outbound/message-view.js';
import { ResendMessage } from '../../application/outbound/resend-message.js';
import { SendMessage } from '../../application/outbound/send-message.js';
import {
  MessageDto,
  MessageIdParam,
  MessageSummaryDto,
  QueuedMessageDto,
  readRecipient,
  readWords,
  SendMessageDto,
} from './messages.dto.js';
import { SEND_EXAMPLES } from './send-examples.js';
import { MessagesQuery, readFilter } from './messages-query.dto.js';

@ApiTags('Messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @HttpCode(202)
  @RequiresScope('messages:write')
  @ApiOperation({ summary: 'Queue a message' })
  @ApiBody({ type: SendMessageDto, examples: SEND_EXAMPLES })
  @ApiAcceptedResponse({ type: QueuedMessageDto })
  @ApiConflictResponse({
    description: '`IDEMPOTENCY_KEY_USED` with the `messageId` of then; `NO_PHONE_NUMBER`; `CONVERSATION_BLOCKED`',
  })
  @ApiUnprocessableEntityResponse({
    description:
      '`WINDOW_CLOSED`: free text to who has not written within 24 hours; `CONTENT_REFUSED`; `TEMPLATE_REFUSED`; `MARKETING_STOPPED`; `FLOW_TEMPLATE_NOT_FOUND`, `FLOW_TEMPLATE_INACTIVE`, `MISSING_VARIABLES`; `SCHEDULE_OUT_OF_RANGE`',
  })
  async send(@Body() body: SendMessageDto, @CurrentPrincipal() principal: Principal): Promise<QueuedMessageDto> {
    const { phoneNumberId, idempotencyKey, scheduleAt, priority } = body;
    if (priority === 'answer' && !principal.scopes.has('conversations:write'))
      throw Forbidden.scope('conversations:write');
    const sentBy = principal.kind === 'user' ? principal.userId : undefined;
    const request = {
      ...{ to: readRecipient(body.to), says: readWords(body) },
      ...{ phoneNumberId, idempotencyKey, scheduleAt, priority, sentBy },
    };
    const { messageId } = await this.commands.execute(new SendMessage(inboxAccessOf(principal), request));
    return { messageId, status: 'queued' };
  }

  @Get()
  @RequiresScope('messages:read')
  @ApiOperation({
    summary: 'Outgoing messages, the newest first',
    description:
      'All filters hold together. `idempotencyKey` and `to` find at once; `q` and `status` look through the time between `from` and `until`.',
  })
  @ApiPage(MessageSummaryDto)
  list(
    @Query() { limit, cursor, ...filter }: MessagesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<MessageSummary>> {
    return this.queries.execute(new ListMessages(inboxAccessOf(principal), readFilter(filter), limit, cursor));
  }

  @Get(':id')
  @RequiresScope('messages:read')
  @ApiOperation({
    summary:
      "A message: one of ours with its status events and attempts, a customer's with what the provider told of it",
  })
  @ApiOkResponse({ type: MessageDto })
  @ApiNotFoundResponse()
  find(@Param() { id }: MessageIdParam, @CurrentPrincipal() principal: Principal): Promise<MessageView> {
    return this.queries.execute(new FindMessage(inboxAccessOf(principal), id));
  }

  @Post(':id/cancel')
  @HttpCode(204)
  @RequiresScope('messages:write')
  @ApiOperation({ summary: 'Call back a message that has not left, or give up a parked one' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`MESSAGE_NOT_CANCELLABLE`: it may be on its way' })
  async cancel(@Param() { id }: MessageIdParam, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new CancelMessage(id, inboxAccessOf(principal)));
  }

  @Post(':id/resend')
  @HttpCode(202)
  @RequiresScope('messages:write')
  @ApiOperation({
    summary: 'Send a parked message again',
    description: 'Its answer was lost: the customer may then have it twice.',
  })
  @ApiAcceptedResponse({ type: QueuedMessageDto })
  @ApiConflictResponse({ description: '`MESSAGE_NOT_PARKED`' })
  async resend(@Param() { id }: MessageIdParam, @CurrentPrincipal() principal: Principal): Promise<QueuedMessageDto> {
    await this.commands.execute(new ResendMessage(id, inboxAccessOf(principal)));
    return { messageId: id, status: 'queued' };
  }
}
