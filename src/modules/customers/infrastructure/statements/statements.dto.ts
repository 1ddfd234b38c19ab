import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { IsCalendarDate } from '../../../../platform/http/calendar-date.js';
import { MoneyDto } from '../../../../platform/http/money.js';

export const FORMATS = ['json', 'text', 'pdf'] as const;

export class StatementQuery {
  @ApiPropertyOptional({ enum: FORMATS, default: 'json' })
  @IsOptional()
  @IsIn(FORMATS)
  format: (typeof FORMATS)[number] = 'json';

  @ApiPropertyOptional({ type: 'string', format: 'date', description: "First day, by the customer's calendar." })
  @IsOptional()
  @IsCalendarDate()
  from?: CalendarDate;

  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'Last day, included.' })
  @IsOptional()
  @IsCalendarDate()
  to?: CalendarDate;
}

class StatementCustomerDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({ type: 'string', nullable: true, examples: ['+919876543210'] }) phone!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
}

class StatementPeriodDto {
  @ApiProperty({ type: 'string', format: 'date', nullable: true }) from!: string | null;
  @ApiProperty({ type: 'string', format: 'date', nullable: true }) to!: string | null;
}

class EarlierLinesDto {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty() debit!: MoneyDto;
  @ApiProperty() credit!: MoneyDto;
  @ApiProperty({ description: 'Owed after them.' }) balance!: MoneyDto;
}

class StatementLineDto {
  @ApiProperty({ format: 'uuid' }) entryId!: string;
  @ApiProperty({ format: 'date' }) date!: string;
  @ApiProperty({ enum: ['DUE_ADDED', 'PAYMENT', 'WRITE_OFF', 'CORRECTION'] }) type!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) dueId!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) method!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) description!: string | null;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Owed more by this line.' }) debit!: MoneyDto | null;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Owed less by this line.' }) credit!: MoneyDto | null;
  @ApiProperty({ description: 'Owed after this line; negative: in credit.' }) balance!: MoneyDto;
}

class StatementDueDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date' }) dueDate!: string;
  @ApiProperty({ enum: ['PENDING', 'PARTIAL', 'OVERDUE'] }) status!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ description: 'What is left of it.' }) outstanding!: MoneyDto;
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) description!: string | null;
}

export class StatementDto {
  @ApiProperty({ description: "The merchant's name." }) merchant!: string;
  @ApiProperty() customer!: StatementCustomerDto;
  @ApiProperty({ description: 'BCP 47: the language of the text and of the PDF.' }) locale!: string;
  @ApiProperty() period!: StatementPeriodDto;
  @ApiProperty({ format: 'date', description: "The customer's calendar day." }) asOf!: string;
  @ApiProperty({ format: 'date-time' }) drawnUpAt!: Date;
  @ApiProperty({ description: 'Owed before the period.' }) openingBalance!: MoneyDto;
  @ApiProperty({
    type: EarlierLinesDto,
    nullable: true,
    description: 'Of more than 5,000 lines the newest are shown; the others are summed up here.',
  })
  earlier!: EarlierLinesDto | null;
  @ApiProperty({ type: [StatementLineDto] }) lines!: StatementLineDto[];
  @ApiProperty() totalDebit!: MoneyDto;
  @ApiProperty() totalCredit!: MoneyDto;
  @ApiProperty() closingBalance!: MoneyDto;
  @ApiProperty({ type: [StatementDueDto], description: 'Open today, whatever the period.' })
  openDues!: StatementDueDto[];
}
