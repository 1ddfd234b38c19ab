import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import type { MediaView } from '../../../messaging/index.js';
import type {
  ConversationMessageView,
  MessageSender,
  QuotedMessage,
  Reaction,
} from '../../application/messages/conversation-message-view.js';
import type { SentMessageView } from '../../application/messages/send-in-conversation.js';

export class ConversationMessagesQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  override limit = 20;

  /** Messages before this one. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  beforeMessageId?: string;

  /** Messages before this instant. */
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  beforeTimestamp?: Date;

  /** Messages after this one; the cursor leads to later ones. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  afterMessageId?: string;
}

export const TRANSCRIPT_FORMATS = ['csv', 'jsonl'] as const;

export class TranscriptQuery {
  @ApiPropertyOptional({ enum: TRANSCRIPT_FORMATS, default: 'csv' })
  @IsOptional()
  @IsIn(TRANSCRIPT_FORMATS)
  format?: (typeof TRANSCRIPT_FORMATS)[number];
}

export class QuotedMessageDto implements QuotedMessage {
  @ApiProperty({ format: 'uuid' }) messageId!: string;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) direction!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() type!: string;
  @ApiProperty() preview!: string;
}

export class ReactionDto implements Reaction {
  @ApiProperty({ format: 'uuid', description: 'The reaction as a message of its own.' }) messageId!: string;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) direction!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() emoji!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: Date;
}

export class SenderDto {
  @ApiProperty({
    enum: ['customer', 'user', 'bot', 'app'],
    description: "`bot`: automation or a program. `app`: somebody on the merchant's phone.",
  })
  kind!: MessageSender['kind'];
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a user.' }) userId?: string;
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Of a user.' }) name?: string | null;
}

export class ConversationMessageDto implements Omit<ConversationMessageView, 'sender'> {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) direction!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() type!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) content!: Record<string, unknown>;
  @ApiProperty() status!: string;
  @ApiProperty({
    enum: ['api', 'app', 'history'],
    description: "`app`: written on the merchant's phone. `history`: from before the number was connected.",
  })
  origin!: 'api' | 'app' | 'history';
  @ApiProperty({ type: 'string', nullable: true }) wamid!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The wamid that it replies to or was tapped on.' })
  contextWamid!: string | null;
  @ApiProperty({ type: SenderDto }) sender!: SenderDto;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The user that wrote it; null for customers and automation.',
  })
  sentBy!: string | null;
  @ApiProperty({ type: QuotedMessageDto, nullable: true })
  replyTo!: QuotedMessageDto | null;
  @ApiProperty({ type: [ReactionDto] }) reactions!: ReactionDto[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The file that it shows: {mediaId, kind, state, mimeType, size, filename, sha256, url, failure}.',
  })
  media!: MediaView | null;
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Each status that the provider reported: {status, at, errors?, pricing?, conversation?}.',
  })
  statusEvents!: Record<string, unknown>[];
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  failure!: Record<string, unknown> | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
}

export class SentMessageDto extends ConversationMessageDto implements Omit<SentMessageView, 'sender'> {
  @ApiProperty({
    format: 'uuid',
    description: 'The conversation that it went into: another one when it was sent from a number for retargeting.',
  })
  conversationId!: string;
}
