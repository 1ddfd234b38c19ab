import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { AddCustomer } from '../../application/people/add-customer.js';
import { ArchiveCustomer } from '../../application/people/archive-customer.js';
import { ChangeCustomer } from '../../application/people/change-customer.js';
import type { CustomerView } from '../../application/people/customer-view.js';
import { FindCustomer } from '../../application/people/find-customer.js';
import { ListCustomers } from '../../application/people/list-customers.js';
import { AddCustomerDto, ChangeCustomerDto, CustomerDto, CustomersQuery } from './customers.dto.js';

@ApiTags('Customers')
@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @RequiresScope('customers:write')
  @ApiOperation({
    summary: 'Add a customer',
    description: 'Whoever wrote from this number already is the same person. One who was archived is a customer again.',
  })
  @ApiCreatedResponse({ type: CustomerDto })
  add(@Body() body: AddCustomerDto): Promise<CustomerView> {
    return this.commands.execute(new AddCustomer(body));
  }

  @Get()
  @RequiresScope('customers:read')
  @ApiOperation({ summary: 'The customers, newest first' })
  @ApiPage(CustomerDto)
  list(@Query() { q, limit, cursor }: CustomersQuery): Promise<Page<CustomerView>> {
    return this.queries.execute(new ListCustomers(q, limit, cursor));
  }

  @Get(':id')
  @RequiresScope('customers:read')
  @ApiOperation({ summary: 'A customer, archived or not' })
  @ApiOkResponse({ type: CustomerDto })
  find(@Param('id', ParseUUIDPipe) id: string): Promise<CustomerView> {
    return this.queries.execute(new FindCustomer(id));
  }

  @Patch(':id')
  @RequiresScope('customers:write')
  @ApiOperation({
    summary: 'Change a customer',
    description: 'What is null is taken away. Another zone, language or term plans the open dues anew.',
  })
  @ApiOkResponse({ type: CustomerDto })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() body: ChangeCustomerDto): Promise<CustomerView> {
    return this.commands.execute(new ChangeCustomer(id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('customers:write')
  @ApiOperation({
    summary: 'Archive a customer',
    description: 'Refused while dues are open. The books are kept; the customer is listed no longer.',
  })
  @ApiNoContentResponse()
  async archive(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new ArchiveCustomer(id));
  }
}
