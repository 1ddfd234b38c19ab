import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateIf,
} from 'class-validator';
import { type CalendarDate, isCalendarDate, type LocalTime } from '../../../../kernel/local-time.js';
import { type ContactPolicy, POLICY_PRESETS, type PolicyPreset } from '../../domain/contact-policy.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIME_OR_MIDNIGHT = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const ISO_WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const TWO_WEEKS_IN_MINUTES = 20_160;

/** A list of days that a calendar has, `YYYY-MM-DD`. */
function AreCalendarDates(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'areCalendarDates',
      target: target.constructor,
      propertyName: propertyName as string,
      options: { each: true, message: 'each of $property must be a calendar date, e.g. 2026-12-25' },
      validator: { validate: (value: unknown) => typeof value === 'string' && isCalendarDate(value) },
    });
}

export class ContactPolicyDto implements Omit<ContactPolicy, 'maxPerDay'> {
  @ApiProperty({ description: "Counts the changes; 0 is the house's policy. Decisions about reminders name it." })
  version!: number;

  @ApiProperty({ example: '08:00', description: "By the customer's clock" })
  allowedFrom!: LocalTime;

  @ApiProperty({ example: '19:00', description: 'Exclusive; `24:00` is the end of the day' })
  allowedUntil!: LocalTime;

  @ApiProperty({ type: [Number], example: ISO_WEEKDAYS, description: '1 is Monday, 7 is Sunday' })
  weekdays!: number[];

  @ApiProperty({ type: [String], example: ['2026-12-25'] })
  holidays!: CalendarDate[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'Reminders a customer and day; null: no limit' })
  maxPerDay!: number | null;

  @ApiProperty({ description: 'A reminder that is later than this is not sent any more' })
  lateAfterMinutes!: number;

  @ApiProperty({
    description: "Whether a customer's later answer replaces the promise that is open; if not, the first holds",
  })
  laterAnswerReplaces!: boolean;
}

/** What is left out is the preset's, else the house's. */
export class ReplaceContactPolicyDto {
  @ApiPropertyOptional({
    enum: Object.keys(POLICY_PRESETS),
    description:
      'Hours to start from: `collections-in` 8 to 19, `collections-us` 8 to 21, `business-hours` weekdays 9 to 18',
  })
  @IsOptional()
  @IsIn(Object.keys(POLICY_PRESETS))
  preset?: PolicyPreset;

  @ApiPropertyOptional({ example: '08:00', description: "By the customer's clock" })
  @IsOptional()
  @Matches(TIME, { message: 'allowedFrom must be a time of day, HH:MM' })
  allowedFrom?: LocalTime;

  @ApiPropertyOptional({ example: '19:00', description: 'Exclusive; `24:00` is the end of the day' })
  @IsOptional()
  @Matches(TIME_OR_MIDNIGHT, { message: 'allowedUntil must be a time of day, HH:MM or 24:00' })
  allowedUntil?: LocalTime;

  @ApiPropertyOptional({ type: [Number], example: ISO_WEEKDAYS, description: '1 is Monday, 7 is Sunday' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @IsIn(ISO_WEEKDAYS, { each: true })
  weekdays?: number[];

  @ApiPropertyOptional({ type: [String], maxItems: 366, example: ['2026-12-25'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(366)
  @AreCalendarDates()
  holidays?: CalendarDate[];

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 100,
    description: 'Reminders a customer and day; null: no limit',
  })
  @ValidateIf(({ maxPerDay }: ReplaceContactPolicyDto) => maxPerDay !== null && maxPerDay !== undefined)
  @IsInt()
  @Min(1)
  @Max(100)
  maxPerDay?: number | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: TWO_WEEKS_IN_MINUTES, default: 720 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(TWO_WEEKS_IN_MINUTES)
  lateAfterMinutes?: number;

  @ApiPropertyOptional({
    default: false,
    description: "Whether a customer's later answer replaces the promise that is open; if not, the first holds",
  })
  @IsOptional()
  @IsBoolean()
  laterAnswerReplaces?: boolean;
}
