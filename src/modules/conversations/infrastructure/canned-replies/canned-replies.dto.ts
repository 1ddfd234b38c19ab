import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { CannedReplyToAdd, CannedReplyView } from '../../application/canned-replies/canned-replies.js';
import type { RenderedReply } from '../../application/canned-replies/render-canned-reply.js';
import { REPLY_VARIABLES, type ReplyVariable } from '../../domain/canned-replies/canned-reply.js';

export class AddCannedReplyDto implements CannedReplyToAdd {
  @ApiProperty({
    maxLength: 32,
    example: 'thanks',
    description: 'Letters, digits, - and _; unique without regard to case.',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,31}$/u, { message: 'shortcut must be a short word' })
  shortcut!: string;

  @ApiProperty({
    maxLength: 4096,
    example: 'Thank you, {{contact.name}}!',
    description: `May name ${REPLY_VARIABLES.map((name) => `\`{{${name}}}\``).join(', ')}.`,
  })
  @IsString()
  @MaxLength(4096)
  // eslint-disable-next-line no-control-regex
  @Matches(/^[^\u0000]*\S[^\u0000]*$/u, { message: 'body must say something' })
  body!: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: "Of one area only; null: everybody's.",
  })
  @ValidateIf(({ areaId }: AddCannedReplyDto) => areaId !== undefined && areaId !== null)
  @IsUUID()
  areaId?: string | null;
}

export class ChangeCannedReplyDto extends PartialType(AddCannedReplyDto, { skipNullProperties: false }) {}

export class CannedReplyDto implements CannedReplyView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() shortcut!: string;
  @ApiProperty() body!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) areaId!: string | null;
  @ApiProperty({ description: '`user:<id>` or `api-key:<id>`' }) createdBy!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class RenderCannedReplyDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  conversationId!: string;
}

export class RenderedReplyDto implements RenderedReply {
  @ApiProperty() text!: string;
  @ApiProperty({
    enum: REPLY_VARIABLES,
    isArray: true,
    description: 'What has no value here, and is left out of the text.',
  })
  missing!: ReplyVariable[];
}
