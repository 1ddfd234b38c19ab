import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { ReplyRuleView } from '../../application/rules/reply-rules.js';

const TEMPLATE_NAME = /^[a-z0-9_]{1,512}$/;
const LANGUAGE = /^[a-z]{2,3}(_[A-Z]{2,4})?$/;

export class ReplyRuleIdParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class AddReplyRuleDto {
  @ApiProperty({ example: 'first_template', description: 'The template that is answered.' })
  @Matches(TEMPLATE_NAME)
  templateName!: string;

  @ApiProperty({ example: 'Yes', description: 'Typed or tapped; case and punctuation do not count.' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/, { message: 'reply must not be blank' })
  reply!: string;

  @ApiProperty({ example: 'guest_questions', description: 'The template that is sent; it takes no variables.' })
  @Matches(TEMPLATE_NAME)
  sendTemplate!: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: 'en',
    description: 'Null: the language of the template that was answered.',
  })
  @IsOptional()
  @Matches(LANGUAGE)
  sendLanguage?: string | null;

  @ApiPropertyOptional({ default: true })
  @WhenGiven()
  @IsBoolean()
  enabled?: boolean;
}

export class ChangeReplyRuleDto {
  @ApiPropertyOptional()
  @WhenGiven()
  @Matches(TEMPLATE_NAME)
  templateName?: string;

  @ApiPropertyOptional()
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/, { message: 'reply must not be blank' })
  reply?: string;

  @ApiPropertyOptional()
  @WhenGiven()
  @Matches(TEMPLATE_NAME)
  sendTemplate?: string;

  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptional()
  @Matches(LANGUAGE)
  sendLanguage?: string | null;

  @ApiPropertyOptional()
  @WhenGiven()
  @IsBoolean()
  enabled?: boolean;
}

export class ReplyRuleDto implements ReplyRuleView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() templateName!: string;
  @ApiProperty() reply!: string;
  @ApiProperty() sendTemplate!: string;
  @ApiProperty({ type: 'string', nullable: true }) sendLanguage!: string | null;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class ReplyRulesDto {
  @ApiProperty({ type: [ReplyRuleDto] }) data!: ReplyRuleDto[];
}
