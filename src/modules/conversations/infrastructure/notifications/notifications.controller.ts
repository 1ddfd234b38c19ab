import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { MuteConversation, UnmuteConversation } from '../../application/notifications/mute-conversation.js';
import {
  NotificationSummary,
  type NotificationSummaryView,
} from '../../application/notifications/notification-summary.js';
import { OnlyForUsers } from '../../domain/notifications/notification-errors.js';
import { ConversationIdParam } from '../conversations.dto.js';
import { MuteDto, MutedDto, NotificationSummaryDto } from './notifications.dto.js';

@ApiTags('Notifications')
@Controller('v1')
export class NotificationsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('notifications/summary')
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'Windows that close within three hours, and what is unread' })
  @ApiOkResponse({ type: NotificationSummaryDto })
  summary(@CurrentPrincipal() principal: Principal): Promise<NotificationSummaryView> {
    const userId = principal.kind === 'user' ? principal.userId : undefined;
    return this.queries.execute(new NotificationSummary(inboxAccessOf(principal), userId));
  }

  @Post('conversations/:id/mute')
  @HttpCode(200)
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'Not be notified of a conversation for up to 30 minutes' })
  @ApiOkResponse({ type: MutedDto })
  @ApiNotFoundResponse()
  @ApiForbiddenResponse({ description: '`ONLY_FOR_USERS`: a program is not notified' })
  mute(
    @Param() { id }: ConversationIdParam,
    @Body() { minutes = 30 }: MuteDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MutedDto> {
    const access = inboxAccessOf(principal);
    return this.commands.execute(new MuteConversation(access, userOf(principal), id, minutes));
  }

  @Post('conversations/:id/unmute')
  @HttpCode(204)
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'Be notified of a conversation again' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async unmute(@Param() { id }: ConversationIdParam, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.commands.execute(new UnmuteConversation(inboxAccessOf(principal), userOf(principal), id));
  }
}

/** @throws OnlyForUsers */
function userOf(principal: Principal): string {
  if (principal.kind !== 'user') throw new OnlyForUsers();
  return principal.userId;
}
