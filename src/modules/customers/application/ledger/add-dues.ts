import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { CustomerNotFound } from '../../domain/ledger/ledger-errors.js';
import { PaymentTerms } from '../terms/payment-terms.js';
import type { DueToAdd } from './add-due.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';

export interface DatedDue extends DueToAdd {
  readonly dueDate: CalendarDate;
}

export interface DueTaken {
  readonly dueId: string;
  /** `known`: the customer has a due with this reference already, which stays as it is. */
  readonly outcome: 'added' | 'known';
}

/**
 * Many dues of many customers at once, some hundred at best: what AddDue does, in a handful of statements and without an audit line each.
 * @returns what became of each, in the order given @throws as AddDue, for all together
 */
export class AddDues extends Command<readonly DueTaken[]> {
  constructor(readonly dues: readonly DatedDue[]) {
    super();
  }
}

@CommandHandler(AddDues)
export class AddDuesHandler implements ICommandHandler<AddDues> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly terms: PaymentTerms,
    private readonly plans: DuePlans,
    private readonly clock: Clock,
  ) {}

  async execute({ dues }: AddDues): Promise<readonly DueTaken[]> {
    for (const termId of new Set(dues.map(({ paymentTermId }) => paymentTermId)))
      if (termId !== undefined) await this.terms.mustExist(termId);
    const accounts = await this.accounts.getManyForUpdate([...new Set(dues.map(({ customerId }) => customerId))]);
    const owner = (customerId: string) => {
      const account = accounts.get(customerId);
      if (!account) throw new CustomerNotFound();
      return account;
    };
    const wanted = dues.flatMap(({ customerId, reference }) =>
      reference === undefined ? [] : [{ customerId: owner(customerId).customerId, reference }],
    );
    const known = new Map(
      (await this.accounts.duesReferredTo(wanted)).map((due) => [keyOf(due.customerId, due.reference), due.dueId]),
    );
    const now = this.clock.now();
    const taken = dues.map((due): DueTaken => {
      const account = owner(due.customerId);
      const key = due.reference === undefined ? undefined : keyOf(account.customerId, due.reference);
      const before = key === undefined ? undefined : known.get(key);
      if (before !== undefined) return { dueId: before, outcome: 'known' };
      const id = newId();
      account.addDue({ ...due, id }, now);
      if (key !== undefined) known.set(key, id);
      return { dueId: id, outcome: 'added' };
    });
    await this.accounts.save([...new Set(accounts.values())]);
    await this.plans.plan(taken.flatMap(({ dueId, outcome }) => (outcome === 'added' ? [dueId] : [])));
    return taken;
  }
}

function keyOf(customerId: string, reference: string): string {
  return `${customerId} ${reference}`;
}
