import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsString, Length, ValidateIf } from 'class-validator';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { RuleContent } from '../../application/steps/flow-changes.js';
import { FLOW_LIMITS } from '../../domain/lint/step-limits.js';
import { RESTART_WORDS } from '../../domain/restart-words.js';
import { FindingDto } from '../steps/steps.dto.js';

const MATCHES = ['equals', 'contains', 'regex'] as const;
/** What a list may hold before its meaning is looked at. */
const MOST = 1000;

export class RuleMatchDto {
  @ApiProperty({
    enum: MATCHES,
    description:
      'The whole text, a part of it, or an RE2 pattern somewhere in it. Small and capital letters are the same.',
  })
  @IsIn(MATCHES)
  type!: (typeof MATCHES)[number];

  @ApiProperty({ isArray: true, type: 'string', example: ['hi', 'hello'], description: 'Any of them.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST)
  @IsString({ each: true })
  @Length(1, 1000, { each: true })
  values!: string[];
}

export class RuleActionDto {
  @ApiProperty({ enum: ['send_template'] })
  @IsIn(['send_template'])
  type!: 'send_template';

  @ApiProperty({ example: 'tmpl_ab12cd34' })
  @IsString()
  @Length(1, 64)
  templateKey!: string;
}

export class RuleToWriteDto implements RuleContent {
  @ApiPropertyOptional({ maxLength: 64, description: 'Made here (`rule_ab12cd34`) unless given.' })
  @WhenGiven()
  @IsString()
  @Length(1, 64)
  id?: string;

  @ApiProperty()
  @IsNested(RuleMatchDto)
  match!: RuleMatchDto;

  @ApiProperty()
  @IsNested(RuleActionDto)
  action!: RuleActionDto;
}

class FlowSettingsDto {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'The step for whatever nothing else recognises; null: none.',
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  @Length(1, 64)
  fallbackTemplateKey?: string | null;

  @ApiPropertyOptional({
    isArray: true,
    type: 'string',
    maxItems: FLOW_LIMITS.restartWords,
    example: ['start over'],
    description: `Words that begin anew wherever a conversation stands, also while a person answers; none: ${RESTART_WORDS.join(', ')}.`,
  })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  restartWords?: string[];

  @ApiPropertyOptional({
    example: false,
    description:
      'No button title above 20 characters is taken, which WhatsApp would show in a list; steps that have one stay as they are.',
  })
  @WhenGiven()
  @IsBoolean()
  strictTitles?: boolean;
}

export class FlowToPutDto extends FlowSettingsDto {
  @ApiProperty({
    type: [RuleToWriteDto],
    maxItems: FLOW_LIMITS.rules,
    description: 'The first that matches has the text.',
  })
  @IsNestedList(RuleToWriteDto, MOST)
  rules!: RuleToWriteDto[];
}

export class FlowToAddToDto extends FlowSettingsDto {
  @ApiProperty({
    type: [RuleToWriteDto],
    maxItems: FLOW_LIMITS.rules,
    description: 'Rules: in the place of those with their ids, the others behind all.',
  })
  @IsNestedList(RuleToWriteDto, MOST)
  flows!: RuleToWriteDto[];
}

export class RuleDto extends RuleToWriteDto {
  @ApiProperty() declare id: string;
}

export class FlowDto {
  @ApiProperty({ type: 'integer', description: 'Counts all changes of steps and rules; 0: there were none.' })
  version!: number;
  @ApiProperty({ type: [RuleDto] }) rules!: RuleDto[];
  @ApiProperty({ type: 'string', nullable: true }) fallbackTemplateKey!: string | null;
  @ApiProperty({ isArray: true, type: 'string' }) restartWords!: string[];
  @ApiProperty({ description: 'No button title above 20 characters is taken.' }) strictTitles!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) updatedAt!: Date | null;
}

export class WrittenFlowDto extends FlowDto {
  @ApiProperty({
    type: [FindingDto],
    description: 'It works, but otherwise than it looks; and what else does so since then.',
  })
  warnings!: FindingDto[];
}

export class LintDto {
  @ApiProperty({ type: 'integer', description: 'Of the flow that was looked at.' }) version!: number;
  @ApiProperty({ type: [FindingDto] }) findings!: FindingDto[];
}
