import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../../../platform/http/pagination.js';
import type { SyncedAccount } from '../../application/templates/sync-templates.js';
import type { TemplatePreview } from '../../application/templates/preview-template.js';
import type { TemplateView } from '../../application/templates/template-view.js';
import { TEMPLATE_CATEGORIES, type TemplateCategory } from '../../domain/templates/check-submission.js';
import type { TemplateFault } from '../../domain/templates/check-template.js';
import type { TemplatePart } from '../../domain/templates/template.js';
import type { TemplateParameters } from '../../domain/templates/template-parameters.js';
import { TemplateDto } from '../outbound/messages.dto.js';

const GRAPH_ID = /^\d{1,32}$/;
const ANY = { type: 'object', additionalProperties: true } as const;

export class TemplateNameParam {
  @ApiProperty({ example: 'interactive_due_today' })
  @IsString()
  @Length(1, 512)
  name!: string;
}

export class TemplatesQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'approved' })
  @IsOptional()
  @Matches(/^[a-z_]{1,40}$/)
  status?: string;

  @ApiPropertyOptional({ description: 'Part of the name.' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  name?: string;

  @ApiPropertyOptional({ description: 'Of the account that this number belongs to.' })
  @IsOptional()
  @Matches(GRAPH_ID)
  phoneNumberId?: string;
}

export class SubmitTemplateDto {
  @ApiProperty({ example: 'order_shipped', description: 'Lower-case letters, digits and underscores.' })
  @IsString()
  @Length(1, 512)
  name!: string;

  @ApiProperty({ example: 'en' })
  @IsString()
  @Length(2, 8)
  language!: string;

  @ApiProperty({ enum: TEMPLATE_CATEGORIES })
  @IsIn(TEMPLATE_CATEGORIES)
  category!: TemplateCategory;

  @ApiPropertyOptional({ enum: ['positional', 'named'], default: 'positional' })
  @IsOptional()
  @IsIn(['positional', 'named'])
  parameterFormat?: 'positional' | 'named';

  @ApiProperty({
    type: 'array',
    items: ANY,
    maxItems: 10,
    description: "Header, body, footer, buttons in Meta's own words; each variable with an example.",
    example: [{ type: 'BODY', text: 'Hello {{1}}, your order is on its way.', example: { body_text: [['Asha']] } }],
  })
  @IsArray()
  @ArrayMaxSize(10)
  @IsObject({ each: true })
  components!: TemplatePart[];

  @ApiPropertyOptional({ description: 'Which account, when there are several.' })
  @IsOptional()
  @Matches(GRAPH_ID)
  wabaId?: string;
}

/** As they are given with a send. */
export class TemplateParametersDto extends PickType(TemplateDto, ['header', 'body', 'buttons']) {}

export class PreviewTemplateDto {
  @ApiPropertyOptional({ example: 'en', description: 'Left out: the first that may be sent.' })
  @IsOptional()
  @IsString()
  @Length(2, 8)
  language?: string;

  @ApiPropertyOptional({ type: TemplateParametersDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => TemplateParametersDto)
  parameters?: TemplateParametersDto;
}

export class TemplateViewDto implements TemplateView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) accountId!: string;
  @ApiProperty() name!: string;
  @ApiProperty() language!: string;
  @ApiProperty({ example: 'utility' }) category!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What it was before WhatsApp moved it, until that is acknowledged.',
  })
  previousCategory!: string | null;
  @ApiProperty({ example: 'approved' }) status!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'green' }) quality!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) rejectedReason!: string | null;
  @ApiProperty({ ...ANY, description: 'What has to be given: `format`, `header`, `body`, `buttons`.' })
  parameters!: TemplateParameters;
  @ApiProperty({ type: 'array', items: ANY, description: 'As WhatsApp has them.' })
  components!: readonly TemplatePart[];
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) syncedAt!: Date | null;
  @ApiProperty({ description: 'WhatsApp has not confirmed it for three hours.' }) stale!: boolean;
}

export class SyncedAccountDto implements SyncedAccount {
  @ApiProperty() wabaId!: string;
  @ApiProperty({ type: 'integer' }) templates!: number;
  @ApiProperty({ type: 'integer' }) changed!: number;
  @ApiProperty({ type: 'integer' }) deleted!: number;
}

export class SyncedDto {
  @ApiProperty({ type: [SyncedAccountDto] }) accounts!: readonly SyncedAccountDto[];
}

export class TemplatePreviewDto implements TemplatePreview {
  @ApiProperty() name!: string;
  @ApiProperty() language!: string;
  @ApiPropertyOptional({ ...ANY, description: '`kind`: text, image, video, document or location; `text`.' })
  header?: { readonly kind: string; readonly text?: string };
  @ApiProperty() body!: string;
  @ApiPropertyOptional() footer?: string;
  @ApiProperty({ type: 'array', items: ANY }) buttons!: TemplatePreview['buttons'];
  @ApiProperty({
    type: 'array',
    items: ANY,
    description: 'What would keep it from being sent: `code`, `where`, `message`.',
  })
  faults!: readonly TemplateFault[];
}
