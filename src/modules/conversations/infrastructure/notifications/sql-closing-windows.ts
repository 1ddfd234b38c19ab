import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type ClosingWindow, ClosingWindows } from '../../application/notifications/closing-windows.js';
import { CRITICAL_MS, URGENT_MS } from '../../domain/notifications/window-alert.js';
import { WINDOW_MS } from '../../domain/service-window.js';

/** Windows in PostgreSQL, by the index of the customers' last messages (`thread_window`). */
@Injectable()
export class SqlClosingWindows extends ClosingWindows {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  takeUntold(now: Date, limit: number): Promise<ClosingWindow[]> {
    return this.unitOfWork.sql.query<ClosingWindow>(
      `with closing as (
         select t.id, t.phone_number_id, t.last_inbound_at + $3::float8 * interval '1 ms' as closes_at,
           case when t.last_inbound_at > $5::timestamptz then 'urgent' else 'critical' end as severity
         from thread t
         where t.tenant_id = $1::uuid and t.merged_into_id is null and t.status <> 'blocked'
           and t.last_inbound_at > $2::timestamptz - $3::float8 * interval '1 ms' and t.last_inbound_at <= $4::timestamptz),
       told as (
         insert into window_alert (tenant_id, thread_id, closes_at, severity, at)
         select $1::uuid, id, closes_at, severity, $2::timestamptz from closing
         where not exists (select from window_alert a
           where a.tenant_id = $1::uuid and a.thread_id = closing.id and a.closes_at = closing.closes_at and a.severity = closing.severity)
         limit $6::int
         on conflict do nothing returning thread_id, closes_at, severity)
       select told.thread_id as "threadId", closing.phone_number_id as "phoneNumberId", told.closes_at as "closesAt", told.severity
       from told join closing on closing.id = told.thread_id order by told.closes_at, told.thread_id`,
      [
        this.scope.tenantId,
        now.toISOString(),
        WINDOW_MS,
        before(now, WINDOW_MS - URGENT_MS),
        before(now, WINDOW_MS - CRITICAL_MS),
        limit,
      ],
    );
  }

  async nextAt(now: Date): Promise<Date | undefined> {
    const ages = [WINDOW_MS - URGENT_MS, WINDOW_MS - CRITICAL_MS];
    const [row] = await this.unitOfWork.sql.query<{ next: Date | null }>(
      `select min(due) as next from unnest($2::timestamptz[], $3::float8[]) as mark (since, age) cross join lateral (
         select t.last_inbound_at + mark.age * interval '1 ms' as due from thread t
         where t.tenant_id = $1::uuid and t.merged_into_id is null and t.last_inbound_at > mark.since
         order by t.last_inbound_at limit 1) first`,
      [this.scope.tenantId, ages.map((age) => before(now, age)), ages],
    );
    return row?.next ?? undefined;
  }

  async forgetClosed(now: Date): Promise<void> {
    await this.unitOfWork.sql.query(
      'delete from window_alert where tenant_id = $1::uuid and closes_at < $2::timestamptz',
      [this.scope.tenantId, now.toISOString()],
    );
  }
}

function before(now: Date, milliseconds: number): string {
  return new Date(now.getTime() - milliseconds).toISOString();
}
