import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import type { DueChanges } from '../../domain/ledger/account-state.js';
import { DueReferenceUsed } from '../../domain/ledger/ledger-errors.js';
import { PaymentTerms } from '../terms/payment-terms.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';
import type { DueView } from './due-view.js';
import { FindDue } from './find-due.js';

/**
 * An amount that changes is a CORRECTION line; never below what was paid. Emits DueChanged, DueSettled.
 * @throws DueNotFound, CustomerArchived, AmountBelowPaid, DueSettledAlready, DueReferenceUsed, UnknownPaymentTerm, CurrencyMismatch
 */
export class ChangeDue extends Command<DueView> {
  constructor(
    readonly dueId: string,
    readonly changes: DueChanges,
  ) {
    super();
  }
}

@CommandHandler(ChangeDue)
export class ChangeDueHandler implements ICommandHandler<ChangeDue> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly terms: PaymentTerms,
    private readonly plans: DuePlans,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ dueId, changes }: ChangeDue): Promise<DueView> {
    const account = await this.accounts.getForUpdate(await this.accounts.customerOfDue(dueId), [dueId]);
    const { reference, paymentTermId } = changes;
    if (paymentTermId) await this.terms.mustExist(paymentTermId);
    if (reference) {
      const [used] = await this.accounts.duesReferredTo([{ customerId: account.customerId, reference }]);
      if (used && used.dueId !== dueId) throw new DueReferenceUsed(used.dueId);
    }
    account.change(dueId, changes, this.clock.now());
    await this.accounts.save([account]);
    await this.plans.plan([dueId]);
    await this.audit.record({
      action: 'due.changed',
      subjectId: dueId,
      details: { fields: Object.entries(changes).flatMap(([field, value]) => (value === undefined ? [] : [field])) },
    });
    return this.queries.execute(new FindDue(dueId));
  }
}
