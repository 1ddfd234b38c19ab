import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { IsInstant } from '../../../../platform/http/instant.js';
import type { DecisionView } from '../../application/explaining/list-decisions.js';
import type { ReminderSummary } from '../../application/explaining/summarise-reminders.js';
import type { DueCourseView, WhyNotView } from '../../application/explaining/why-not.js';
import { type ReminderStage, type ReminderStatus } from '../../domain/assessment.js';
import type { GateSeen, Occasion } from '../../domain/explanation.js';
import type { ReminderInCourse } from '../../domain/explanation-of-course.js';
import type { OutcomeCount, PutOffCount } from '../../domain/explanation-of-period.js';
import { type Gate, GATES, type Verdict } from '../../domain/send-decision.js';

const STATUSES = ['pending', 'rescheduled', 'queued', 'sent', 'failed', 'cancelled', 'expired'];
const STAGES = ['before_due', 'due_today', 'after_due'];

export class ExplainedIdParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class PeriodQuery {
  /** Reminders that were planned for this instant or later. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  @IsInstant()
  from!: Date;

  /** And before this one; a year later at most. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  @IsInstant()
  to!: Date;
}

export class GateDto implements GateSeen {
  @ApiProperty({ enum: GATES }) gate!: Gate;
  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description: 'Null: not asked, because an earlier one was shut, or because there is no due to ask about.',
  })
  passed!: boolean | null;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What it looked at.' })
  saw!: Record<string, unknown>;
}

export class DecisionDto implements DecisionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: Date;
  @ApiProperty({
    enum: ['sweep', 'send', 'outcome'],
    description: 'When it was due; at the last look before an attempt; by what WhatsApp said.',
  })
  occasion!: Occasion;
  @ApiProperty({ enum: ['send', 'defer', 'cancel', 'expire', 'fail'] }) verdict!: Verdict['then'];
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: "The gate that was shut, or the code of WhatsApp's refusal.",
  })
  reason!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) nextAt!: Date | null;
  @ApiProperty({ type: 'integer', description: "Of the contact policy; 0 is the house's." }) policyVersion!: number;
  @ApiProperty({ type: [GateDto], description: 'In the order in which they are asked.' }) gates!: GateDto[];
  @ApiProperty({
    example: 'Not sent yet: the customer promised to pay by 21 Nov 2026; reminders wait until 22 Nov 2026, 09:05.',
  })
  sentence!: string;
}

class OutcomeCountDto implements OutcomeCount {
  @ApiProperty({ enum: STATUSES }) status!: ReminderStatus;
  @ApiProperty({ type: 'string', nullable: true }) reason!: string | null;
  @ApiProperty({ type: 'integer' }) count!: number;
}

class PutOffCountDto implements PutOffCount {
  @ApiProperty() reason!: string;
  @ApiProperty({ type: 'integer' }) count!: number;
}

export class ReminderSummaryDto implements ReminderSummary {
  @ApiProperty({ type: 'string', format: 'date-time' }) from!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) to!: Date;
  @ApiProperty({ type: 'integer' }) planned!: number;
  @ApiProperty({ type: [OutcomeCountDto], description: 'Every one of them, once.' }) outcomes!: OutcomeCountDto[];
  @ApiProperty({ type: [PutOffCountDto], description: 'How often they were put off, by what.' })
  putOff!: PutOffCountDto[];
  @ApiProperty({ example: '12 sent, 4 cancelled (PAID); put off 31 times (QUIET_HOURS).' }) sentence!: string;
}

class ReminderInCourseDto implements ReminderInCourse {
  @ApiProperty({ format: 'uuid' }) reminderId!: string;
  @ApiProperty({ enum: STAGES, nullable: true }) stage!: ReminderStage | null;
  @ApiProperty({ enum: STATUSES }) status!: ReminderStatus;
  @ApiProperty({ type: 'string', nullable: true }) reason!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) scheduledFor!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) sentAt!: Date | null;
}

class OutstandingDto {
  @ApiProperty({ type: 'integer', example: 500_000 }) amountMinor!: number;
  @ApiProperty({ example: 'INR' }) currency!: string;
}

class DueCourseDto implements DueCourseView {
  @ApiProperty({ format: 'uuid' }) dueId!: string;
  @ApiProperty({ type: 'string', format: 'date' }) dueDate!: CalendarDate;
  @ApiProperty({ type: OutstandingDto }) outstanding!: OutstandingDto;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) pausedUntil!: Date | null;
  @ApiProperty({ type: ReminderInCourseDto, nullable: true }) next!: ReminderInCourseDto | null;
  @ApiProperty({ type: ReminderInCourseDto, nullable: true }) last!: ReminderInCourseDto | null;
  @ApiProperty({ example: 'The next reminder is planned for 24 Nov 2026, 09:00.' }) sentence!: string;
}

export class WhyNotDto implements WhyNotView {
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) optedOutAt!: Date | null;
  @ApiProperty({ description: 'A conversation with the customer is blocked.' }) isBlocked!: boolean;
  @ApiProperty({ type: [DueCourseDto] }) dues!: DueCourseDto[];
}
