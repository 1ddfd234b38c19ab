import { ApiProperty, ApiPropertyOptional, getSchemaPath, OmitType, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import {
  STEP_KINDS,
  type StepKind,
  type StepTemplateButton,
  type StepTranslation,
  TEMPLATE_BUTTON_KINDS,
} from '../../domain/flow-step.js';
import { FINDING_CODES, type FindingCode, type Severity } from '../../domain/lint/finding.js';
import { IsTexts, IsTranslations, LANGUAGE } from './text-maps.js';

/** A field that may be left out or null, which is the same in what is new, and takes it away in what is changed. */
function MayBeNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

export class ButtonToWriteDto {
  @ApiPropertyOptional({
    maxLength: 200,
    example: 'btn_ab12cd34',
    description:
      'What a tap comes back with. Left out: that of the button with this title before the change, or a new one.',
  })
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  id?: string;

  @ApiProperty({ maxLength: 24, description: 'Above 20 characters WhatsApp shows the buttons as a list.' })
  @IsString()
  @MaxLength(1000)
  title!: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 72, description: 'Rows of lists only.' })
  @MayBeNull()
  @IsString()
  @MaxLength(1000)
  description?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Which step a tap leads to; without one the flow ends there.',
  })
  @MayBeNull()
  @IsString()
  @Length(1, 64)
  nextTemplateKey?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: 64,
    description: 'State of the conversation from then on.',
  })
  @MayBeNull()
  @IsString()
  @Length(1, 64)
  nextState?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 0,
    maximum: 9,
    description:
      'Of a template of WhatsApp: which of all its buttons this quick reply is, from 0. Left out: the first that is not named otherwise.',
  })
  @MayBeNull()
  @IsInt()
  @Min(0)
  @Max(9)
  index?: number | null;
}

export class CollectsDto {
  @ApiProperty({ maxLength: 64, example: 'accountNumber', description: 'Used as `{{answers.accountNumber}}`.' })
  @IsString()
  @MaxLength(64)
  as!: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: 512,
    example: '[0-9]{8}',
    description: 'RE2, matched against the whole answer; without one any text is an answer.',
  })
  @MayBeNull()
  @IsString()
  @MaxLength(2000)
  pattern?: string | null;

  @ApiProperty()
  @IsString()
  @Length(1, 64)
  nextTemplateKey!: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 64 })
  @MayBeNull()
  @IsString()
  @Length(1, 64)
  nextState?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Sent when the answer does not match; without one the question itself, again.',
  })
  @MayBeNull()
  @IsString()
  @Length(1, 64)
  invalidTemplateKey?: string | null;
}

export class StepMediaDto {
  @ApiProperty({ enum: ['image', 'video', 'audio', 'document'] })
  @IsIn(['image', 'video', 'audio', 'document'])
  kind!: 'image' | 'video' | 'audio' | 'document';

  @ApiPropertyOptional({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Of a file that was given to `POST /v1/media`.',
  })
  @MayBeNull()
  @IsUUID()
  mediaId?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 2048 })
  @MayBeNull()
  @IsString()
  @MaxLength(2048)
  link?: string | null;
}

export class StepTemplateButtonDto implements StepTemplateButton {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 9, description: 'Position among all buttons, from 0.' })
  @IsInt()
  @Min(0)
  @Max(9)
  index!: number;

  @ApiProperty({ enum: TEMPLATE_BUTTON_KINDS })
  @IsIn(TEMPLATE_BUTTON_KINDS)
  kind!: StepTemplateButton['kind'];

  @ApiProperty({ maxLength: 2000, example: 'orders/{{answers.order}}', description: 'How its URL ends, or its code.' })
  @IsString()
  @MaxLength(5000)
  value!: string;
}

export class StepWhatsappTemplateDto {
  @ApiProperty({ maxLength: 512, example: 'interactive_due_today' })
  @IsString()
  @MaxLength(512)
  name!: string;

  @ApiProperty({ example: 'en' })
  @IsString()
  @MaxLength(20)
  language!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { '1': '{{customer.name}}', '2': '{{customer.balance}}' },
    description: "What stands for the variables of the template's body, by its names or 1, 2, 3.",
  })
  @WhenGiven()
  @IsTexts()
  variables?: Record<string, string>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { '1': '{{customer.name}}' },
    description: "The same of its header's text. What its header shows is the step's `media`.",
  })
  @WhenGiven()
  @IsTexts()
  headerVariables?: Record<string, string>;

  @ApiPropertyOptional({
    type: [StepTemplateButtonDto],
    description: "Buttons that take a value. Its quick replies are the step's `buttons`.",
  })
  @WhenGiven()
  @IsNestedList(StepTemplateButtonDto, 10)
  buttons?: readonly StepTemplateButtonDto[];
}

export class StepToPutDto {
  @ApiPropertyOptional({ enum: STEP_KINDS, default: 'text' })
  @WhenGiven()
  @IsIn(STEP_KINDS)
  kind?: StepKind;

  @ApiPropertyOptional({
    maxLength: 4096,
    description:
      'What it says, or the caption of media. 1024 characters where there are buttons. May carry variables: `{{customer.name}}`, `{{answers.accountNumber}}`.',
  })
  @ValidateIf(
    ({ kind, body }: StepToPutDto) => body !== undefined || (kind !== 'media' && kind !== 'whatsapp_template'),
  )
  @IsString()
  @MaxLength(20_000)
  body?: string;

  @ApiPropertyOptional({
    type: [ButtonToWriteDto],
    description: '1 to 3 buttons, or 1 to 10 rows of a list.',
  })
  @WhenGiven()
  @IsNestedList(ButtonToWriteDto, 100)
  buttons?: ButtonToWriteDto[];

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 60, description: 'Above buttons and lists.' })
  @MayBeNull()
  @IsString()
  @MaxLength(1000)
  header?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 60, description: 'Below buttons and lists.' })
  @MayBeNull()
  @IsString()
  @MaxLength(1000)
  footer?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: 20,
    description: 'Label of the button that opens a list.',
  })
  @MayBeNull()
  @IsString()
  @MaxLength(1000)
  listButton?: string | null;

  @ApiPropertyOptional({ type: CollectsDto, nullable: true, description: "The customer's next text is an answer." })
  @MayBeNull()
  @IsNested(CollectsDto)
  collects?: CollectsDto | null;

  @ApiPropertyOptional({ type: StepMediaDto, nullable: true })
  @MayBeNull()
  @IsNested(StepMediaDto)
  media?: StepMediaDto | null;

  @ApiPropertyOptional({ type: StepWhatsappTemplateDto, nullable: true })
  @MayBeNull()
  @IsNested(StepWhatsappTemplateDto)
  whatsappTemplate?: StepWhatsappTemplateDto | null;

  @ApiPropertyOptional({ example: 'en', description: "Language of the texts; the merchant's own unless said." })
  @WhenGiven()
  @IsString()
  @Matches(LANGUAGE, { message: 'language must be a language tag, e.g. en or en-IN' })
  language?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: {
        body: { type: 'string' },
        header: { type: 'string' },
        footer: { type: 'string' },
        listButton: { type: 'string' },
        titles: { type: 'object', additionalProperties: { type: 'string' } },
        descriptions: { type: 'object', additionalProperties: { type: 'string' } },
        whatsappTemplate: { $ref: getSchemaPath(StepWhatsappTemplateDto) },
      },
    },
    example: { hi: { body: 'नमस्ते', titles: { btn_ab12cd34: 'बकाया' } } },
    description:
      'Texts in other languages; `titles` and `descriptions` by id of the button. What is left out is said in the own language.',
  })
  @WhenGiven()
  @IsTranslations()
  translations?: Record<string, StepTranslation>;

  @ApiPropertyOptional({
    default: false,
    description: 'After this step a person answers: automation is silent for a while.',
  })
  @WhenGiven()
  @IsBoolean()
  handsOff?: boolean;

  @ApiPropertyOptional({ default: true, description: 'Switched off it is neither sent nor branched to.' })
  @WhenGiven()
  @IsBoolean()
  isActive?: boolean;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 1000, description: "For the merchant's people." })
  @MayBeNull()
  @IsString()
  @MaxLength(1000)
  description?: string | null;
}

export class StepToAddDto extends StepToPutDto {
  @ApiPropertyOptional({
    maxLength: 64,
    example: 'main_menu',
    description: 'Never changes. Made here (`tmpl_ab12cd34`) unless given: letters, digits, `_`, `-` and `.`.',
  })
  @WhenGiven()
  @IsString()
  @Length(1, 64)
  key?: string;
}

export class StepToChangeDto extends PartialType(StepToPutDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({ maxLength: 4096 })
  @WhenGiven()
  @IsString()
  @MaxLength(20_000)
  declare body?: string;
}

export class FindingPlaceDto {
  @ApiPropertyOptional() templateKey?: string;
  @ApiPropertyOptional() ruleId?: string;
  @ApiPropertyOptional({ example: 'buttons[1].title' }) field?: string;
}

export class FindingDto {
  @ApiProperty({ enum: ['error', 'warning', 'info'] }) severity!: Severity;
  @ApiProperty({ enum: FINDING_CODES }) code!: FindingCode;
  @ApiProperty({ description: 'Empty: the flow as a whole.' }) where!: FindingPlaceDto;
  @ApiProperty({ description: 'For people.' }) message!: string;
}

export class ButtonDto {
  @ApiProperty() id!: string;
  @ApiProperty() title!: string;
  @ApiPropertyOptional() description?: string;
  @ApiPropertyOptional() nextTemplateKey?: string;
  @ApiPropertyOptional() nextState?: string;
  @ApiPropertyOptional({ type: 'integer' }) index?: number;
}

/** A step as it is kept; what it does not have is left out. */
export class StepDto extends OmitType(StepToPutDto, [
  'kind',
  'buttons',
  'language',
  'translations',
  'handsOff',
  'isActive',
]) {
  @ApiProperty({ example: 'tmpl_ab12cd34' }) key!: string;
  @ApiProperty({ enum: STEP_KINDS }) kind!: StepKind;
  @ApiProperty({ type: [ButtonDto] }) buttons!: ButtonDto[];
  @ApiProperty() language!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'object' } })
  translations!: Record<string, StepTranslation>;
  @ApiProperty() handsOff!: boolean;
  @ApiProperty() isActive!: boolean;
  @ApiProperty({ type: 'integer', description: 'Counts its changes, from 1.' }) version!: number;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class WrittenStepDto extends StepDto {
  @ApiProperty({
    type: [FindingDto],
    description: 'It works, but otherwise than it looks; and what else does so since then.',
  })
  warnings!: FindingDto[];
}

export class RemovedStepDto {
  @ApiProperty({ type: [FindingPlaceDto], description: 'What led to it, and leads there no more.' })
  cut!: FindingPlaceDto[];
  @ApiProperty({ type: [FindingDto], description: 'What works otherwise than it looks since then.' })
  warnings!: FindingDto[];
}

export class StepsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STEP_KINDS })
  @IsOptional()
  @IsIn(STEP_KINDS)
  kind?: StepKind;

  @ApiPropertyOptional({ type: 'boolean' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({
    maxLength: 100,
    description: 'Part of the key, of what the step says, or of its description.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  q?: string;
}

export class RemoveStepQuery {
  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'Cuts what leads to it.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  force = false;
}
