import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { IsCalendarDate } from '../../../../platform/http/calendar-date.js';
import { MoneyDto } from '../../../../platform/http/money.js';
import { IsNested } from '../../../../platform/http/nested.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { COMMITMENT_STATES, type CommitmentState } from '../../domain/commitment.js';

const PROMISES = ['PAY_TODAY', 'WILL_PAY_TODAY', 'PAID_TODAY', 'PAY_WEEK', 'PAY_SOON'] as const;

export class RecordCommitmentDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  dueId!: string;

  @ApiPropertyOptional({ enum: PROMISES, description: 'What was promised; either this or `day`.' })
  @IsOptional()
  @IsIn(PROMISES)
  answer?: (typeof PROMISES)[number];

  @ApiPropertyOptional({
    type: 'string',
    format: 'date',
    description: "By the customer's calendar; reminders wait until it is over.",
  })
  @IsOptional()
  @IsCalendarDate()
  day?: CalendarDate;

  @ApiPropertyOptional({ type: MoneyDto, description: 'Left out: all that is owed.' })
  @IsOptional()
  @IsNested(MoneyDto)
  amount?: MoneyDto;
}

class DaysQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'Promised for this day or later.' })
  @IsOptional()
  @IsCalendarDate()
  from?: CalendarDate;

  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'Promised for this day or earlier.' })
  @IsOptional()
  @IsCalendarDate()
  to?: CalendarDate;
}

export class CommitmentsQuery extends DaysQuery {
  @ApiPropertyOptional({ enum: COMMITMENT_STATES })
  @IsOptional()
  @IsIn(COMMITMENT_STATES)
  state?: CommitmentState;
}

export class CalendarQuery {
  @ApiPropertyOptional({ type: 'string', format: 'date' })
  @IsOptional()
  @IsCalendarDate()
  from?: CalendarDate;

  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'Included.' })
  @IsOptional()
  @IsCalendarDate()
  to?: CalendarDate;
}

export class CommitmentDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty({ format: 'uuid' }) dueId!: string;
  @ApiProperty({ enum: [...PROMISES, 'PAY_ON_DATE'] }) answer!: string;
  @ApiProperty({ enum: COMMITMENT_STATES }) state!: string;
  @ApiProperty({ description: 'What was promised.' }) amount!: MoneyDto;
  @ApiProperty({ description: 'Paid on the due since then.' }) paid!: MoneyDto;
  @ApiProperty({ type: 'string', format: 'date', description: "The customer's day." }) promisedFor!: string;
  @ApiProperty({ description: 'Reminders wait until then; unpaid then, it is broken.' }) judgedAt!: Date;
  @ApiProperty({ enum: ['tap', 'text', 'user'] }) source!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The message that said so.' }) wamid!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Its words.' }) said!: string | null;
  @ApiProperty() madeAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) settledAt!: Date | null;
}

export class ReliabilityDto {
  @ApiProperty({ type: 'integer' }) kept!: number;
  @ApiProperty({ type: 'integer' }) partKept!: number;
  @ApiProperty({ type: 'integer' }) broken!: number;
  @ApiProperty({ type: 'integer', description: 'Kept, kept in part or broken.' }) judged!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Kept of judged, 0 to 1.' }) score!: number | null;
}

export class CustomerCommitmentsDto {
  @ApiProperty({ type: [CommitmentDto] }) data!: CommitmentDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
  @ApiProperty() reliability!: ReliabilityDto;
}

export class ExpectedCashDto {
  @ApiProperty({ type: 'string', format: 'date' }) day!: string;
  @ApiProperty() expected!: MoneyDto;
  @ApiProperty({ type: 'integer' }) promises!: number;
}

export class CalendarDto {
  @ApiProperty({ type: [ExpectedCashDto] }) data!: ExpectedCashDto[];
}
