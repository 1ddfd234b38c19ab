import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsString, Length, ValidateIf } from 'class-validator';
import { IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { FlowDocument } from '../../application/exchange/flow-document.js';
import { RuleToWriteDto } from '../rules/rules.dto.js';
import { plain, readStep } from '../steps/step-shapes.js';
import { StepToPutDto } from '../steps/steps.dto.js';

/** What says that a JSON document is a flow, and by which rules it was written. */
export const FLOW_FORMAT = 'nodue-flow/1';
const MOST_STEPS = 500;
const MOST_RULES = 1000;

export class DocumentStepDto extends StepToPutDto {
  @ApiProperty({ maxLength: 64, example: 'main_menu' })
  @IsString()
  @Length(1, 64)
  key!: string;
}

export class FlowDocumentDto {
  @ApiProperty({ enum: [FLOW_FORMAT] })
  @IsIn([FLOW_FORMAT])
  format!: typeof FLOW_FORMAT;

  @ApiProperty({ type: [DocumentStepDto], maxItems: MOST_STEPS, description: 'May lead to each other in any order.' })
  @IsNestedList(DocumentStepDto, MOST_STEPS)
  @ArrayUnique((step?: Partial<DocumentStepDto>) => step?.key, { message: 'each item of steps must have its own key' })
  steps!: DocumentStepDto[];

  @ApiPropertyOptional({ type: [RuleToWriteDto], maxItems: MOST_RULES })
  @WhenGiven()
  @IsNestedList(RuleToWriteDto, MOST_RULES)
  rules?: RuleToWriteDto[];

  @ApiPropertyOptional({ type: 'string', nullable: true })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  @Length(1, 64)
  fallbackTemplateKey?: string | null;

  @ApiPropertyOptional({ isArray: true, type: 'string' })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  restartWords?: string[];
}

export function readDocument({ steps, rules = [], ...settings }: FlowDocumentDto): FlowDocument {
  return {
    steps: steps.map(({ key, ...step }) => ({ ...readStep(step), key })),
    rules: plain(rules) as FlowDocument['rules'],
    fallbackTemplateKey: settings.fallbackTemplateKey ?? null,
    restartWords: settings.restartWords ?? [],
  };
}

export function showDocument({ steps, ...settings }: FlowDocument): FlowDocumentDto {
  const shown = steps.map(({ branches = [], ...step }) => ({ ...step, buttons: branches }));
  return { format: FLOW_FORMAT, steps: shown, ...settings } as unknown as FlowDocumentDto;
}
