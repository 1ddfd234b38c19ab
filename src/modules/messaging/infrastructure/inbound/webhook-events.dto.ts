import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import type { ReplaySummary, WebhookEventView, WebhookSummary } from '../../application/inbound/webhook-events.js';
import type { WebhookEventKind, WebhookEventState } from '../../domain/webhook-event.js';

const STATES: readonly WebhookEventState[] = ['pending', 'processed', 'orphan', 'unrouted', 'quarantined'];

export class ListWebhookEventsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: WebhookEventState;

  @ApiPropertyOptional({ example: 'messages', description: "Meta's webhook field." })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  field?: string;
}

export class ReplayWebhookEventsDto {
  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: 1000 })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  ids?: string[];

  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: WebhookEventState;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Those received at this instant or later.' })
  @IsOptional()
  @IsInstant()
  since?: Date;
}

export class WebhookEventDto implements WebhookEventView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid', description: 'The nil UUID while no tenant has the number.' }) tenantId!: string;
  @ApiProperty({ enum: ['message', 'status', 'change', 'unreadable'] }) kind!: WebhookEventKind;
  @ApiProperty({ description: "Meta's webhook field.", example: 'messages' }) field!: string;
  @ApiProperty({ enum: STATES }) state!: WebhookEventState;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why it is in this state, when that needs a reason.' })
  reason!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) wabaId!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) phoneNumberId!: string | null;
  @ApiProperty({ type: 'integer', description: 'Failed tries so far.' }) tries!: number;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: "Meta's time." })
  providerAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) receivedAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it took effect.' })
  processedAt!: Date | null;
}

export class WebhookSummaryDto implements WebhookSummary {
  @ApiProperty({ type: 'integer', description: 'The sum of the others.' }) received!: number;
  @ApiProperty({ type: 'integer' }) pending!: number;
  @ApiProperty({ type: 'integer' }) processed!: number;
  @ApiProperty({ type: 'integer', description: 'No tenant has the number, or the tenant is suspended.' })
  unrouted!: number;
  @ApiProperty({ type: 'integer', description: 'Cannot be read, or was given up after its tries.' })
  quarantined!: number;
}

export class ReplaySummaryDto implements ReplaySummary {
  @ApiProperty({ type: 'integer' }) replayed!: number;
  @ApiProperty({ type: 'integer', description: 'Selected, but pending anyway or without anything to do.' })
  skipped!: number;
}
