import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../platform/http/pagination.js';
import { ReplayDeliveries, type Replayed } from '../application/deliveries/replay-deliveries.js';
import { FindDelivery, ListDeliveries } from '../application/deliveries/show-deliveries.js';
import { TestEndpoint } from '../application/deliveries/test-endpoint.js';
import type { DeliveryDetails, DeliveryView } from '../application/deliveries/webhook-deliveries.js';
import { DeliveriesQuery, DeliveryDetailsDto, DeliveryDto, ReplayDto, ReplayedDto } from './webhook-deliveries.dto.js';

@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints/:id')
export class WebhookDeliveriesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('deliveries')
  @RequiresScope('webhooks:read')
  @ApiOperation({ summary: 'What the endpoint was told, and how that went; newest first, a month back' })
  @ApiPage(DeliveryDto)
  @ApiNotFoundResponse({ description: '`WEBHOOK_ENDPOINT_NOT_FOUND`' })
  list(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { state, limit, cursor }: DeliveriesQuery,
  ): Promise<Page<DeliveryView>> {
    return this.queries.execute(new ListDeliveries(id, state, limit, cursor));
  }

  @Get('deliveries/:deliveryId')
  @RequiresScope('webhooks:read')
  @ApiOperation({ summary: 'A delivery, with its event and how its attempts went' })
  @ApiOkResponse({ type: DeliveryDetailsDto })
  @ApiNotFoundResponse({ description: '`WEBHOOK_ENDPOINT_NOT_FOUND`, `WEBHOOK_DELIVERY_NOT_FOUND`' })
  find(
    @Param('id', ParseUUIDPipe) id: string,
    @Param('deliveryId', ParseUUIDPipe) deliveryId: string,
  ): Promise<DeliveryDetails> {
    return this.queries.execute(new FindDelivery(id, deliveryId));
  }

  @Post('test')
  @HttpCode(202)
  @RequiresScope('webhooks:write')
  @ApiOperation({
    summary: 'Send a ping, once, whatever the status',
    description: 'How it went stands in the delivery.',
  })
  @ApiAcceptedResponse({ type: DeliveryDetailsDto })
  @ApiNotFoundResponse({ description: '`WEBHOOK_ENDPOINT_NOT_FOUND`' })
  test(@Param('id', ParseUUIDPipe) id: string): Promise<DeliveryDetails> {
    return this.commands.execute(new TestEndpoint(id));
  }

  @Post('replay')
  @HttpCode(202)
  @RequiresScope('webhooks:write')
  @ApiOperation({
    summary: 'Tell again what was told or given up',
    description:
      'In order and under the same ids. Name exactly one of `since` (with `until` or without), `ids` and `state`.',
  })
  @ApiAcceptedResponse({ type: ReplayedDto })
  @ApiNotFoundResponse({ description: '`WEBHOOK_ENDPOINT_NOT_FOUND`, `WEBHOOK_DELIVERY_NOT_FOUND`' })
  @ApiUnprocessableEntityResponse({ description: '`UNCLEAR_REPLAY`' })
  replay(@Param('id', ParseUUIDPipe) id: string, @Body() replay: ReplayDto): Promise<Replayed> {
    return this.commands.execute(new ReplayDeliveries(id, replay));
  }
}
