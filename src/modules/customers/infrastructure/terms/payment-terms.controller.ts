import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import { ArchivePaymentTerm } from '../../application/terms/archive-payment-term.js';
import { ChangePaymentTerm } from '../../application/terms/change-payment-term.js';
import { CreatePaymentTerm } from '../../application/terms/create-payment-term.js';
import { FindPaymentTerm } from '../../application/terms/find-payment-term.js';
import { ListPaymentTerms } from '../../application/terms/list-payment-terms.js';
import type { PaymentTermView } from '../../application/terms/payment-term-view.js';
import { ChangePaymentTermDto, CreatePaymentTermDto, PaymentTermDto } from './payment-terms.dto.js';

@ApiTags('Ledger')
@Controller('v1/payment-terms')
export class PaymentTermsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @RequiresScope('ledger:write')
  @ApiOperation({ summary: 'Add a payment term' })
  @ApiCreatedResponse({ type: PaymentTermDto })
  create(@Body() body: CreatePaymentTermDto): Promise<PaymentTermView> {
    return this.commands.execute(new CreatePaymentTerm(body));
  }

  @Get()
  @RequiresScope('ledger:read')
  @ApiOperation({ summary: 'The payment terms, without the archived' })
  @ApiPage(PaymentTermDto)
  list(@Query() page: PageQuery): Promise<Page<PaymentTermView>> {
    return this.queries.execute(new ListPaymentTerms(page));
  }

  @Get(':id')
  @RequiresScope('ledger:read')
  @ApiOperation({ summary: 'A payment term, archived or not' })
  @ApiOkResponse({ type: PaymentTermDto })
  find(@Param('id', ParseUUIDPipe) id: string): Promise<PaymentTermView> {
    return this.queries.execute(new FindPaymentTerm(id));
  }

  @Patch(':id')
  @RequiresScope('ledger:write')
  @ApiOperation({
    summary: 'Change a payment term',
    description: 'Open dues that use it are planned anew soon after.',
  })
  @ApiOkResponse({ type: PaymentTermDto })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() body: ChangePaymentTermDto): Promise<PaymentTermView> {
    return this.commands.execute(new ChangePaymentTerm(id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('ledger:write')
  @ApiOperation({
    summary: 'Archive a payment term',
    description: 'What uses it keeps it; nothing begins to. It is the default no longer.',
  })
  @ApiNoContentResponse()
  async archive(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new ArchivePaymentTerm(id));
  }
}
