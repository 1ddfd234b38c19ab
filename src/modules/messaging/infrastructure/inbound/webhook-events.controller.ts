import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlsoForThePlatform, PlatformOnly, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ReservesIdempotencyKey } from '../../../../platform/http/idempotency.js';
import { ApiPage, Cursor, type Page } from '../../../../platform/http/pagination.js';
import { ListWebhookEvents } from '../../application/inbound/list-webhook-events.js';
import { ReplayWebhookEvents } from '../../application/inbound/replay-webhook-events.js';
import { SummariseWebhookEvents } from '../../application/inbound/summarise-webhook-events.js';
import type { ReplaySummary, WebhookEventView, WebhookSummary } from '../../application/inbound/webhook-events.js';
import {
  ListWebhookEventsQuery,
  ReplaySummaryDto,
  ReplayWebhookEventsDto,
  WebhookEventDto,
  WebhookSummaryDto,
} from './webhook-events.dto.js';

const cursor = new Cursor({ id: 'uuid' });

/** What came in by webhook and what became of it (contract 4). */
@ApiTags('Operations')
@Controller('v1/webhook-events')
export class WebhookEventsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('summary')
  @PlatformOnly()
  @ApiOperation({ summary: 'How much was received, and what became of it' })
  @ApiOkResponse({ type: WebhookSummaryDto })
  summarise(): Promise<WebhookSummary> {
    return this.queries.execute(new SummariseWebhookEvents());
  }

  @Get()
  @RequiresScope('operations:read')
  @AlsoForThePlatform()
  @ApiOperation({ summary: 'Webhook events, newest first, with the reason of their state' })
  @ApiPage(WebhookEventDto)
  async list(@Query() { limit, cursor: after, state, field }: ListWebhookEventsQuery): Promise<Page<WebhookEventView>> {
    const position = cursor.read(after);
    const filter = { ...(state && { state }), ...(field && { field }), ...(position && { before: position.id }) };
    return cursor.page(await this.queries.execute(new ListWebhookEvents(filter, limit + 1)), limit, (event) => event);
  }

  @Post('replay')
  @HttpCode(200)
  @RequiresScope('operations:write')
  @AlsoForThePlatform()
  @ReservesIdempotencyKey()
  @ApiOperation({ summary: 'Take events up again: those named, or all of a state, received since an instant, or both' })
  @ApiOkResponse({ type: ReplaySummaryDto })
  replay(@Body() selection: ReplayWebhookEventsDto): Promise<ReplaySummary> {
    return this.commands.execute(new ReplayWebhookEvents(selection));
  }
}
