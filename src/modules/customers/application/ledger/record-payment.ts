import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { PaymentInFuture, PaymentReferenceUsed } from '../../domain/ledger/ledger-errors.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';

/** So far ahead may a caller's clock be. */
const CLOCKS_DIFFER_MS = 300_000;

export const PAYMENT_METHODS = ['cash', 'bank_transfer', 'upi', 'card', 'cheque', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface PaymentToRecord {
  readonly customerId: string;
  readonly amount: Money;
  /** The due that it is for; what is left over, or all of it, goes to the oldest due dates. */
  readonly dueId?: string | undefined;
  readonly method?: PaymentMethod | undefined;
  /** Whoever records it twice is told so. */
  readonly reference?: string | undefined;
  /** When the money came in; left out: now. */
  readonly occurredAt?: Date | undefined;
}

export interface PaymentView {
  readonly id: string;
  readonly customerId: string;
  readonly amount: Money;
  readonly allocations: readonly { readonly dueId: string; readonly amount: Money; readonly settles: boolean }[];
  /** What no due needed: it pays later ones. */
  readonly leftOver: Money;
  /** What the customer owes after it. */
  readonly currentDue: Money;
  readonly method: PaymentMethod | null;
  readonly reference: string | null;
  readonly occurredAt: Date;
}

/**
 * Takes a customer's payment. Emits PaymentRecorded, DueSettled.
 * @throws CustomerNotFound, CustomerArchived, DueNotFound, CurrencyMismatch, AmountNotPositive, PaymentReferenceUsed, PaymentInFuture
 */
export class RecordPayment extends Command<PaymentView> {
  constructor(readonly payment: PaymentToRecord) {
    super();
  }
}

@CommandHandler(RecordPayment)
export class RecordPaymentHandler implements ICommandHandler<RecordPayment> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly plans: DuePlans,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ payment }: RecordPayment): Promise<PaymentView> {
    const { amount, dueId, method, reference } = payment;
    const now = this.clock.now();
    const account = await this.accounts.getForUpdate(payment.customerId, dueId === undefined ? [] : [dueId]);
    const said = payment.occurredAt ?? now;
    if (said.getTime() - now.getTime() > CLOCKS_DIFFER_MS) throw new PaymentInFuture();
    const occurredAt = said < now ? said : now;
    const { customerId, currency } = account;
    const first = reference === undefined ? undefined : await this.accounts.paymentReferredTo(customerId, reference);
    if (first) throw new PaymentReferenceUsed(first);
    const id = newId();
    const allocations = account.pay({ id, amount, towards: dueId, method, reference, occurredAt }, now);
    await this.accounts.save([account]);
    await this.plans.plan(allocations.map((part) => part.dueId));
    await this.audit.record({ action: 'payment.recorded', subjectId: id, details: { customerId } });
    const allocated = allocations.reduce((sum, part) => sum + part.amountMinor, 0);
    return {
      id,
      customerId,
      amount,
      allocations: allocations.map((part) => ({
        dueId: part.dueId,
        amount: Money.of(part.amountMinor, currency),
        settles: account.due(part.dueId).settledAt !== undefined,
      })),
      leftOver: Money.of(amount.amountMinor - allocated, currency),
      currentDue: account.balance,
      method: method ?? null,
      reference: reference ?? null,
      occurredAt,
    };
  }
}
