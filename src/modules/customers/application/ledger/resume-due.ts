import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { CustomerAccounts } from './customer-accounts.js';
import { DueNotes } from './due-notes.js';
import { DuePlans } from './due-plans.js';
import type { DueView } from './due-view.js';
import { FindDue } from './find-due.js';

/** Reminders of a due wait no longer (S0.76). @throws DueNotFound */
export class ResumeDue extends Command<DueView> {
  constructor(readonly dueId: string) {
    super();
  }
}

@CommandHandler(ResumeDue)
export class ResumeDueHandler implements ICommandHandler<ResumeDue> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly notes: DueNotes,
    private readonly plans: DuePlans,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
  ) {}

  async execute({ dueId }: ResumeDue): Promise<DueView> {
    await this.accounts.lock(await this.accounts.customerOfDue(dueId));
    await this.notes.write(dueId, { pausedUntil: null });
    await this.plans.plan([dueId]);
    await this.audit.record({ action: 'due.resumed', subjectId: dueId });
    return this.queries.execute(new FindDue(dueId));
  }
}
