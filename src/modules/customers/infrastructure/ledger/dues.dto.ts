import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { IsCalendarDate } from '../../../../platform/http/calendar-date.js';
import { IsInstant } from '../../../../platform/http/instant.js';
import { MoneyDto } from '../../../../platform/http/money.js';
import { IsNested } from '../../../../platform/http/nested.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { DueView } from '../../application/ledger/due-view.js';
import { DUE_STATUSES, type DueStatus } from '../../domain/ledger/due.js';

export class AddDueDto {
  @ApiProperty()
  @IsNested(MoneyDto)
  amount!: MoneyDto;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date',
    description: 'Left out: today and the `dueInDays` of the payment term.',
  })
  @WhenGiven()
  @IsCalendarDate()
  dueDate?: CalendarDate;

  @ApiPropertyOptional({ maxLength: 500 })
  @WhenGiven()
  @IsString()
  @Length(1, 500)
  description?: string;

  @ApiPropertyOptional({ maxLength: 100, description: "The merchant's own, each once a customer." })
  @WhenGiven()
  @IsString()
  @Length(1, 100)
  reference?: string;

  @ApiPropertyOptional({ format: 'uuid', description: "Left out: the customer's." })
  @WhenGiven()
  @IsUUID()
  paymentTermId?: string;
}

export class ChangeDueDto {
  @ApiPropertyOptional({ type: MoneyDto, description: 'Never below what was paid or written off.' })
  @WhenGiven()
  @IsNested(MoneyDto)
  amount?: MoneyDto;

  @ApiPropertyOptional({ type: 'string', format: 'date' })
  @WhenGiven()
  @IsCalendarDate()
  dueDate?: CalendarDate;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 500 })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  description?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 100 })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  reference?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', nullable: true, description: "Null: the customer's." })
  @IsOptional()
  @IsUUID()
  paymentTermId?: string | null;
}

export class WriteOffDto {
  @ApiPropertyOptional({ type: MoneyDto, description: 'Left out: all that is left.' })
  @WhenGiven()
  @IsNested(MoneyDto)
  amount?: MoneyDto;

  @ApiProperty({ maxLength: 500 })
  @IsString()
  @Length(1, 500)
  reason!: string;
}

export class PauseDueDto {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'Later than now, within a year.' })
  @IsInstant()
  until!: Date;
}

export class DuesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DUE_STATUSES, enumName: 'DueStatus' })
  @IsOptional()
  @IsIn(DUE_STATUSES)
  status?: DueStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  customerId?: string;

  /** Open dues whose date has passed by the customer's calendar, or all others. */
  @ApiPropertyOptional({ type: 'boolean' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  overdue?: boolean;
}

export class DueDto implements Omit<DueView, 'amount' | 'paid' | 'writtenOff' | 'outstanding'> {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty({ description: 'As corrected.' }) amount!: MoneyDto;
  @ApiProperty() paid!: MoneyDto;
  @ApiProperty() writtenOff!: MoneyDto;
  @ApiProperty({ description: 'What is left to be paid.' }) outstanding!: MoneyDto;
  @ApiProperty({ type: 'string', format: 'date' }) dueDate!: CalendarDate;
  @ApiProperty({ enum: DUE_STATUSES, enumName: 'DueStatus', description: "As of the customer's calendar day." })
  status!: DueStatus;
  @ApiProperty({ type: 'string', nullable: true }) description!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) paymentTermId!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) reminderPausedUntil!: Date | null;
  @ApiProperty({ type: 'string', nullable: true, description: "The customer's latest answer about it." })
  commitmentStatus!: string | null;
  @ApiProperty({ type: 'string', format: 'date', nullable: true }) expectedPaymentDate!: CalendarDate | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) settledAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
}

class PlannedReminderDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['before_due', 'due_today', 'after_due'] }) stage!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) scheduledFor!: Date;
}

export class AddedDueDto extends DueDto {
  @ApiProperty({ type: [PlannedReminderDto], description: 'What is going to be sent about it.' })
  reminders!: PlannedReminderDto[];
}
