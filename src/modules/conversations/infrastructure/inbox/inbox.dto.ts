import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsIn, IsString, IsUrl, IsUUID, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { ConversationChanges } from '../../application/inbox/change-conversation.js';
import type { NoteView } from '../../application/inbox/notes.js';
import type { ConversationToOpen } from '../../application/inbox/open-conversation.js';
import { THREAD_STATUSES, type ThreadStatus } from '../../domain/inbox/thread-status.js';
import { THREAD_TYPES, type ThreadType, TYPE_MATCHES, type TypeRule } from '../../domain/inbox/type-by-template.js';

const LINK = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
/** Text that people write: no NUL, which the database does not take. */
// eslint-disable-next-line no-control-regex
const TEXT = /^[^\u0000]*\S[^\u0000]*$/u;

export class OpenConversationDto implements ConversationToOpen {
  @ApiProperty({
    maxLength: 40,
    examples: ['+919876543210'],
    description: "E.164, or a national number of the merchant's country.",
  })
  @IsString()
  @Length(1, 40)
  phone!: string;

  @ApiPropertyOptional({ maxLength: 200, description: "The merchant's name for the customer." })
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({
    format: 'uri',
    maxLength: 2000,
    description: 'What the conversation is about: http or https.',
  })
  @WhenGiven()
  @IsUrl(LINK)
  @MaxLength(2000)
  referenceLink?: string;

  @ApiPropertyOptional({ description: 'Left out: the default one of those that the caller sees.' })
  @WhenGiven()
  @IsString()
  @Matches(/^\d{1,32}$/)
  phoneNumberId?: string;
}

export class ChangeConversationDto implements ConversationChanges {
  @ApiPropertyOptional({ enum: THREAD_TYPES })
  @WhenGiven()
  @IsIn(THREAD_TYPES)
  type?: ThreadType;

  @ApiPropertyOptional({
    enum: THREAD_STATUSES,
    description:
      'What a customer writes makes an archived conversation active again; to a blocked one nothing answers, and its customer gets no reminders from any number. To block, or to lift a block, is not for SALES and LEAD_GEN.',
  })
  @WhenGiven()
  @IsIn(THREAD_STATUSES)
  status?: ThreadStatus;

  @ApiPropertyOptional({ type: 'string', format: 'uri', maxLength: 2000, nullable: true })
  @ValidateIf(({ referenceLink }: ChangeConversationDto) => referenceLink !== undefined && referenceLink !== null)
  @IsUrl(LINK)
  @MaxLength(2000)
  referenceLink?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: 200,
    nullable: true,
    description: "The merchant's name for the customer; null: they are called as they call themselves.",
  })
  @ValidateIf(({ name }: ChangeConversationDto) => name !== undefined && name !== null)
  @IsString()
  @Length(1, 200)
  name?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Automation is silent until then; null: it answers again.',
  })
  @ValidateIf(({ botPausedUntil }: ChangeConversationDto) => botPausedUntil !== undefined && botPausedUntil !== null)
  @IsInstant()
  botPausedUntil?: Date | null;
}

export class AssignConversationDto {
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: "Null: nobody's." })
  @ValidateIf(({ userId }: AssignConversationDto) => userId !== null)
  @IsUUID()
  userId!: string | null;

  @ApiPropertyOptional({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Whose it was when the caller looked: 409 `ALREADY_ASSIGNED` when it is somebody else’s by now.',
  })
  @ValidateIf(({ from }: AssignConversationDto) => from !== null && from !== undefined)
  @IsUUID()
  from?: string | null;
}

export class ParticipantParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  userId!: string;
}

export class ConversationLabelParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  labelId!: string;
}

export class NoteParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  noteId!: string;
}

export class NoteBodyDto {
  @ApiProperty({ maxLength: 4096 })
  @IsString()
  @MaxLength(4096)
  @Matches(TEXT, { message: 'body must say something' })
  body!: string;
}

export class NoteDto implements NoteView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: '`user:<id>` or `api-key:<id>`' }) author!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'Of a user.' }) authorName!: string | null;
  @ApiProperty() body!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class TypeRuleDto implements TypeRule {
  @ApiProperty({ enum: TYPE_MATCHES })
  @IsIn(TYPE_MATCHES)
  match!: TypeRule['match'];

  @ApiProperty({ maxLength: 512, description: 'Of the name of a template, without regard to case.' })
  @IsString()
  @MaxLength(512)
  @Matches(TEXT, { message: 'pattern must say something' })
  pattern!: string;

  @ApiProperty({ enum: THREAD_TYPES })
  @IsIn(THREAD_TYPES)
  type!: ThreadType;
}

export class TypeRulesDto {
  @ApiProperty({ type: [TypeRuleDto], maxItems: 50, description: 'The first that fits counts.' })
  @IsNestedList(TypeRuleDto, 50)
  @ArrayMaxSize(50)
  rules!: TypeRuleDto[];
}

class PresetReplyRuleDto {
  @ApiProperty() templateName!: string;
  @ApiProperty() reply!: string;
  @ApiProperty() sendTemplate!: string;
}

export class InboxPresetDto {
  @ApiProperty() name!: string;
  @ApiProperty() about!: string;
  @ApiProperty({ type: [TypeRuleDto] }) typeRules!: TypeRuleDto[];
  @ApiProperty({ type: [PresetReplyRuleDto] }) replyRules!: PresetReplyRuleDto[];
}
