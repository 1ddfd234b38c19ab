import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { IsNested } from '../../../../platform/http/nested.js';
import { ANSWERS, type Answer } from '../../domain/answers/answer.js';
import {
  TEMPLATE_SLOTS,
  TEMPLATE_VARIABLES,
  type TemplateSlot,
  type TemplateVariable,
} from '../../domain/reminder-template.js';

export class OwnTemplateDto {
  @ApiProperty({ example: 'our_gentle_reminder', description: 'As Meta has approved it' })
  @Matches(/^[a-z0-9_]{1,512}$/, { message: 'name must be that of a template: a-z, 0-9 and _' })
  name!: string;

  @ApiPropertyOptional({ example: 'hi', description: "Meta's language code; left out: the customer's language" })
  @IsOptional()
  @Matches(/^[a-z]{2,3}(_[A-Z]{2})?$/, { message: "language must be one of Meta's codes, e.g. en or en_US" })
  language?: string;

  @ApiPropertyOptional({
    enum: TEMPLATE_VARIABLES,
    isArray: true,
    description:
      'Variables of a positional template, in their order. Left out: it has named ones: name, amount, duedate, companyname for dues; name, message, companyname for the rest.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsIn(TEMPLATE_VARIABLES, { each: true })
  positional?: TemplateVariable[];

  @ApiPropertyOptional({
    enum: ANSWERS,
    isArray: true,
    description: 'What its quick-reply buttons mean, in their order. Left out: it has none.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsIn(ANSWERS, { each: true })
  replies?: Answer[];
}

export class ReminderTemplatesDto implements Partial<Record<TemplateSlot, OwnTemplateDto>> {
  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  before_due?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  due_today?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  after_due?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  CART_ABANDONED?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  ORDER_FOLLOWUP?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  RESTOCK?: OwnTemplateDto;

  @ApiPropertyOptional({ type: OwnTemplateDto })
  @IsOptional()
  @IsNested(OwnTemplateDto)
  CUSTOM?: OwnTemplateDto;
}

export class TemplateInUseDto {
  @ApiProperty() name!: string;
  @ApiProperty({ type: String, nullable: true, description: "Null: the customer's language" }) language!: string | null;
  @ApiProperty({ enum: TEMPLATE_VARIABLES, isArray: true }) positional!: readonly TemplateVariable[];
  @ApiProperty({ enum: ANSWERS, isArray: true }) replies!: readonly Answer[];
  @ApiProperty({ enum: ['merchant', 'platform'] }) source!: 'merchant' | 'platform';
  @ApiProperty({ type: String, nullable: true, description: 'As WhatsApp told it last; null: not known here' })
  status!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Customers who have stopped marketing get no reminder whose template is `marketing`.',
  })
  category!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What it was before WhatsApp moved it, until that is acknowledged',
  })
  previousCategory!: string | null;
}

/** The answer's schema: a slot without a template is missing. */
export const TEMPLATES_IN_USE = {
  type: 'object',
  properties: Object.fromEntries(
    TEMPLATE_SLOTS.map((slot) => [slot, { $ref: '#/components/schemas/TemplateInUseDto' }]),
  ),
};
