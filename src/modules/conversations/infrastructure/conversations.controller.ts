import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { PLATFORM } from '../../../kernel/ids.js';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../platform/auth/index.js';
import { Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../platform/http/pagination.js';
import type { ConversationView } from '../application/conversation-view.js';
import { FindConversation } from '../application/find-conversation.js';
import type { ConversationCounts, ConversationFilter } from '../application/conversations.js';
import { CountConversations } from '../application/inbox/count-conversations.js';
import { ExportConversations } from '../application/inbox/export-conversations.js';
import { ListConversations, type ListedConversation } from '../application/list-conversations.js';
import { csvOf } from './inbox/conversations-csv.js';
import {
  ConversationDto,
  ConversationIdParam,
  ConversationCountsDto,
  ConversationCountsQuery,
  ConversationsFilterQuery,
  ConversationsQuery,
  ListedConversationDto,
} from './conversations.dto.js';

@ApiTags('Conversations')
@Controller('v1/conversations')
@RequiresScope('conversations:read')
export class ConversationsController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @ApiOperation({ summary: 'The shared inbox, newest activity first' })
  @ApiPage(ListedConversationDto)
  list(
    @Query() { limit, cursor, ...asked }: ConversationsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ListedConversation>> {
    const access = inboxAccessOf(principal);
    return this.queries.execute(new ListConversations(access, filterOf(asked, access), limit, cursor));
  }

  @Get('counts')
  @ApiOperation({
    summary: 'How many conversations of each kind the caller sees',
    description: 'All but `archived` and `blocked` count active ones.',
  })
  @ApiOkResponse({ type: ConversationCountsDto })
  count(
    @Query() { phoneNumberId }: ConversationCountsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ConversationCounts> {
    return this.queries.execute(new CountConversations(inboxAccessOf(principal), phoneNumberId));
  }

  @Get('export')
  @ApiOperation({
    summary: 'The list as CSV, as it is filtered',
    description: 'Values that a spreadsheet would take for formulas begin with an apostrophe.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @Query() asked: ConversationsFilterQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const access = inboxAccessOf(principal);
    const pages = await this.queries.execute(new ExportConversations(access, filterOf(asked, access)));
    return new StreamableFile(Readable.from(csvOf(pages)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="conversations.csv"',
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A conversation' })
  @ApiOkResponse({ type: ConversationDto })
  @ApiNotFoundResponse()
  find(@Param() { id }: ConversationIdParam, @CurrentPrincipal() principal: Principal): Promise<ConversationView> {
    return this.queries.execute(new FindConversation(inboxAccessOf(principal), id));
  }
}

/** `me` of a program is nobody: it has no conversations of its own. */
function filterOf(
  { assignee, label, ...filter }: ConversationsFilterQuery,
  { userId }: InboxAccess,
): ConversationFilter {
  const assigneeId = assignee === 'none' ? null : assignee === 'me' ? (userId ?? PLATFORM) : assignee;
  return { ...filter, labelId: label, assigneeId };
}
