import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { InboxSettings, type InboxSettingsView } from '../../application/inbox-settings/inbox-settings.js';
import { ReplaceInboxSettings } from '../../application/inbox-settings/replace-inbox-settings.js';
import { InboxSettingsDto } from './inbox-settings.dto.js';

@ApiTags('Conversations')
@Controller('v1/inbox-settings')
export class InboxSettingsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'How the inbox behaves' })
  @ApiOkResponse({ type: InboxSettingsDto })
  show(): Promise<InboxSettingsView> {
    return this.queries.execute(new InboxSettings());
  }

  @Put()
  @RequiresScope('tenant:write')
  @ApiOperation({ summary: 'Say how the inbox behaves', description: 'For the ADMIN. Written to the audit log.' })
  @ApiOkResponse({ type: InboxSettingsDto })
  replace(@Body() settings: InboxSettingsDto): Promise<InboxSettingsView> {
    return this.commands.execute(new ReplaceInboxSettings(settings));
  }
}
