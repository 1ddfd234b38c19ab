import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
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
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import type { CannedReplyView } from '../../application/canned-replies/canned-replies.js';
import {
  AddCannedReply,
  ChangeCannedReply,
  ListCannedReplies,
  RemoveCannedReply,
} from '../../application/canned-replies/keep-canned-replies.js';
import { RenderCannedReply, type RenderedReply } from '../../application/canned-replies/render-canned-reply.js';
import {
  AddCannedReplyDto,
  CannedReplyDto,
  ChangeCannedReplyDto,
  RenderCannedReplyDto,
  RenderedReplyDto,
} from './canned-replies.dto.js';

@ApiTags('Conversations')
@Controller('v1/canned-replies')
export class CannedRepliesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'The canned replies that the caller may use, by shortcut' })
  @ApiPage(CannedReplyDto)
  list(
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<CannedReplyView>> {
    return this.queries.execute(new ListCannedReplies(inboxAccessOf(principal), limit, cursor));
  }

  @Post()
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Add a canned reply' })
  @ApiCreatedResponse({ type: CannedReplyDto })
  @ApiConflictResponse({ description: '`SHORTCUT_TAKEN`' })
  @ApiUnprocessableEntityResponse({ description: '`UNKNOWN_REPLY_VARIABLE`' })
  add(@Body() reply: AddCannedReplyDto, @CurrentPrincipal() principal: Principal): Promise<CannedReplyView> {
    return this.commands.execute(new AddCannedReply(inboxAccessOf(principal), actorOf(principal), reply));
  }

  @Patch(':id')
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Change a canned reply' })
  @ApiOkResponse({ type: CannedReplyDto })
  @ApiNotFoundResponse({ description: '`CANNED_REPLY_NOT_FOUND`' })
  @ApiConflictResponse({ description: '`SHORTCUT_TAKEN`' })
  @ApiUnprocessableEntityResponse({ description: '`UNKNOWN_REPLY_VARIABLE`' })
  change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: ChangeCannedReplyDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CannedReplyView> {
    return this.commands.execute(new ChangeCannedReply(inboxAccessOf(principal), id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Remove a canned reply' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`CANNED_REPLY_NOT_FOUND`' })
  async remove(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new RemoveCannedReply(inboxAccessOf(principal), id));
  }

  @Post(':id/render')
  @HttpCode(200)
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'A canned reply as it would be said in a conversation; nothing is sent' })
  @ApiOkResponse({ type: RenderedReplyDto })
  @ApiNotFoundResponse({ description: '`CANNED_REPLY_NOT_FOUND`, `CONVERSATION_NOT_FOUND`' })
  render(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { conversationId }: RenderCannedReplyDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RenderedReply> {
    return this.queries.execute(new RenderCannedReply(inboxAccessOf(principal), id, conversationId));
  }
}
