import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import type { TenantId } from '../../kernel/ids.js';
import { IsInstant } from '../http/instant.js';
import { PageQuery } from '../http/pagination.js';
import { WhenGiven } from '../http/when-given.js';
import type {
  DeadLetterState,
  DeadLetterView,
  InspectedDeadLetter,
  RedriveSummary,
  RetryPolicyView,
} from './dead-letter-desk.js';

const STATES = ['open', 'retried', 'discarded'];

export class ListDeadLettersQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: DeadLetterState;

  @ApiPropertyOptional({ example: 'webhook-event' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  kind?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Given up at this instant or later.' })
  @WhenGiven()
  @IsInstant()
  since?: Date;
}

export class DiscardDeadLetterDto {
  @ApiProperty({ description: 'Why nothing needs to be done, for whoever asks later.', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason!: string;
}

export class RetryDeadLettersDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Retries what was given up at this instant or later.',
  })
  @IsInstant()
  since!: Date;

  @ApiPropertyOptional({ example: 'webhook-event' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  kind?: string;

  @ApiPropertyOptional({ description: '`nextCursor` of the call before.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
}

export class DeadLetterDto implements DeadLetterView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', format: 'uuid' }) tenantId!: TenantId;
  @ApiProperty({ description: 'What gave up.', example: 'webhook-event' }) kind!: string;
  @ApiProperty({ description: 'The id of what was given up.' }) subjectId!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ type: 'string', nullable: true }) lastError!: string | null;
  @ApiProperty({ enum: STATES }) state!: DeadLetterState;
  @ApiProperty({ type: 'string', format: 'date-time' }) firstAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) lastAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) decidedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'user:<id>, api-key:<id> or platform' }) decidedBy!:
    string | null;
  @ApiProperty({ type: 'string', nullable: true }) note!: string | null;
}

export class InspectedDeadLetterDto extends DeadLetterDto implements InspectedDeadLetter {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What the work is about; null where nothing is kept of it.',
  })
  content!: unknown;
  @ApiProperty({ description: 'It is open, and this version knows how to take it up again.' }) isRetryable!: boolean;
}

export class RetryPolicyDto implements RetryPolicyView {
  @ApiProperty({
    example: 'message',
    description: 'Kind of the dead letter that the work becomes when all attempts failed.',
  })
  kind!: string;
  @ApiProperty() work!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: as many as the days allow.' }) attempts!:
    number | null;
  @ApiProperty({ type: [Number], description: 'Before the second, the third ... attempt.' }) waitsSeconds!: number[];
  @ApiProperty({ description: 'By which part of itself a wait may be shorter or longer.' }) spread!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'The last wait is repeated for so long.' })
  repeatedForDays!: number | null;
}

export class RetryPoliciesDto {
  @ApiProperty({ type: [RetryPolicyDto] }) data!: RetryPolicyDto[];
}

export class RedriveSummaryDto implements RedriveSummary {
  @ApiProperty({ type: 'integer' }) retried!: number;
  @ApiProperty({ type: 'integer', description: 'Nothing was left to do.' }) discarded!: number;
  @ApiProperty({ type: 'integer' }) failed!: number;
  @ApiProperty({ type: 'integer', description: 'All that are open still, those that failed among them.' })
  remaining!: number;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Give it as `cursor` to go on; null when there was nothing more.',
  })
  nextCursor!: string | null;
}
