import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  actorOf,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { AcknowledgeAlert } from '../../application/health/acknowledge-alert.js';
import type { AlertView } from '../../application/health/alert-view.js';
import { ListAlerts } from '../../application/health/list-alerts.js';
import { AlertDto, AlertsQuery } from './health.dto.js';

@ApiTags('WhatsApp account')
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'What WhatsApp told of accounts, numbers and templates that somebody must know',
    description: 'The newest first. Alerts of a number are told to those who see the number.',
  })
  @ApiPage(AlertDto)
  list(
    @Query() { open, limit, cursor }: AlertsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<AlertView>> {
    const which = open === undefined ? 'all' : open === 'true' ? 'open' : 'acknowledged';
    return this.queries.execute(new ListAlerts(inboxAccessOf(principal), which, limit, cursor));
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @RequiresScope('whatsapp:write')
  @ApiOperation({ summary: 'Say that an alert was read; if it happens again, it is another one' })
  @ApiOkResponse({ type: AlertDto })
  acknowledge(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() principal: Principal): Promise<AlertView> {
    return this.commands.execute(new AcknowledgeAlert(inboxAccessOf(principal), actorOf(principal), id));
  }
}
