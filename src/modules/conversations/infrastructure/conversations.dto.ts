import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../../../platform/http/pagination.js';
import { WhenGiven } from '../../../platform/http/when-given.js';
import type { Identity, IdentityKind } from '../../customers/index.js';
import type { ConversationCounts, ConversationMatch } from '../application/conversations.js';
import type { ListedConversation } from '../application/list-conversations.js';
import type { ConversationView, PersonView } from '../application/conversation-view.js';
import { THREAD_STATUSES, type ThreadStatus } from '../domain/inbox/thread-status.js';
import { THREAD_TYPES, type ThreadType } from '../domain/inbox/type-by-template.js';
import { type BotPause, SILENCE_REASONS, type SilenceReason } from '../domain/silence.js';

export class ConversationIdParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

/** Which conversations: of a list, or of an export. */
export class ConversationsFilterQuery {
  @ApiPropertyOptional({ enum: THREAD_TYPES, description: '`guest`: also those of no type yet.' })
  @WhenGiven()
  @IsIn(THREAD_TYPES)
  type?: ThreadType;

  @ApiPropertyOptional({ enum: [...THREAD_STATUSES, 'all'], default: 'active' })
  @WhenGiven()
  @IsIn([...THREAD_STATUSES, 'all'])
  status?: ThreadStatus | 'all';

  @ApiPropertyOptional({ description: "`me`, `none`, or a user's id." })
  @WhenGiven()
  @Matches(/^(me|none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, {
    message: 'assignee must be me, none or the id of a user',
  })
  assignee?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Those that carry this label.' })
  @WhenGiven()
  @IsUUID()
  label?: string;

  @ApiPropertyOptional({ type: 'boolean', description: 'Those with something unread, or those without.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  unread?: boolean;

  @ApiPropertyOptional({
    minLength: 3,
    maxLength: 200,
    description:
      'In names, phone numbers, usernames, and what was said; at least three characters. Each conversation comes once, with its best `match`. What more than 1,000 customers or messages contain is looked for in the next 500 conversations of the list, in the latest 100 messages of each; more of the words find what is older.',
  })
  @WhenGiven()
  @IsString()
  @MaxLength(200)
  q?: string;

  @ApiPropertyOptional({ description: "Conversations of one of the merchant's numbers." })
  @IsOptional()
  @Matches(/^\d{1,32}$/)
  phoneNumberId?: string;
}

export class ConversationsQuery extends IntersectionType(PageQuery, ConversationsFilterQuery) {}

export class ConversationCountsQuery extends PickType(ConversationsFilterQuery, ['phoneNumberId']) {}

export class IdentityDto implements Identity {
  @ApiProperty({ enum: ['phone', 'wa_id', 'bsuid', 'parent_bsuid', 'username'] }) kind!: IdentityKind;
  @ApiProperty() value!: string;
}

export class ConversationContactDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({ type: [IdentityDto] }) identities!: IdentityDto[];
}

export class PersonDto implements PersonView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
}

export class ConversationLabelDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ example: '#2f855a' }) color!: string;
}

export class BotPauseDto implements NonNullable<BotPause['botPause']> {
  @ApiProperty({
    enum: SILENCE_REASONS,
    description:
      "`person`: somebody took over, here or on the phone; `flow`: the merchant's flow left it to people; `loop`: two programs seemed to talk. Restart words of the flow end it, a loop's once an hour.",
  })
  why!: SilenceReason;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'Since when; of a person: their last message.' })
  at!: Date;
}

export class ConversationDto implements ConversationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ type: PersonDto, nullable: true, description: "The number's area." }) area!: PersonDto | null;
  @ApiProperty({ type: ConversationContactDto }) contact!: ConversationContactDto;
  @ApiProperty({
    enum: THREAD_TYPES,
    nullable: true,
    description: 'Null: no template has said so yet; counted as guest.',
  })
  type!: 'owner' | 'guest' | null;
  @ApiProperty({ enum: THREAD_STATUSES }) status!: 'active' | 'archived' | 'blocked';
  @ApiProperty({ type: PersonDto, nullable: true }) assignee!: PersonDto | null;
  @ApiProperty({ type: [PersonDto] }) participants!: PersonDto[];
  @ApiProperty({ type: [ConversationLabelDto] }) labels!: ConversationLabelDto[];
  @ApiProperty({ type: 'string', format: 'uri', nullable: true }) referenceLink!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0 }) unreadCount!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many people have it open at this moment.' })
  viewers!: number;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'The caller is not notified until then.',
  })
  mutedUntil!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Automation is silent until then.' })
  botPausedUntil!: Date | null;
  @ApiProperty({
    type: BotPauseDto,
    nullable: true,
    description: 'Why automation is silent; null: it is not.',
  })
  botPause!: BotPauseDto | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) lastMessageAt!: Date;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) lastMessageDirection!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty() lastMessagePreview!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) lastInboundAt!: Date | null;
  @ApiProperty({ description: 'Whether the customer may be sent anything; otherwise approved templates only.' })
  windowOpen!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) windowClosesAt!: Date | null;
}

export class ConversationMatchDto implements ConversationMatch {
  @ApiProperty({ enum: ['name', 'profileName', 'phone', 'username', 'message'] }) field!: ConversationMatch['field'];
  @ApiPropertyOptional({ format: 'uuid' }) messageId?: string;
  @ApiProperty({ description: 'The words with what stands around them.' }) excerpt!: string;
}

export class ListedConversationDto extends ConversationDto implements ListedConversation {
  @ApiPropertyOptional({ type: ConversationMatchDto, description: 'What a search found.' })
  match?: ConversationMatchDto;
}

export class ConversationCountsDto implements ConversationCounts {
  @ApiProperty({ type: 'integer', description: 'All active ones.' }) total!: number;
  @ApiProperty({ type: 'integer' }) owner!: number;
  @ApiProperty({ type: 'integer', description: 'Also those of no type yet.' }) guest!: number;
  @ApiProperty({ type: 'integer', description: 'With something unread.' }) unread!: number;
  @ApiProperty({ type: 'integer' }) assignedToMe!: number;
  @ApiProperty({ type: 'integer' }) unassigned!: number;
  @ApiProperty({ type: 'integer' }) archived!: number;
  @ApiProperty({ type: 'integer' }) blocked!: number;
}
