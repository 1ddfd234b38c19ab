import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { TENANT_EVENT_NAMES, type TenantEventName } from '../../../../platform/realtime/tenant-event-names.js';

const number = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;

export class EventsQuery {
  /** The last number that the client has seen, or `nextCursor` of the page before. Left out: from the oldest that is kept. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  @IsOptional()
  @Transform(number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;

  /** How many events a page holds at most, 1 to 1000. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 100 })
  @Transform(number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;
}

export class EventDto {
  @ApiProperty({
    type: 'integer',
    description: 'Gapless from 1 within a tenant; those that you may not see are missing',
  })
  seq!: number;

  @ApiProperty({ enum: TENANT_EVENT_NAMES })
  name!: TenantEventName;

  @ApiProperty({ type: 'string', format: 'date-time' })
  at!: Date;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: '`user:<id>`, `api-key:<id>`; null: a customer or automation',
  })
  actor!: string | null;
}

export class EventPageDto {
  @ApiProperty({ type: [EventDto], description: 'With the members of their kind: docs/realtime.md' })
  data!: EventDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The `after` of the next page; null: go on after `head`',
  })
  nextCursor!: string | null;

  @ApiProperty({ type: 'integer', description: 'The last number of the log' })
  head!: number;
}
