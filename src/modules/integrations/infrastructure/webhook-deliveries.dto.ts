import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsUUID } from 'class-validator';
import { IsInstant } from '../../../platform/http/instant.js';
import { PageQuery } from '../../../platform/http/pagination.js';
import { WhenGiven } from '../../../platform/http/when-given.js';
import { TENANT_EVENT_NAMES } from '../../../platform/realtime/tenant-event-names.js';
import type { Replay, Replayed } from '../application/deliveries/replay-deliveries.js';
import {
  type AttemptView,
  DELIVERY_STATES,
  type DeliveryDetails,
  type DeliveryState,
  type DeliveryView,
} from '../application/deliveries/webhook-deliveries.js';
import { PING, type WebhookEvent } from '../application/deliveries/webhook-event.js';

const TYPES = [...TENANT_EVENT_NAMES, PING];

export class DeliveriesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES })
  @WhenGiven()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;
}

export class DeliveryDto implements DeliveryView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid', description: '`webhook-id`, the same at each attempt' }) eventId!: string;
  @ApiProperty({ enum: TYPES }) type!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null for a ping.' }) seq!: number | null;
  @ApiProperty({ enum: DELIVERY_STATES }) state!: DeliveryState;
  @ApiProperty({ type: 'integer' }) attempts!: number;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null: it is over, or waits behind an earlier one of its conversation.',
  })
  nextAt!: Date | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the last answer.' })
  lastStatus!: number | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'How the last refusing answer began; or `HOST_REFUSED`, `DEADLINE`, `NETWORK`: there was none; `EVENT_FORGOTTEN`.',
  })
  lastError!: string | null;

  @ApiProperty({ type: 'integer', nullable: true }) lastTookMs!: number | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class WebhookEventDto implements WebhookEvent {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: TYPES }) type!: string;
  @ApiProperty({ type: 'integer', nullable: true }) seq!: number | null;
  @ApiProperty({ format: 'date-time' }) occurredAt!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) data!: Record<string, unknown>;
}

export class WebhookAttemptDto implements AttemptView {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was over.' }) at!: string;
  @ApiProperty({ type: 'integer', nullable: true }) status!: number | null;
  @ApiProperty({ type: 'integer' }) tookMs!: number;
  @ApiProperty({ type: 'string', nullable: true, description: 'As `lastError`.' }) error!: string | null;
}

export class DeliveryDetailsDto extends DeliveryDto implements DeliveryDetails {
  @ApiProperty({
    type: WebhookAttemptDto,
    isArray: true,
    description: 'The latest attempts, at most ten, oldest first.',
  })
  history!: WebhookAttemptDto[];

  @ApiProperty({
    type: WebhookEventDto,
    nullable: true,
    description: 'What the receiver is told; null: the log has forgotten it.',
  })
  event!: WebhookEventDto | null;
}

export class ReplayDto implements Replay {
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'All events that happened then or later, also those from before the endpoint was added.',
  })
  @WhenGiven()
  @IsInstant()
  since?: Date;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'With `since`: none that happened later.' })
  @WhenGiven()
  @IsInstant()
  until?: Date;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', isArray: true, description: 'Deliveries, at most 1000.' })
  @WhenGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  ids?: string[];

  @ApiPropertyOptional({ enum: ['exhausted'], description: 'The oldest thousand; call again for more.' })
  @WhenGiven()
  @IsIn(['exhausted'])
  state?: 'exhausted';
}

export class ReplayedDto implements Replayed {
  @ApiProperty({ type: 'integer', description: 'Deliveries that begin again; with `since`, events of the log.' })
  replayed!: number;
}
