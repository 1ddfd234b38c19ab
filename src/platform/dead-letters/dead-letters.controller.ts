import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { actorOf, AlsoForThePlatform, CurrentPrincipal, type Principal, RequiresScope } from '../auth/index.js';
import { ReservesIdempotencyKey } from '../http/idempotency.js';
import { ApiPage, type Page } from '../http/pagination.js';
import {
  DeadLetterDesk,
  type DeadLetterView,
  type InspectedDeadLetter,
  type RedriveSummary,
} from './dead-letter-desk.js';
import {
  DeadLetterDto,
  DiscardDeadLetterDto,
  InspectedDeadLetterDto,
  ListDeadLettersQuery,
  RedriveSummaryDto,
  RetryDeadLettersDto,
} from './dead-letters.dto.js';

/** Work that was given up, and what becomes of it (contract 4, reliability 2.10). */
@ApiTags('Operations')
@Controller('v1/dead-letters')
@AlsoForThePlatform()
export class DeadLettersController {
  constructor(private readonly desk: DeadLetterDesk) {}

  @Get()
  @RequiresScope('operations:read')
  @ApiOperation({ summary: 'Work that was given up, latest first' })
  @ApiPage(DeadLetterDto)
  list(@Query() { limit, cursor, ...filter }: ListDeadLettersQuery): Promise<Page<DeadLetterView>> {
    return this.desk.list(filter, limit, cursor);
  }

  @Get(':id')
  @RequiresScope('operations:read')
  @ApiOperation({
    summary: 'One of them, with what the work is about',
    description: "Secrets are taken out; people's numbers are digests, the same ones as in the log.",
  })
  @ApiOkResponse({ type: InspectedDeadLetterDto })
  @ApiNotFoundResponse()
  find(@Param('id', ParseUUIDPipe) id: string): Promise<InspectedDeadLetter> {
    return this.desk.find(id);
  }

  @Post('retry')
  @HttpCode(200)
  @RequiresScope('operations:write')
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: 'Take up again everything that was given up since an instant',
    description:
      'One call takes 500, the oldest first. Call again with `nextCursor` until it is null: what could not be retried is left behind, open.',
  })
  @ApiOkResponse({ type: RedriveSummaryDto })
  retrySince(
    @Body() { since, kind, cursor }: RetryDeadLettersDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RedriveSummary> {
    return this.desk.retrySince(since, kind, cursor, actorOf(principal));
  }

  @Post(':id/retry')
  @HttpCode(200)
  @RequiresScope('operations:write')
  @ReservesIdempotencyKey()
  @ApiOperation({ summary: 'Take one up again' })
  @ApiOkResponse({ type: DeadLetterDto })
  retry(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() principal: Principal): Promise<DeadLetterView> {
    return this.desk.retry(id, actorOf(principal));
  }

  @Post(':id/discard')
  @HttpCode(200)
  @RequiresScope('operations:write')
  @ReservesIdempotencyKey()
  @ApiOperation({ summary: 'Decide that nothing is to be done' })
  @ApiOkResponse({ type: DeadLetterDto })
  discard(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: DiscardDeadLetterDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DeadLetterView> {
    return this.desk.discard(id, actorOf(principal), reason);
  }
}
