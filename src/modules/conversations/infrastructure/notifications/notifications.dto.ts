import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type {
  ExpiringConversation,
  NotificationSummaryView,
  UnreadConversation,
} from '../../application/notifications/notification-summary.js';
import type { WindowSeverity } from '../../domain/notifications/window-alert.js';

export class MuteDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 30, default: 30 })
  @WhenGiven()
  @IsInt()
  @Min(1)
  @Max(30)
  minutes?: number;
}

export class MutedDto {
  @ApiProperty({ type: 'string', format: 'date-time' }) mutedUntil!: Date;
}

export class NotifiedContactDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
}

export class NotifiedConversationDto {
  @ApiProperty({ format: 'uuid' }) conversationId!: string;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ type: NotifiedContactDto }) contact!: NotifiedContactDto;
  @ApiProperty() lastMessagePreview!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) lastMessageAt!: Date;
}

export class ExpiringConversationDto extends NotifiedConversationDto implements ExpiringConversation {
  @ApiProperty({ type: 'string', format: 'date-time' }) closesAt!: Date;
  @ApiProperty({ enum: ['urgent', 'critical'], description: '`critical`: within an hour.' })
  severity!: WindowSeverity;
}

export class UnreadConversationDto extends NotifiedConversationDto implements UnreadConversation {
  @ApiProperty({ type: 'integer', minimum: 1 }) unreadCount!: number;
}

export class NotificationCountsDto {
  @ApiProperty({ type: 'integer' }) expiring!: number;
  @ApiProperty({ type: 'integer' }) critical!: number;
  @ApiProperty({ type: 'integer', description: 'Conversations, not messages.' }) unread!: number;
}

export class NotificationSummaryDto implements NotificationSummaryView {
  @ApiProperty({ type: [ExpiringConversationDto], description: 'Fifty at most, the first to close first.' })
  expiring!: ExpiringConversationDto[];
  @ApiProperty({ type: [UnreadConversationDto], description: 'Fifty at most, the latest first.' })
  unread!: UnreadConversationDto[];
  @ApiProperty({ type: NotificationCountsDto }) counts!: NotificationCountsDto;
}
