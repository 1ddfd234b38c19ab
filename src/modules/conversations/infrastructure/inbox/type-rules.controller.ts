import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApplyInboxPreset, ListTypeRules, ReplaceTypeRules } from '../../application/inbox/keep-type-rules.js';
import { INBOX_PRESETS, type InboxPreset } from '../../domain/inbox/inbox-presets.js';
import type { TypeRule } from '../../domain/inbox/type-by-template.js';
import { InboxPresetDto, TypeRulesDto } from './inbox.dto.js';

@ApiTags('Conversations')
@ApiExtraModels(InboxPresetDto)
@Controller('v1')
export class TypeRulesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('conversation-type-rules')
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'What the first template makes of a conversation' })
  @ApiOkResponse({ type: TypeRulesDto })
  async list(): Promise<{ rules: readonly TypeRule[] }> {
    return { rules: await this.queries.execute(new ListTypeRules()) };
  }

  @Put('conversation-type-rules')
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Say what the first template makes of a conversation',
    description:
      'A template that no rule fits makes a guest; without rules nothing is decided. Conversations that have a type keep it.',
  })
  @ApiOkResponse({ type: TypeRulesDto })
  async replace(@Body() { rules }: TypeRulesDto): Promise<{ rules: readonly TypeRule[] }> {
    return { rules: await this.commands.execute(new ReplaceTypeRules(rules)) };
  }

  @Get('inbox-presets')
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'Rules that come ready made' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['data'],
      properties: { data: { type: 'array', items: { $ref: '#/components/schemas/InboxPresetDto' } } },
    },
  })
  presets(): { data: readonly InboxPreset[] } {
    return { data: INBOX_PRESETS };
  }

  @Post('inbox-presets/:name/apply')
  @HttpCode(204)
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Take over the rules of a preset',
    description: 'Replaces the rules about types; adds those about replies to what is there.',
  })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`INBOX_PRESET_NOT_FOUND`' })
  async apply(@Param('name') name: string): Promise<void> {
    await this.commands.execute(new ApplyInboxPreset(name));
  }
}
