import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import {
  type Expectation,
  TRIAL_NOTES,
  type TranscriptLine,
  type TrialMessage,
  type TrialNote,
} from '../../application/trial/transcript.js';
import { FlowDocumentDto } from '../exchange/flow-document.dto.js';
import { IsTexts, LANGUAGE } from '../steps/text-maps.js';

const MOST_MESSAGES = 100;

export class ExpectationDto {
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'The step that answers; null: none does.' })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  @MaxLength(64)
  stepKey?: string | null;

  @ApiPropertyOptional({ description: 'Stands in what is said.' })
  @WhenGiven()
  @IsString()
  @MaxLength(4096)
  text?: string;

  @ApiPropertyOptional()
  @WhenGiven()
  @IsString()
  @MaxLength(64)
  state?: string;
}

export class TrialMessageDto {
  @ApiPropertyOptional({ maxLength: 4096, description: 'What the customer writes. Either this or `tap`.' })
  @ValidateIf(({ text, tap }: TrialMessageDto) => text !== undefined || tap === undefined)
  @IsString()
  @Length(1, 4096)
  text?: string;

  @ApiPropertyOptional({ maxLength: 256, description: 'Title or id of the button that the customer taps.' })
  @ValidateIf(({ text, tap }: TrialMessageDto) => tap !== undefined && text === undefined)
  @IsString()
  @Length(1, 256)
  tap?: string;

  @ApiPropertyOptional()
  @WhenGiven()
  @IsNested(ExpectationDto)
  expect?: ExpectationDto;
}

export class TrialContactDto {
  @ApiPropertyOptional({ maxLength: 200 })
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ example: 'hi' })
  @WhenGiven()
  @IsString()
  @Matches(LANGUAGE, { message: 'language must be a language tag, e.g. en or en-IN' })
  language?: string;
}

export class TrialToMakeDto {
  @ApiProperty({ type: [TrialMessageDto], minItems: 1, maxItems: MOST_MESSAGES })
  @IsNestedList(TrialMessageDto, MOST_MESSAGES)
  @ArrayMinSize(1)
  messages!: TrialMessageDto[];

  @ApiPropertyOptional({ description: 'The customer, who is nobody of yours.' })
  @WhenGiven()
  @IsNested(TrialContactDto)
  contact?: TrialContactDto;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'customer.balance': '₹1,500.00' },
    description:
      'What stands for variables; those of answers and `merchant.name` are known, and statements once STOP has opened books.',
  })
  @WhenGiven()
  @IsTexts()
  variables?: Record<string, string>;

  @ApiPropertyOptional({ description: 'A whole flow that is tried instead of yours; nothing of it is kept.' })
  @WhenGiven()
  @IsNested(FlowDocumentDto)
  draft?: FlowDocumentDto;
}

export class TrialButtonDto {
  @ApiProperty() id!: string;
  @ApiProperty() title!: string;
}

export class TranscriptLineDto implements TranscriptLine {
  @ApiProperty({
    enum: ['customer', 'flow', 'house'],
    description: '`house`: what answers here beside your flow: menu, consent words, the hint.',
  })
  from!: 'customer' | 'flow' | 'house';
  @ApiProperty({ example: 'buttons', description: '`text`, `tap`, the kind of the message, or `nothing`.' })
  kind!: string;
  @ApiProperty({ type: 'string', nullable: true }) text!: string | null;
  @ApiProperty({ type: [TrialButtonDto] }) buttons!: TrialButtonDto[];
  @ApiProperty({ type: 'string', nullable: true }) stepKey!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Id of the button or rule that led here; `collects`, `invalid`, `restart` or `fallback`.',
  })
  edge!: string | null;
  @ApiProperty({ description: 'Of the conversation, afterwards.' }) state!: string;
  @ApiProperty({ enum: TRIAL_NOTES, nullable: true }) note!: TrialNote | null;
  @ApiProperty({ isArray: true, type: 'string', description: 'Variables that nobody gave.' }) missing!: string[];
}

export class FoundDto implements Expectation {
  @ApiProperty({ type: 'string', nullable: true }) stepKey!: string | null;
  @ApiProperty() text!: string;
  @ApiProperty() state!: string;
}

export class TrialCheckDto {
  @ApiProperty({ type: 'integer', description: 'Place of the message, from 0.' }) message!: number;
  @ApiProperty() passed!: boolean;
  @ApiProperty() found!: FoundDto;
}

export class TrialDto {
  @ApiProperty({ type: [TranscriptLineDto] }) transcript!: TranscriptLineDto[];
  @ApiProperty({ type: [TrialCheckDto], description: 'Of each message that expected something.' })
  checks!: TrialCheckDto[];
  @ApiProperty({ description: 'Whether all was as expected.' }) passed!: boolean;
}

/** Of a message with both, the text counts. */
export function readMessage({ text, tap = '', expect }: TrialMessageDto): TrialMessage {
  return { ...(text === undefined ? { tap } : { text }), ...(expect && { expect }) };
}
