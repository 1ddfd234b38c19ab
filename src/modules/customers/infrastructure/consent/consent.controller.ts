import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { ConsentOf, type ConsentView } from '../../application/consent/consent-of.js';
import { OptIn, OptOut } from '../../application/consent/opt-out.js';
import type { CustomerView } from '../../application/people/customer-view.js';
import { FindCustomer } from '../../application/people/find-customer.js';

class ConsentEventDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['opted_out', 'opted_in'] }) kind!: string;
  @ApiProperty({ enum: ['message', 'user', 'api-key', 'platform', 'provider'] }) source!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The message that said so.' }) wamid!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Its words.' }) said!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The user or key that recorded it.' }) actorId!:
    string | null;
  @ApiProperty() at!: Date;
}

class ConsentDto {
  @ApiProperty({ type: Date, nullable: true, description: 'Since when nothing may be sent unasked; null: it may.' })
  optedOutAt!: Date | null;
  @ApiProperty({ type: [ConsentEventDto] }) data!: ConsentEventDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

class OptedDto {
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty({ type: Date, nullable: true, description: 'Since when nothing may be sent unasked; null: it may.' })
  optedOutAt!: Date | null;
}

@ApiTags('Customers')
@Controller('v1/customers/:id')
export class ConsentController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post('opt-out')
  @HttpCode(200)
  @RequiresScope('customers:write')
  @ApiOperation({
    summary: 'Nothing unasked may be sent to the customer any more',
    description: 'As if they had written STOP.',
  })
  @ApiOkResponse({ type: OptedDto })
  async optOut(@Param('id', ParseUUIDPipe) id: string): Promise<OptedDto> {
    const { id: customerId } = await this.#find(id);
    await this.commands.execute(new OptOut({ customerId }));
    return this.#opted(customerId);
  }

  @Post('opt-in')
  @HttpCode(200)
  @RequiresScope('customers:write')
  @ApiOperation({
    summary: 'The customer may be written to again',
    description:
      'Reminders that were cancelled meanwhile do not come back. Record it only when the customer has said so.',
  })
  @ApiOkResponse({ type: OptedDto })
  async optIn(@Param('id', ParseUUIDPipe) id: string): Promise<OptedDto> {
    const { id: customerId } = await this.#find(id);
    await this.commands.execute(new OptIn({ customerId }));
    return this.#opted(customerId);
  }

  @Get('consent')
  @RequiresScope('customers:read')
  @ApiOperation({ summary: 'What the customer allows, and the evidence of it', description: 'Newest first.' })
  @ApiOkResponse({ type: ConsentDto })
  show(@Param('id', ParseUUIDPipe) id: string, @Query() page: PageQuery): Promise<ConsentView> {
    return this.queries.execute(new ConsentOf(id, page));
  }

  /** A contact on whom no books are kept is nobody's customer. @throws CustomerNotFound */
  #find(id: string): Promise<CustomerView> {
    return this.queries.execute(new FindCustomer(id));
  }

  async #opted(customerId: string): Promise<OptedDto> {
    return { customerId, optedOutAt: (await this.#find(customerId)).optedOutAt };
  }
}
