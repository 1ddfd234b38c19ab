import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** Money that customers have promised for a day and not paid yet. */
export interface ExpectedCashView {
  readonly day: CalendarDate;
  readonly expected: Money;
  readonly promises: number;
}

/** The merchant's calendar of expected money, from open promises: a line a day and currency, at most 400 (D3). */
export class ExpectedCash extends Query<ExpectedCashView[]> {
  constructor(
    readonly from: CalendarDate | undefined,
    readonly to: CalendarDate | undefined,
  ) {
    super();
  }
}

@QueryHandler(ExpectedCash)
export class ExpectedCashHandler implements IQueryHandler<ExpectedCash> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ from, to }: ExpectedCash): Promise<ExpectedCashView[]> {
    const rows = await this.unitOfWork.sql.query<{
      day: CalendarDate;
      currency: string;
      minor: number;
      promises: number;
    }>(
      `select promised_for::text as day, currency, sum(amount_minor - paid_minor)::float8 as minor, count(*)::int as promises
       from commitment where tenant_id = $1::uuid and state = 'open'
         and ($2::date is null or promised_for >= $2::date) and ($3::date is null or promised_for <= $3::date)
       group by promised_for, currency order by promised_for, currency limit 400`,
      [this.scope.tenantId, from ?? null, to ?? null],
    );
    return rows.map(({ day, currency, minor, promises }) => ({ day, expected: Money.of(minor, currency), promises }));
  }
}
