import { Controller, Get, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  actorOf,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { withheldFrom } from '../../../../platform/realtime/tenant-event-names.js';
import { type EventPage, ListEvents } from '../../application/events/list-events.js';
import { EventPageDto, EventsQuery } from './events.dto.js';

@ApiTags('Events')
@Controller('v1/events')
@RequiresScope('conversations:read')
export class EventsController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @ApiOperation({
    summary: 'What happened after a number, in order, as far as you may see it now: how a client catches up',
  })
  @ApiOkResponse({ type: EventPageDto })
  @ApiConflictResponse({
    description: 'EVENTS_FORGOTTEN: the log does not reach back that far; load anew, go on after `head`',
  })
  list(@Query() { after, limit }: EventsQuery, @CurrentPrincipal() principal: Principal): Promise<EventPage> {
    const reader = {
      access: inboxAccessOf(principal),
      actor: actorOf(principal),
      userId: principal.kind === 'user' ? principal.userId : undefined,
      withheld: withheldFrom(principal.scopes),
    };
    return this.queries.execute(new ListEvents(reader, after, limit));
  }
}
