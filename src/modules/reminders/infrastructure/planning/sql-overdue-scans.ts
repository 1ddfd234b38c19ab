import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DEFAULT_TERM } from '../../../customers/index.js';
import { type OverdueDue, OverdueScans, type ScannedZone } from '../../application/planning/overdue-scans.js';

/** A read model over the tables of the books (due, customer, payment_term) and of the merchant (tenant). */
@Injectable()
export class SqlOverdueScans extends OverdueScans {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  /** Asked at each turn of the merchant's lane, so it hops over an index from zone to zone instead of reading all customers. */
  async zones(): Promise<readonly ScannedZone[]> {
    const rows = await this.unitOfWork.sql.query<{ zone: string; scanned_on: CalendarDate | null }>(
      `with recursive own (zone) as (
         (select timezone from customer where tenant_id = $1::uuid and timezone is not null order by timezone limit 1)
         union all
         select (select c.timezone from customer c where c.tenant_id = $1::uuid and c.timezone > own.zone order by c.timezone limit 1)
         from own where own.zone is not null)
       select z.zone, s.scanned_on::text as scanned_on
       from (select zone from own where zone is not null
             union select timezone from tenant where id = $1::uuid and exists (select from due where tenant_id = $1::uuid)) as z
       left join overdue_scan s on s.tenant_id = $1::uuid and s.zone = z.zone`,
      [this.scope.tenantId],
    );
    return rows.map(({ zone, scanned_on }) => ({ zone, scannedOn: scanned_on ?? undefined }));
  }

  /**
   * Days after which some ladder has a step are few, so the dates of interest are a few short ranges of the index on open dues; the
   * first scan of a zone looks at all that is overdue. The planner decides which of them get a reminder.
   */
  next(
    { zone, scannedOn }: ScannedZone,
    today: CalendarDate,
    after: OverdueDue | undefined,
    limit: number,
  ): Promise<readonly OverdueDue[]> {
    return this.unitOfWork.sql.query<OverdueDue>(
      `with step (days) as (
         select distinct unnest(overdue_steps) from payment_term where tenant_id = $1::uuid
         union select unnest($7::int[]))
       select d.id, d.due_date::text as "dueDate"
       from due d
       join customer c on c.tenant_id = d.tenant_id and c.id = d.customer_id
       join tenant t on t.id = d.tenant_id
       where d.tenant_id = $1::uuid and d.settled_at is null and d.due_date < $3::date
         and ($4::date is null or d.due_date = any(array(
           select day::date - step.days from step, generate_series($4::date + 1, $3::date, interval '1 day') as day)))
         and coalesce(c.timezone, t.timezone) = $2
         and ($5::date is null or (d.due_date, d.id) > ($5::date, $6::uuid))
       order by d.due_date, d.id limit $8::int`,
      [
        this.scope.tenantId,
        zone,
        today,
        scannedOn ?? null,
        after?.dueDate ?? null,
        after?.id ?? null,
        DEFAULT_TERM.overdueSteps,
        limit,
      ],
    );
  }

  async noteScanned(zone: string, on: CalendarDate): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into overdue_scan as s (tenant_id, zone, scanned_on) values ($1::uuid, $2, $3::date)
       on conflict (tenant_id, zone) do update set scanned_on = greatest(s.scanned_on, excluded.scanned_on)`,
      [this.scope.tenantId, zone, on],
    );
  }
}
