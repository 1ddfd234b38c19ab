import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { IsCalendarDate } from '../../../../platform/http/calendar-date.js';
import { MoneyDto } from '../../../../platform/http/money.js';
import { IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { BilledConversationView } from '../../application/billing/list-billed-conversations.js';
import type { RateCardFacts, RateCardView } from '../../application/billing/rate-cards.js';
import { type Usage, USAGE_GROUPS, type UsageGroup, type UsageOfKey } from '../../application/billing/usage.js';

export class PeriodDto {
  @ApiProperty({ format: 'date', description: "The first day, in the merchant's zone.", examples: ['2026-11-01'] })
  @IsCalendarDate()
  from!: CalendarDate;

  @ApiProperty({ format: 'date', description: 'The last day; at most 400 in all.', examples: ['2026-11-30'] })
  @IsCalendarDate()
  to!: CalendarDate;
}

export class UsageQuery extends PeriodDto {
  @ApiPropertyOptional({ enum: USAGE_GROUPS, default: 'category' })
  @WhenGiven()
  @IsIn(USAGE_GROUPS)
  groupBy: UsageGroup = 'category';
}

export class UsageDto implements Usage {
  @ApiProperty({ type: 'integer', description: 'Messages that WhatsApp told a price of.' }) messages!: number;
  @ApiProperty({ type: 'integer' }) billable!: number;
  @ApiProperty({ type: 'integer', description: "Not billable, or within a number's free ones of the month." })
  free!: number;
  @ApiProperty({ type: 'integer', description: "WhatsApp's conversations that they were counted to." })
  conversations!: number;
  @ApiProperty({ type: [MoneyDto], description: 'One a currency.' }) costs!: MoneyDto[];
  @ApiProperty({ type: 'integer', description: 'Billable, and no rate card covers them.' }) uncosted!: number;
}

export class UsageOfKeyDto extends UsageDto implements UsageOfKey {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The category, number, day, campaign, market or model; null: none.',
  })
  key!: string | null;
}

export class UsageAnswerDto {
  @ApiProperty({ type: [UsageOfKeyDto] }) data!: UsageOfKeyDto[];
  @ApiProperty({ type: UsageDto }) totals!: UsageDto;
}

export class RateCardFactsDto implements RateCardFacts {
  @ApiProperty({ enum: ['CBP', 'PMP'], description: 'CBP: a conversation (until 2025-06-30). PMP: a message.' })
  @IsIn(['CBP', 'PMP'])
  model!: 'CBP' | 'PMP';

  @ApiProperty({ description: 'ISO 3166-1 of the recipient, or `*` for all that have no card of their own.' })
  @Matches(/^([A-Z]{2}|\*)$/, { message: '$property must be a country of two letters, or *' })
  market!: string;

  @ApiProperty({ examples: ['utility', 'marketing', 'authentication', 'service'] })
  @Matches(/^[a-z0-9_]{1,64}$/, { message: '$property must be in small letters, as WhatsApp writes it' })
  category!: string;

  @ApiPropertyOptional({
    type: 'string',
    default: 'regular',
    examples: ['regular', 'free_customer_service', 'free_entry_point'],
  })
  @WhenGiven()
  @Matches(/^[a-z0-9_]{1,64}$/, { message: '$property must be in small letters, as WhatsApp writes it' })
  pricingType = 'regular';

  @ApiPropertyOptional({ type: 'integer', default: 0, description: 'So many a number and month cost nothing.' })
  @WhenGiven()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  freeMonthly = 0;

  @ApiProperty({ examples: ['INR'], description: 'ISO 4217' })
  @Matches(/^[A-Z]{3}$/, { message: '$property must be a currency of ISO 4217, e.g. INR' })
  currency!: string;

  @ApiProperty({ type: 'integer', examples: [115000], description: 'Millionths of the major unit: 115000 is 0.115.' })
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  costMicros!: number;

  @ApiProperty({ format: 'date', description: "The first day on which it holds, in the merchant's zone." })
  @IsCalendarDate()
  effectiveFrom!: CalendarDate;

  @ApiProperty({ description: 'Where the price was read, and when.' })
  @IsString()
  @Length(1, 500)
  source!: string;
}

export class RateCardDto extends RateCardFactsDto implements RateCardView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['merchant', 'installation'], description: "A merchant's own go before the installation's." })
  owner!: 'merchant' | 'installation';
}

export class PutRateCardsDto {
  @ApiProperty({ type: [RateCardFactsDto] })
  @ArrayMinSize(1)
  @IsNestedList(RateCardFactsDto, 1000)
  cards!: RateCardFactsDto[];
}

export class KeptRateCardsDto {
  @ApiProperty({ type: 'integer' }) cards!: number;
}

export class RevaluedDto {
  @ApiProperty({ type: 'integer', description: 'Charges that were looked at.' }) charges!: number;
}

export class BilledConversationDto implements BilledConversationView {
  @ApiProperty({ description: "WhatsApp's id" }) id!: string;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) conversationId!: string | null;
  @ApiProperty({ description: 'As WhatsApp says; new words may come.' }) category!: string;
  @ApiProperty({ type: 'string', nullable: true }) pricingModel!: string | null;
  @ApiProperty({ type: 'boolean', nullable: true }) billable!: boolean | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) firstSeenAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) expiresAt!: Date | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) conversation!: Record<string, unknown>;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) pricing!: Record<string, unknown> | null;
}
