import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsUUID, Matches } from 'class-validator';
import { IsInstant } from '../../../platform/http/instant.js';
import { PageQuery } from '../../../platform/http/pagination.js';
import type { Identity, IdentityKind } from '../../customers/index.js';
import type { ConversationView } from '../application/conversation-view.js';
import type { ConversationMessageView } from '../application/list-conversation-messages.js';

export class ConversationIdParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class ConversationsQuery extends PageQuery {
  /** Conversations of one of the merchant's numbers. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^\d{1,32}$/)
  phoneNumberId?: string;

  /** Those with something unread, or those without. */
  @ApiPropertyOptional({ type: 'boolean' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  unread?: boolean;
}

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
}

export class IdentityDto implements Identity {
  @ApiProperty({ enum: ['phone', 'wa_id', 'bsuid', 'parent_bsuid', 'username'] }) kind!: IdentityKind;
  @ApiProperty() value!: string;
}

export class ConversationContactDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({ type: [IdentityDto] }) identities!: IdentityDto[];
}

export class ConversationDto implements ConversationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ type: ConversationContactDto }) contact!: ConversationContactDto;
  @ApiProperty({ type: 'integer', minimum: 0 }) unreadCount!: number;
  @ApiProperty({ type: 'string', format: 'date-time' }) lastMessageAt!: Date;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) lastMessageDirection!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() lastMessagePreview!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) lastInboundAt!: Date | null;
  @ApiProperty({ description: 'Whether the customer may be sent anything; otherwise approved templates only.' })
  windowOpen!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) windowClosesAt!: Date | null;
}

export class ConversationMessageDto implements ConversationMessageView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) direction!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() type!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) content!: Record<string, unknown>;
  @ApiProperty() status!: string;
  @ApiProperty({ type: 'string', nullable: true }) wamid!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The wamid that it replies to or was tapped on.' })
  contextWamid!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The user that wrote it; null for customers and automation.',
  })
  sentBy!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
}
