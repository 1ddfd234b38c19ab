import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import type { ReminderView } from '../../application/reading/reminder-view.js';
import type { ReminderKind, ReminderStage, ReminderStatus } from '../../domain/assessment.js';
import { REMINDER_KINDS, REMINDER_STAGES, REMINDER_STATUSES } from '../../domain/reminder.js';

const TYPES = [...REMINDER_STAGES, ...REMINDER_KINDS];

export class RemindersQuery extends PageQuery {
  @ApiPropertyOptional({ enum: REMINDER_STATUSES })
  @IsOptional()
  @IsIn(REMINDER_STATUSES)
  status?: ReminderStatus;

  /** A stage of reminders to pay, or a kind. */
  @ApiPropertyOptional({ enum: TYPES })
  @IsOptional()
  @IsIn(TYPES)
  type?: ReminderStage | ReminderKind;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  customerId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  dueId?: string;

  /** Scheduled then or later. */
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  from?: Date;

  /** Scheduled before. */
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  to?: Date;
}

export class ScheduleReminderDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'What to remind of; this or `customerId`' })
  @IsOptional()
  @IsUUID()
  dueId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Whom to remind of something else' })
  @IsOptional()
  @IsUUID()
  customerId?: string;

  @ApiPropertyOptional({
    enum: REMINDER_KINDS,
    description: 'Left out: `PAYMENT_DUE` with a `dueId`, else `CUSTOM`. Its stage follows from the day.',
  })
  @IsOptional()
  @IsIn(REMINDER_KINDS)
  type?: ReminderKind;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'Later than now' })
  @IsInstant()
  scheduledFor!: Date;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 900,
    description:
      'Words of your own: the text inside the 24-hour window, the variable `message` of the template outside. Kinds other than `PAYMENT_DUE` need it.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 900)
  message?: string;
}

export class MoveReminderDto {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'Later than now' })
  @IsInstant()
  scheduledFor!: Date;
}

export class SendReminderNowDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  dueId!: string;
}

export class SendNowQuery {
  /** Answers when it was sent or refused, at the latest after ten seconds. */
  @ApiPropertyOptional({ type: 'boolean', default: false })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  wait = false;
}

export class UsedTemplateDto {
  @ApiProperty({ example: 'interactive_due_today' }) name!: string;
  @ApiProperty({ example: 'en' }) language!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) variables!: Record<string, string>;
}

export class ReminderDto implements ReminderView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  customerId!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  dueId!: string | null;

  @ApiProperty({ enum: REMINDER_KINDS })
  kind!: ReminderKind;

  @ApiProperty({ enum: REMINDER_STAGES, nullable: true, description: 'Of reminders to pay' })
  type!: ReminderStage | null;

  @ApiProperty({ description: 'Whole days between the due date and the day that it is meant for, either way' })
  step!: number;

  @ApiProperty({ enum: REMINDER_STATUSES })
  status!: ReminderStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'QUIET_HOURS',
    description: 'Why it waits, or ended unsent: a gate, `REPLANNED` or `CANCELLED_BY_USER`',
  })
  reason!: string | null;

  @ApiProperty({ enum: ['auto', 'manual'] })
  source!: 'auto' | 'manual';

  @ApiProperty({ type: String, nullable: true })
  message!: string | null;

  @ApiProperty({ description: 'When it is decided on next' })
  scheduledFor!: Date;

  @ApiProperty({ description: 'When it was to be sent at first' })
  plannedFor!: Date;

  @ApiProperty({ type: Date, nullable: true })
  sentAt!: Date | null;

  @ApiProperty()
  attempts!: number;

  @ApiProperty({ type: String, nullable: true })
  lastError!: string | null;

  @ApiProperty({ type: UsedTemplateDto, nullable: true, description: 'As handed over; null before' })
  template!: UsedTemplateDto | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'See `GET /v1/messages/{id}`' })
  messageId!: string | null;

  @ApiProperty()
  createdAt!: Date;
}
