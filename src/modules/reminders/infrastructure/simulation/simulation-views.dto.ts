import { ApiProperty } from '@nestjs/swagger';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { MoneyDto } from '../../../../platform/http/money.js';
import type { Comparison, SimulationCost, SimulationView } from '../../application/simulation/simulate-dues.js';
import type { ReminderStage } from '../../domain/assessment.js';
import {
  type Happening,
  type HappeningCount,
  HAPPENINGS,
  type TimelineEntry,
} from '../../domain/simulation/timeline.js';

class HappeningCountDto implements HappeningCount {
  @ApiProperty({ enum: HAPPENINGS }) what!: Happening;
  @ApiProperty({ type: 'string', nullable: true }) reason!: string | null;
  @ApiProperty({ type: 'integer' }) count!: number;
}

class DayCountDto {
  @ApiProperty({ type: 'string', format: 'date' }) day!: CalendarDate;
  @ApiProperty({ type: 'integer' }) sent!: number;
}

class CustomerCountDto {
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty({ type: 'integer' }) sent!: number;
}

class SimulationSummaryDto implements SimulationCost {
  @ApiProperty({ type: 'integer', description: 'Each of them is sent, cancelled, expired, failed or still waits.' })
  planned!: number;
  @ApiProperty({ type: 'integer' }) sent!: number;
  @ApiProperty({ type: 'integer', description: 'At the end.' }) waiting!: number;
  @ApiProperty({ type: [HappeningCountDto] }) counts!: HappeningCountDto[];
  @ApiProperty({ type: [DayCountDto], description: "By the customers' days." }) perDay!: DayCountDto[];
  @ApiProperty({ type: 'integer' }) customersReminded!: number;
  @ApiProperty({ type: [CustomerCountDto], description: 'The hundred who get most.' }) perCustomer!: CustomerCountDto[];
  @ApiProperty({ type: 'integer', description: 'Outside of a conversation that the customer opened.' })
  businessInitiated!: number;
  @ApiProperty({ type: 'integer' }) inWindow!: number;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Of business-initiated messages; null without a price.' })
  cost!: SimulationCost['cost'];
}

class TimelineEntryDto implements TimelineEntry {
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: Date;
  @ApiProperty({ enum: HAPPENINGS }) what!: Happening;
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) dueId!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'Null: it does not exist yet.' })
  reminderId!: string | null;
  @ApiProperty({ enum: ['before_due', 'due_today', 'after_due'], nullable: true }) stage!: ReminderStage | null;
  @ApiProperty({ type: 'integer', nullable: true }) step!: number | null;
  @ApiProperty({ type: 'string', format: 'date', nullable: true }) localDate!: CalendarDate | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The gate that was shut, or the answer that was given.' })
  reason!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) until!: Date | null;
}

class DifferenceDto implements Readonly<Comparison['difference']> {
  @ApiProperty({ type: 'integer' }) planned!: number;
  @ApiProperty({ type: 'integer' }) sent!: number;
  @ApiProperty({ type: 'integer' }) waiting!: number;
  @ApiProperty({ type: 'integer' }) businessInitiated!: number;
  @ApiProperty({ type: 'integer' }) customersReminded!: number;
  @ApiProperty({ type: 'integer', nullable: true }) costMinor!: number | null;
}

class ComparisonDto implements Comparison {
  @ApiProperty({ type: SimulationSummaryDto }) summary!: SimulationSummaryDto;
  @ApiProperty({ type: DifferenceDto, description: 'What the other scenario has more, or less.' })
  difference!: DifferenceDto;
}

export class SimulationDto implements SimulationView {
  @ApiProperty({ type: 'string', format: 'date-time' }) from!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) until!: Date;
  @ApiProperty({ type: SimulationSummaryDto }) summary!: SimulationSummaryDto;
  @ApiProperty({ type: [TimelineEntryDto], description: 'The first 10,000 entries.' }) timeline!: TimelineEntryDto[];
  @ApiProperty({ description: 'Whether there are more; the summary counts all.' }) truncated!: boolean;
  @ApiProperty({ type: ComparisonDto, nullable: true }) comparison!: ComparisonDto | null;
}
