import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { MessageFilter } from '../../application/outbound/list-messages.js';
import { OUTBOUND_STATES, type OutboundState } from '../../domain/outbound-message.js';
import { readRecipient } from './messages.dto.js';

/** What `GET /v1/messages` is asked for. */
export class MessagesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: OUTBOUND_STATES })
  @IsOptional()
  @IsIn(OUTBOUND_STATES)
  status?: OutboundState;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^\d{1,32}$/)
  phoneNumberId?: string;

  @ApiPropertyOptional({ description: 'The customer: a phone number, or a business-scoped user id.' })
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  to?: string;

  @ApiPropertyOptional({ description: 'Name of a WhatsApp template.' })
  @WhenGiven()
  @IsString()
  @Length(1, 512)
  templateName?: string;

  @ApiPropertyOptional({ description: 'A step of the flow.' })
  @WhenGiven()
  @IsString()
  @Length(1, 100)
  templateKey?: string;

  @ApiPropertyOptional({ description: 'The business key that it was sent with.' })
  @WhenGiven()
  @IsString()
  @Length(1, 255)
  idempotencyKey?: string;

  @ApiPropertyOptional({ description: 'A part of what it says, as people write: case does not matter.' })
  @WhenGiven()
  @IsString()
  @Length(3, 100)
  q?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Ordered then or later.' })
  @WhenGiven()
  @IsInstant()
  from?: Date;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Ordered before then.' })
  @WhenGiven()
  @IsInstant()
  until?: Date;
}

/** @throws InvalidPhoneNumber */
export function readFilter({ to, ...filter }: Omit<MessagesQuery, 'limit' | 'cursor'>): MessageFilter {
  return { ...filter, to: to === undefined ? undefined : readRecipient(to).value };
}
