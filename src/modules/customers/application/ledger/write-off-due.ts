import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DuePlans } from './due-plans.js';
import type { DueView } from './due-view.js';
import { FindDue } from './find-due.js';

/**
 * Gives up what is left of a due, or a part of it. Emits DueSettled, or DueChanged where something is left.
 * @throws DueNotFound, CustomerArchived, DueSettledAlready, WriteOffExceedsOutstanding, CurrencyMismatch
 */
export class WriteOffDue extends Command<DueView> {
  constructor(
    readonly dueId: string,
    readonly writeOff: { readonly amount?: Money | undefined; readonly reason: string },
  ) {
    super();
  }
}

@CommandHandler(WriteOffDue)
export class WriteOffDueHandler implements ICommandHandler<WriteOffDue> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly plans: DuePlans,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ dueId, writeOff: { amount, reason } }: WriteOffDue): Promise<DueView> {
    const account = await this.accounts.getForUpdate(await this.accounts.customerOfDue(dueId), [dueId]);
    account.writeOff(dueId, amount, reason, this.clock.now());
    await this.accounts.save([account]);
    await this.plans.plan([dueId]);
    await this.audit.record({ action: 'due.written-off', subjectId: dueId });
    return this.queries.execute(new FindDue(dueId));
  }
}
