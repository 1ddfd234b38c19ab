import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { addDays, type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import type { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { DueDateRequired, DueReferenceUsed } from '../../domain/ledger/ledger-errors.js';
import type { PlannedReminder } from '../due-planner.js';
import { PaymentTerms } from '../terms/payment-terms.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';
import type { DueView } from './due-view.js';
import { FindDue } from './find-due.js';

export interface DueToAdd {
  readonly customerId: string;
  readonly amount: Money;
  /** Left out: the customer's today and the `dueInDays` of the payment term. */
  readonly dueDate?: CalendarDate | undefined;
  readonly description?: string | undefined;
  /** The merchant's own, once a customer. */
  readonly reference?: string | undefined;
  /** Of the due itself; left out: the customer's. */
  readonly paymentTermId?: string | undefined;
}

export interface AddedDue extends DueView {
  readonly reminders: readonly PlannedReminder[];
}

/**
 * The customer owes something by a date (S0.18); what is to be sent about it is planned with it. Emits DueAdded, DueSettled.
 * @throws CustomerNotFound, CustomerArchived, CurrencyMismatch, AmountNotPositive, DueDateRequired, DueReferenceUsed, UnknownPaymentTerm
 */
export class AddDue extends Command<AddedDue> {
  constructor(readonly due: DueToAdd) {
    super();
  }
}

@CommandHandler(AddDue)
export class AddDueHandler implements ICommandHandler<AddDue> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly terms: PaymentTerms,
    private readonly plans: DuePlans,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ due: { customerId, dueDate, ...due } }: AddDue): Promise<AddedDue> {
    const account = await this.accounts.getForUpdate(customerId);
    const { reference, paymentTermId } = due;
    if (paymentTermId !== undefined) await this.terms.mustExist(paymentTermId);
    if (reference !== undefined) {
      const [used] = await this.accounts.duesReferredTo([{ customerId: account.customerId, reference }]);
      if (used) throw new DueReferenceUsed(used.dueId);
    }
    const now = this.clock.now();
    const id = newId();
    account.addDue(
      { ...due, id, dueDate: dueDate ?? (await this.#dateByTerm(account.customerId, paymentTermId, now)) },
      now,
    );
    await this.accounts.save([account]);
    const reminders = (await this.plans.plan([id])).get(id) ?? [];
    await this.audit.record({ action: 'due.added', subjectId: id, details: { customerId: account.customerId } });
    return { ...(await this.queries.execute(new FindDue(id))), reminders };
  }

  async #dateByTerm(customerId: string, paymentTermId: string | undefined, now: Date): Promise<CalendarDate> {
    const { dueInDays, zone } = await this.terms.dueTimeOf(customerId, paymentTermId);
    if (dueInDays === undefined) throw new DueDateRequired();
    return addDays(localDate(now, zone), dueInDays);
  }
}
