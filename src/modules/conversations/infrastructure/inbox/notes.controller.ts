import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
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
import { ListNotes } from '../../application/inbox/list-notes.js';
import type { NoteView } from '../../application/inbox/notes.js';
import { RemoveNote, RewriteNote, WriteNote } from '../../application/inbox/write-note.js';
import { ConversationIdParam } from '../conversations.dto.js';
import { NoteBodyDto, NoteDto, NoteParams } from './inbox.dto.js';

@ApiTags('Conversations')
@Controller('v1/conversations/:id/notes')
@ApiNotFoundResponse({ description: '`CONVERSATION_NOT_FOUND`, `NOTE_NOT_FOUND`' })
export class NotesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'What colleagues noted about a conversation, newest first; never sent' })
  @ApiPage(NoteDto)
  list(
    @Param() { id }: ConversationIdParam,
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<NoteView>> {
    return this.queries.execute(new ListNotes(inboxAccessOf(principal), id, limit, cursor));
  }

  @Post()
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Note something about a conversation' })
  @ApiCreatedResponse({ type: NoteDto })
  write(
    @Param() { id }: ConversationIdParam,
    @Body() { body }: NoteBodyDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NoteView> {
    return this.commands.execute(new WriteNote(inboxAccessOf(principal), actorOf(principal), id, body));
  }

  @Patch(':noteId')
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Rewrite a note of one’s own' })
  @ApiOkResponse({ type: NoteDto })
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  rewrite(
    @Param() { id, noteId }: NoteParams,
    @Body() { body }: NoteBodyDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NoteView> {
    return this.commands.execute(new RewriteNote(inboxAccessOf(principal), actorOf(principal), id, noteId, body));
  }

  @Delete(':noteId')
  @HttpCode(204)
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Remove a note', description: 'One’s own; leads and above remove any.' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  async remove(@Param() { id, noteId }: NoteParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new RemoveNote(inboxAccessOf(principal), actorOf(principal), id, noteId));
  }
}
