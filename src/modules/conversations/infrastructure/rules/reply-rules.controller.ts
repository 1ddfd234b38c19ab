import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import {
  AddReplyRule,
  ChangeReplyRule,
  ListReplyRules,
  RemoveReplyRule,
} from '../../application/rules/change-reply-rules.js';
import type { ReplyRuleView } from '../../application/rules/reply-rules.js';
import {
  AddReplyRuleDto,
  ChangeReplyRuleDto,
  ReplyRuleDto,
  ReplyRuleIdParam,
  ReplyRulesDto,
} from './reply-rules.dto.js';

@ApiTags('Inbox')
@Controller('v1/reply-rules')
export class ReplyRulesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'Rules by which a reply to a template is answered with another template' })
  @ApiOkResponse({ type: ReplyRulesDto })
  async list(): Promise<ReplyRulesDto> {
    return { data: await this.queries.execute(new ListReplyRules()) };
  }

  @Post()
  @RequiresScope('tenant:write')
  @ApiOperation({ summary: 'Add a rule' })
  @ApiCreatedResponse({ type: ReplyRuleDto })
  @ApiConflictResponse({ description: '`REPLY_RULE_TAKEN`: this reply to this template has a rule' })
  add(@Body() { sendLanguage, enabled, ...rule }: AddReplyRuleDto): Promise<ReplyRuleView> {
    return this.commands.execute(
      new AddReplyRule({ ...rule, sendLanguage: sendLanguage ?? null, enabled: enabled ?? true }),
    );
  }

  @Patch(':id')
  @RequiresScope('tenant:write')
  @ApiOperation({ summary: 'Change a rule, or switch it off' })
  @ApiOkResponse({ type: ReplyRuleDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: '`REPLY_RULE_TAKEN`' })
  change(@Param() { id }: ReplyRuleIdParam, @Body() body: ChangeReplyRuleDto): Promise<ReplyRuleView> {
    const changes = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    return this.commands.execute(new ChangeReplyRule(id, changes));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('tenant:write')
  @ApiOperation({ summary: 'Remove a rule' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async remove(@Param() { id }: ReplyRuleIdParam): Promise<void> {
    await this.commands.execute(new RemoveReplyRule(id));
  }
}
