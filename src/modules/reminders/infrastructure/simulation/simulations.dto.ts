import { ApiProperty, ApiPropertyOptional, OmitType, PickType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsPositive,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import { ChangePaymentTermDto, ReplaceContactPolicyDto } from '../../../customers/index.js';
import { type Answer, ANSWERS } from '../../domain/answers/answer.js';
import type { Chance, SeededResponses } from '../../domain/simulation/responses.js';

const MONTH_IN_MINUTES = 43_200;

function Share(): PropertyDecorator {
  return (target, name) => {
    for (const rule of [WhenGiven(), IsNumber(), Min(0), Max(1)]) rule(target, name);
  };
}

/** One thing that customers do about a reminder: exactly one of `answer`, `pay` and `stop`. */
export class ScriptLineDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Left out: all customers.' })
  @WhenGiven()
  @IsUUID()
  customerId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Left out: all dues.' })
  @WhenGiven()
  @IsUUID()
  dueId?: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, description: 'Which of the reminders of a due, from 1.' })
  @IsInt()
  @Min(1)
  @Max(100)
  onReminder!: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MONTH_IN_MINUTES })
  @IsInt()
  @Min(1)
  @Max(MONTH_IN_MINUTES)
  afterMinutes!: number;

  @ApiPropertyOptional({ enum: ANSWERS })
  @WhenGiven()
  @IsIn(ANSWERS)
  answer?: Answer;

  @ApiPropertyOptional({ minimum: 0, maximum: 1, description: 'The share of what is open; 1 is all of it.' })
  @WhenGiven()
  @IsPositive()
  @Max(1)
  pay?: number;

  @ApiPropertyOptional({ enum: [true] })
  @WhenGiven()
  @Equals(true)
  stop?: true;
}

/** How likely a reminder leads to what; the rest of 1 is silence. */
export class ProbabilitiesDto implements Partial<Record<Chance, number>> {
  @ApiPropertyOptional({ minimum: 0, maximum: 1, description: 'Pays all that is open.' }) @Share() PAY?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, description: 'Pays half of it.' }) @Share() PAY_HALF?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, description: 'Wants to hear no more.' }) @Share() STOP?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() PAY_TODAY?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() WILL_PAY_TODAY?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() PAID_TODAY?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() PAY_WEEK?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() PAY_SOON?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1 }) @Share() NEED_STATEMENT?: number;
}

export class SeededDto implements SeededResponses {
  @ApiProperty({ maxLength: 100, description: 'The same seed deals out the same behaviour.' })
  @IsString()
  @Length(1, 100)
  seed!: string;

  @ApiProperty({ type: ProbabilitiesDto })
  @IsNested(ProbabilitiesDto)
  probabilities!: Partial<Record<Chance, number>>;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MONTH_IN_MINUTES,
    description: 'They take 1 to so many minutes.',
  })
  @IsInt()
  @Min(1)
  @Max(MONTH_IN_MINUTES)
  delayMinutes!: number;
}

/** How customers are taken to behave: by a script, or by chance. */
export class ResponseModelDto {
  @ApiPropertyOptional({ type: [ScriptLineDto], maxItems: 1000 })
  @WhenGiven()
  @IsNestedList(ScriptLineDto, 1000)
  script?: ScriptLineDto[];

  @ApiPropertyOptional({ type: SeededDto })
  @WhenGiven()
  @IsNested(SeededDto)
  seeded?: SeededDto;
}

export class PolicyOverridesDto extends OmitType(ReplaceContactPolicyDto, ['preset']) {}
export class TermOverridesDto extends PickType(ChangePaymentTermDto, ['reminderOffsets', 'overdueSteps', 'sendAt']) {}

/** What is tried out; what is left out stays as it is. */
export class ScenarioDto {
  @ApiPropertyOptional({ type: PolicyOverridesDto, description: 'What is left out is as the contact policy says.' })
  @WhenGiven()
  @IsNested(PolicyOverridesDto)
  policy?: PolicyOverridesDto;

  @ApiPropertyOptional({
    type: TermOverridesDto,
    description: "Of all dues; what is left out is as each due's term says.",
  })
  @WhenGiven()
  @IsNested(TermOverridesDto)
  term?: TermOverridesDto;
}

export class MessagePriceDto {
  @ApiProperty({ minimum: 0, example: 11.5, description: 'Minor units, and fractions of them.' })
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  amountMinor!: number;

  @ApiProperty({ description: 'ISO 4217', example: 'INR' })
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code, e.g. INR' })
  currency!: string;
}

export class SimulateDto extends ScenarioDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 120 })
  @IsInt()
  @Min(1)
  @Max(120)
  days!: number;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description:
      'Within a year from now; left out: now. The books are as they are now; what was due before is late then.',
  })
  @WhenGiven()
  @IsInstant()
  startAt?: Date;

  @ApiPropertyOptional({ type: ResponseModelDto, description: 'Left out: nobody answers.' })
  @WhenGiven()
  @IsNested(ResponseModelDto)
  response?: ResponseModelDto;

  @ApiPropertyOptional({ type: MessagePriceDto, description: 'Of a message that the customer did not ask for.' })
  @WhenGiven()
  @IsNested(MessagePriceDto)
  pricePerMessage?: MessagePriceDto;

  @ApiPropertyOptional({ type: [String], maxItems: 1000, description: 'Left out: all who have open dues.' })
  @WhenGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  customerIds?: string[];

  @ApiPropertyOptional({ type: ScenarioDto, description: 'The same once more with another policy or term.' })
  @WhenGiven()
  @IsNested(ScenarioDto)
  compareWith?: ScenarioDto;
}
