import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { DueSettledAlready, PauseNotAhead } from '../../domain/ledger/ledger-errors.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DueNotes } from './due-notes.js';
import { DuePlans } from './due-plans.js';
import type { DueView } from './due-view.js';
import { FindDue } from './find-due.js';

const LONGEST_PAUSE_MS = 366 * 86_400_000;

/** Reminders of a due wait until an instant (S0.76). @throws DueNotFound, DueSettledAlready, PauseNotAhead */
export class PauseDue extends Command<DueView> {
  constructor(
    readonly dueId: string,
    readonly until: Date,
  ) {
    super();
  }
}

@CommandHandler(PauseDue)
export class PauseDueHandler implements ICommandHandler<PauseDue> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly notes: DueNotes,
    private readonly plans: DuePlans,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ dueId, until }: PauseDue): Promise<DueView> {
    const account = await this.accounts.getForUpdate(await this.accounts.customerOfDue(dueId), [dueId]);
    const wait = until.getTime() - this.clock.now().getTime();
    if (wait <= 0 || wait > LONGEST_PAUSE_MS) throw new PauseNotAhead();
    if (account.due(dueId).settledAt) throw new DueSettledAlready();
    await this.notes.write(dueId, { pausedUntil: until });
    await this.plans.plan([dueId]);
    await this.audit.record({ action: 'due.paused', subjectId: dueId, details: { until: until.toISOString() } });
    return this.queries.execute(new FindDue(dueId));
  }
}
