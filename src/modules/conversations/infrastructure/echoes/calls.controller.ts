import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import type { CallView } from '../../application/echoes/calls.js';
import { ListCalls } from '../../application/echoes/list-calls.js';
import type { CallEvent } from '../../domain/calls/call.js';

export class CallsQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'string', format: 'uuid', description: 'Of this conversation alone.' })
  @IsOptional()
  @IsUUID()
  conversationId?: string;
}

export class CallDto implements CallView {
  @ApiProperty({ example: 'wacid.HBgLMTIxODU1NTI4MjgVAgARGCAyODRQIAFRoA' })
  callId!: string;

  @ApiProperty()
  phoneNumberId!: string;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true })
  conversationId!: string | null;

  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] })
  direction!: 'INBOUND' | 'OUTBOUND';

  @ApiProperty({ type: 'string', nullable: true, description: 'The customer who called.' })
  from!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The customer who was called.' })
  to!: string | null;

  @ApiProperty({ description: 'The customer called, and nobody took it.' })
  missed!: boolean;

  @ApiProperty({ example: 'terminate', description: 'connect, ringing, accepted, rejected, terminate, ...' })
  state!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startedAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: Date | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Seconds.' })
  durationS!: number | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Each word of WhatsApp about it: `state`, `at`, and `outcome` once it has ended.',
  })
  events!: readonly CallEvent[];

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

@ApiTags('Conversations')
@Controller('v1/calls')
@RequiresScope('conversations:read')
export class CallsController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @ApiOperation({ summary: 'Calls of the conversations that the caller sees, the latest word first' })
  @ApiPage(CallDto)
  list(
    @Query() { limit, cursor, conversationId }: CallsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<CallView>> {
    return this.queries.execute(new ListCalls(inboxAccessOf(principal), { conversationId }, limit, cursor));
  }
}
