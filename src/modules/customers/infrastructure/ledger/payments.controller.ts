import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { type PaymentView, RecordPayment } from '../../application/ledger/record-payment.js';
import { ReversePayment, type ReversedPaymentView } from '../../application/ledger/reverse-payment.js';
import { PaymentDto, RecordPaymentDto, ReversedPaymentDto, ReversePaymentDto } from './payments.dto.js';

@ApiTags('Ledger')
@Controller('v1')
export class PaymentsController {
  constructor(private readonly commands: Commands) {}

  @Post('customers/:id/payments')
  @RequiresScope('ledger:write')
  @ApiOperation({ summary: 'Record a payment', description: 'Settled dues are reminded of no more.' })
  @ApiCreatedResponse({ type: PaymentDto })
  record(
    @Param('id', ParseUUIDPipe) customerId: string,
    @Body() { amount, ...payment }: RecordPaymentDto,
  ): Promise<PaymentView> {
    return this.commands.execute(new RecordPayment({ ...payment, customerId, amount: amount.toMoney() }));
  }

  @Post('payments/:id/reverse')
  @HttpCode(200)
  @RequiresScope('ledger:write')
  @ApiOperation({
    summary: 'Take a payment back',
    description: 'For one that did not happen after all: a correction in the books; what it settled is owed again.',
  })
  @ApiOkResponse({ type: ReversedPaymentDto })
  reverse(@Param('id', ParseUUIDPipe) id: string, @Body() { reason }: ReversePaymentDto): Promise<ReversedPaymentView> {
    return this.commands.execute(new ReversePayment(id, reason));
  }
}
