import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, IsString, IsUUID, Matches } from 'class-validator';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import { IsBusinessKey, TemplateDto } from '../../../messaging/index.js';

export const SAID_TYPES = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'template',
  'interactive',
  'location',
  'contacts',
  'reaction',
] as const;

/** A file: one of the three. Lengths are checked with the message (`CONTENT_REFUSED`). */
export class MediaDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a file that was uploaded here (`POST /v1/media`).' })
  @WhenGiven()
  @IsUUID()
  mediaId?: string;

  @ApiPropertyOptional({ description: "The provider's id of a file." })
  @WhenGiven()
  @IsString()
  id?: string;

  @ApiPropertyOptional({ format: 'uri', description: 'An address that the provider fetches.' })
  @WhenGiven()
  @IsString()
  link?: string;
}

export class ReplyButtonDto {
  @ApiProperty() @IsString() id!: string;
  @ApiProperty({ maxLength: 20 }) @IsString() title!: string;
}

export class ListRowDto {
  @ApiProperty() @IsString() id!: string;
  @ApiProperty({ maxLength: 24 }) @IsString() title!: string;
  @ApiPropertyOptional({ maxLength: 72 }) @WhenGiven() @IsString() description?: string;
}

export class ListSectionDto {
  @ApiPropertyOptional({ maxLength: 24 }) @WhenGiven() @IsString() title?: string;
  @ApiProperty({ type: [ListRowDto] }) @IsNestedList(ListRowDto, 10) rows!: ListRowDto[];
}

export class InteractiveDto {
  @ApiPropertyOptional({ maxLength: 60 }) @WhenGiven() @IsString() header?: string;
  @ApiProperty({ maxLength: 1024 }) @IsString() body!: string;
  @ApiPropertyOptional({ maxLength: 60 }) @WhenGiven() @IsString() footer?: string;

  @ApiPropertyOptional({ type: [ReplyButtonDto], description: 'One to three reply buttons; these, or a list.' })
  @WhenGiven()
  @IsNestedList(ReplyButtonDto, 3)
  buttons?: ReplyButtonDto[];

  @ApiPropertyOptional({ maxLength: 20, description: 'The button that opens the list.' })
  @WhenGiven()
  @IsString()
  button?: string;

  @ApiPropertyOptional({ type: [ListSectionDto], description: 'One to ten rows in all.' })
  @WhenGiven()
  @IsNestedList(ListSectionDto, 10)
  sections?: ListSectionDto[];
}

export class PlaceDto {
  @ApiProperty() @IsNumber() latitude!: number;
  @ApiProperty() @IsNumber() longitude!: number;
  @ApiPropertyOptional() @WhenGiven() @IsString() name?: string;
  @ApiPropertyOptional() @WhenGiven() @IsString() address?: string;
}

export class CardNameDto {
  @ApiProperty() @IsString() formatted!: string;
  @ApiPropertyOptional() @WhenGiven() @IsString() first?: string;
  @ApiPropertyOptional() @WhenGiven() @IsString() last?: string;
}

export class CardPhoneDto {
  @ApiProperty() @IsString() phone!: string;
  @ApiPropertyOptional() @WhenGiven() @IsString() label?: string;
}

export class CardEmailDto {
  @ApiProperty() @IsString() email!: string;
  @ApiPropertyOptional() @WhenGiven() @IsString() label?: string;
}

export class ContactCardDto {
  @ApiProperty({ type: CardNameDto }) @IsNested(CardNameDto) name!: CardNameDto;
  @ApiPropertyOptional({ type: [CardPhoneDto] }) @WhenGiven() @IsNestedList(CardPhoneDto, 20) phones?: CardPhoneDto[];
  @ApiPropertyOptional({ type: [CardEmailDto] }) @WhenGiven() @IsNestedList(CardEmailDto, 20) emails?: CardEmailDto[];
  @ApiPropertyOptional() @WhenGiven() @IsString() organization?: string;
}

export class ReactionToDto {
  @ApiProperty({ format: 'uuid', description: 'The message of this conversation.' }) @IsUUID() messageId!: string;
  @ApiProperty({ description: 'Empty takes the reaction back.' }) @IsString() emoji!: string;
}

/** What is said stands in the member that `type` names; of media in `media`. */
export class SayDto {
  @ApiProperty({ enum: SAID_TYPES })
  @IsIn(SAID_TYPES)
  type!: (typeof SAID_TYPES)[number];

  @ApiPropertyOptional({ maxLength: 4096 }) @WhenGiven() @IsString() text?: string;
  @ApiPropertyOptional() @WhenGiven() @IsBoolean() previewUrl?: boolean;
  @ApiPropertyOptional({ type: MediaDto }) @WhenGiven() @IsNested(MediaDto) media?: MediaDto;
  @ApiPropertyOptional({ maxLength: 1024 }) @WhenGiven() @IsString() caption?: string;
  @ApiPropertyOptional({ maxLength: 240 }) @WhenGiven() @IsString() filename?: string;
  @ApiPropertyOptional({ type: TemplateDto }) @WhenGiven() @IsNested(TemplateDto) template?: TemplateDto;
  @ApiPropertyOptional({ type: InteractiveDto }) @WhenGiven() @IsNested(InteractiveDto) interactive?: InteractiveDto;
  @ApiPropertyOptional({ type: PlaceDto }) @WhenGiven() @IsNested(PlaceDto) location?: PlaceDto;
  @ApiPropertyOptional({ type: [ContactCardDto] })
  @WhenGiven()
  @IsNestedList(ContactCardDto, 257)
  contacts?: ContactCardDto[];
  @ApiPropertyOptional({ type: ReactionToDto }) @WhenGiven() @IsNested(ReactionToDto) reaction?: ReactionToDto;

  @ApiPropertyOptional({ format: 'uuid', description: 'The message of this conversation that it answers.' })
  @WhenGiven()
  @IsUUID()
  replyTo?: string;

  @WhenGiven()
  @IsBusinessKey()
  idempotencyKey?: string;

  @ApiPropertyOptional({
    description:
      "Left out: the conversation's number. Another one must be for retargeting; the message goes into its conversation.",
  })
  @WhenGiven()
  @Matches(/^\d{1,32}$/)
  phoneNumberId?: string;
}
