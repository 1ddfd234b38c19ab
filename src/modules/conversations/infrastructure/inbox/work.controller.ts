import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  actorOf,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import type { ConversationView } from '../../application/conversation-view.js';
import { AssignConversation } from '../../application/inbox/assign-conversation.js';
import { ChangeConversation } from '../../application/inbox/change-conversation.js';
import { AddParticipant, RemoveParticipant } from '../../application/inbox/change-participants.js';
import { MarkRead } from '../../application/inbox/mark-read.js';
import { OpenConversation } from '../../application/inbox/open-conversation.js';
import { LabelConversation, UnlabelConversation } from '../../application/labels/label-conversation.js';
import { ConversationDto, ConversationIdParam } from '../conversations.dto.js';
import {
  AssignConversationDto,
  ChangeConversationDto,
  ConversationLabelParams,
  OpenConversationDto,
  ParticipantParams,
} from './inbox.dto.js';

@ApiTags('Conversations')
@Controller('v1/conversations')
@RequiresScope('conversations:write')
@ApiNotFoundResponse({ description: '`CONVERSATION_NOT_FOUND`' })
export class WorkController {
  constructor(private readonly commands: Commands) {}

  @Post()
  @ApiOperation({
    summary: 'Find or begin the conversation with a customer',
    description:
      'One a customer and number, also when many ask at once or the customer writes meanwhile. The name and the link are set when they are given. 404 for a number that the caller does not see, and for a conversation that is there and that the caller does not see.',
  })
  @ApiCreatedResponse({ type: ConversationDto })
  @ApiOkResponse({ type: ConversationDto, description: 'It was there.' })
  async open(
    @Body() wanted: OpenConversationDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConversationView> {
    const { conversation, created } = await this.commands.execute(
      new OpenConversation(inboxAccessOf(principal), actorOf(principal), wanted),
    );
    reply.status(created ? 201 : 200);
    return conversation;
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a conversation: type, status, link, name, silence of the bot' })
  @ApiOkResponse({ type: ConversationDto })
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  change(
    @Param() { id }: ConversationIdParam,
    @Body() changes: ChangeConversationDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ConversationView> {
    return this.commands.execute(new ChangeConversation(inboxAccessOf(principal), actorOf(principal), id, changes));
  }

  @Post(':id/read')
  @HttpCode(204)
  @ApiOperation({ summary: 'Mark a conversation as read' })
  @ApiNoContentResponse()
  async read(@Param() { id }: ConversationIdParam, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new MarkRead(inboxAccessOf(principal), actorOf(principal), id));
  }

  @Post(':id/assign')
  @HttpCode(204)
  @ApiOperation({
    summary: "Make a conversation somebody's, or nobody's",
    description:
      'SALES and LEAD_GEN take what is nobody’s and give back what is theirs; the others give to whom they like. Of two who take the same one, the other gets 409.',
  })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  @ApiConflictResponse({ description: '`ALREADY_ASSIGNED`' })
  @ApiUnprocessableEntityResponse({ description: '`ASSIGNEE_CANNOT_SEE`' })
  async assign(
    @Param() { id }: ConversationIdParam,
    @Body() assignment: AssignConversationDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.commands.execute(new AssignConversation(inboxAccessOf(principal), actorOf(principal), id, assignment));
  }

  @Put(':id/participants/:userId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Let a colleague work on a conversation beside its assignee' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  @ApiUnprocessableEntityResponse({ description: '`ASSIGNEE_CANNOT_SEE`' })
  async join(@Param() { id, userId }: ParticipantParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new AddParticipant(inboxAccessOf(principal), actorOf(principal), id, userId));
  }

  @Delete(':id/participants/:userId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a colleague off a conversation' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`ACT_NOT_ALLOWED`' })
  async leave(@Param() { id, userId }: ParticipantParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new RemoveParticipant(inboxAccessOf(principal), actorOf(principal), id, userId));
  }

  @Put(':id/labels/:labelId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Put a label on a conversation' })
  @ApiNoContentResponse()
  async label(
    @Param() { id, labelId }: ConversationLabelParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.commands.execute(new LabelConversation(inboxAccessOf(principal), actorOf(principal), id, labelId));
  }

  @Delete(':id/labels/:labelId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a label off a conversation' })
  @ApiNoContentResponse()
  async unlabel(
    @Param() { id, labelId }: ConversationLabelParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.commands.execute(new UnlabelConversation(inboxAccessOf(principal), actorOf(principal), id, labelId));
  }
}
