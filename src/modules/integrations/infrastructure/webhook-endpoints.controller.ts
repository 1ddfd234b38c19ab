import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import { AddEndpoint, type AddedEndpoint } from '../application/endpoints/add-endpoint.js';
import { ChangeEndpoint } from '../application/endpoints/change-endpoint.js';
import { PauseEndpoint } from '../application/endpoints/pause-endpoint.js';
import { RemoveEndpoint } from '../application/endpoints/remove-endpoint.js';
import { ResumeEndpoint } from '../application/endpoints/resume-endpoint.js';
import { RotateSecret } from '../application/endpoints/rotate-secret.js';
import { FindEndpoint, ListEndpoints } from '../application/endpoints/show-endpoints.js';
import type { EndpointView } from '../application/endpoints/webhook-endpoints.js';
import {
  AddedEndpointDto,
  AddEndpointDto,
  ChangeEndpointDto,
  EndpointDto,
  NewSecretDto,
} from './webhook-endpoints.dto.js';

const NOT_FOUND = { description: '`WEBHOOK_ENDPOINT_NOT_FOUND`' };

@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('webhooks:read')
  @ApiOperation({ summary: 'Where your systems hear what happens' })
  @ApiPage(EndpointDto)
  list(@Query() { limit, cursor }: PageQuery): Promise<Page<EndpointView>> {
    return this.queries.execute(new ListEndpoints(limit, cursor));
  }

  @Post()
  @RequiresScope('webhooks:write')
  @ApiOperation({
    summary: 'Add an endpoint',
    description:
      'It hears of what happens from now on. The secret that signs is shown in this answer alone. Whoever may do this hears all of your events.',
  })
  @ApiCreatedResponse({ type: AddedEndpointDto })
  @ApiConflictResponse({ description: '`TOO_MANY_WEBHOOK_ENDPOINTS`: there are ten' })
  @ApiUnprocessableEntityResponse({ description: '`WEBHOOK_URL_REFUSED`' })
  add(@Body() endpoint: AddEndpointDto): Promise<AddedEndpoint> {
    return this.commands.execute(new AddEndpoint(endpoint));
  }

  @Get(':id')
  @RequiresScope('webhooks:read')
  @ApiOperation({ summary: 'An endpoint' })
  @ApiOkResponse({ type: EndpointDto })
  @ApiNotFoundResponse(NOT_FOUND)
  find(@Param('id', ParseUUIDPipe) id: string): Promise<EndpointView> {
    return this.queries.execute(new FindEndpoint(id));
  }

  @Patch(':id')
  @RequiresScope('webhooks:write')
  @ApiOperation({ summary: 'Change an endpoint', description: 'What waits goes to the new URL.' })
  @ApiOkResponse({ type: EndpointDto })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiUnprocessableEntityResponse({ description: '`WEBHOOK_URL_REFUSED`' })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() change: ChangeEndpointDto): Promise<EndpointView> {
    return this.commands.execute(new ChangeEndpoint(id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('webhooks:write')
  @ApiOperation({ summary: 'Remove an endpoint, with what waits for it' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse(NOT_FOUND)
  async remove(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new RemoveEndpoint(id));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequiresScope('webhooks:write')
  @ApiOperation({
    summary: 'Sign with a new secret',
    description: 'The one before signs beside it for 24 hours; rotated again, it is worth nothing at once.',
  })
  @ApiOkResponse({ type: NewSecretDto })
  @ApiNotFoundResponse(NOT_FOUND)
  rotateSecret(@Param('id', ParseUUIDPipe) id: string): Promise<{ readonly secret: string }> {
    return this.commands.execute(new RotateSecret(id));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @RequiresScope('webhooks:write')
  @ApiOperation({
    summary: 'Tell it nothing for now',
    description: 'Events wait for as long as the log is kept: 30 days.',
  })
  @ApiOkResponse({ type: EndpointDto })
  @ApiNotFoundResponse(NOT_FOUND)
  pause(@Param('id', ParseUUIDPipe) id: string): Promise<EndpointView> {
    return this.commands.execute(new PauseEndpoint(id));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @RequiresScope('webhooks:write')
  @ApiOperation({ summary: 'Go on, whatever stopped it', description: 'What waited goes at once, in order.' })
  @ApiOkResponse({ type: EndpointDto })
  @ApiNotFoundResponse(NOT_FOUND)
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<EndpointView> {
    return this.commands.execute(new ResumeEndpoint(id));
  }
}
