import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';

export interface ReversedPaymentView {
  readonly paymentId: string;
  readonly customerId: string;
  readonly amount: Money;
  /** The dues that it had settled, in part or in full. */
  readonly dueIds: readonly string[];
  /** What the customer owes after it. */
  readonly currentDue: Money;
}

/**
 * A payment did not happen after all: a CORRECTION line takes it back, and what it settled is owed again. Emits PaymentReversed.
 * @throws PaymentNotFound, PaymentReversedAlready, CustomerArchived
 */
export class ReversePayment extends Command<ReversedPaymentView> {
  constructor(
    readonly paymentId: string,
    readonly reason?: string,
  ) {
    super();
  }
}

@CommandHandler(ReversePayment)
export class ReversePaymentHandler implements ICommandHandler<ReversePayment> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly plans: DuePlans,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ paymentId, reason }: ReversePayment): Promise<ReversedPaymentView> {
    const customerId = await this.accounts.lock(await this.accounts.customerOfPayment(paymentId));
    // Read behind the lock: until then credit may have settled further dues.
    const payment = await this.accounts.payment(paymentId);
    const dueIds = payment.allocations.map(({ dueId }) => dueId);
    const account = await this.accounts.getForUpdate(customerId, dueIds);
    account.reverse(payment, reason, this.clock.now());
    await this.accounts.save([account]);
    await this.plans.plan(dueIds);
    await this.audit.record({ action: 'payment.reversed', subjectId: paymentId, details: { customerId } });
    return {
      paymentId,
      customerId,
      amount: Money.of(payment.amountMinor, account.currency),
      dueIds,
      currentDue: account.balance,
    };
  }
}
