import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../../../kernel/domain-error.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type OutcomeCount, type PutOffCount, sentenceOf } from '../../domain/explanation-of-period.js';

/** What became of the reminders that were planned for a period (D4). */
export interface ReminderSummary {
  readonly from: Date;
  readonly to: Date;
  readonly planned: number;
  /** Every one of them, once: by what it is now. */
  readonly outcomes: readonly OutcomeCount[];
  /** How often they were put off on the way, by what. */
  readonly putOff: readonly PutOffCount[];
  readonly sentence: string;
}

export class PeriodTooLong extends DomainError {
  readonly code = 'PERIOD_TOO_LONG';
  readonly kind = 'meaning';
  constructor(days: number) {
    super(`A period begins before it ends, and lasts ${days} days at most.`);
  }
}

const MAX_DAYS = 366;

/** Counts the reminders that were planned for [from, to). @throws PeriodTooLong */
export class SummariseReminders extends Query<ReminderSummary> {
  constructor(
    readonly from: Date,
    readonly to: Date,
  ) {
    super();
  }
}

@QueryHandler(SummariseReminders)
export class SummariseRemindersHandler implements IQueryHandler<SummariseReminders> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ from, to }: SummariseReminders): Promise<ReminderSummary> {
    if (to <= from || to.getTime() - from.getTime() > MAX_DAYS * 86_400_000) throw new PeriodTooLong(MAX_DAYS);
    const parameters = [this.scope.tenantId, from.toISOString(), to.toISOString()];
    // What a plan gave up is no reminder that was not sent: the plan has another in its place.
    const outcomes = await this.unitOfWork.sql.query<OutcomeCount>(
      `select status, case when status = 'sent' then null else reason end as reason, count(*)::int as count
       from reminder
       where tenant_id = $1::uuid and planned_for >= $2::timestamptz and planned_for < $3::timestamptz and reason is distinct from 'REPLANNED'
       group by 1, 2 order by 3 desc, 1, 2`,
      parameters,
    );
    const putOff = await this.unitOfWork.sql.query<PutOffCount>(
      `select x.reason, count(*)::int as count
       from reminder r
       join reminder_decision x on x.tenant_id = r.tenant_id and x.reminder_id = r.id and x.verdict = 'defer'
       where r.tenant_id = $1::uuid and r.planned_for >= $2::timestamptz and r.planned_for < $3::timestamptz
         and r.reason is distinct from 'REPLANNED'
       group by 1 order by 2 desc, 1`,
      parameters,
    );
    const planned = outcomes.reduce((sum, { count }) => sum + count, 0);
    return { from, to, planned, outcomes, putOff, sentence: sentenceOf(outcomes, putOff) };
  }
}
