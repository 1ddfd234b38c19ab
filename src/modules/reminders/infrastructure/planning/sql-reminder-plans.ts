import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import type { CalendarDate, LocalTime } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DEFAULT_TERM } from '../../../customers/index.js';
import { type DuePlanChanges, ReminderPlans } from '../../application/planning/reminder-plans.js';
import type { DueToPlan, StandingReminder } from '../../domain/reminder-plan.js';
import type { Gate } from '../../domain/send-decision.js';

interface DueRow {
  readonly id: string;
  readonly customer_id: string;
  readonly due_date: CalendarDate;
  readonly settled: 'PAID' | 'WRITTEN_OFF' | null;
  readonly paused_until: Date | null;
  readonly zone: string;
  /** Null where nobody names a term. */
  readonly send_at: LocalTime | null;
  readonly reminder_offsets: number[];
  readonly overdue_steps: number[];
}

type StandingRow = Omit<StandingReminder, 'reason'> & { readonly dueId: string; readonly reason: string | null };

/**
 * Plans in PostgreSQL. Reads the tables of the books (due, customer, payment_term) and of the merchant (tenant) in one statement
 * each, as a read model: asking the modules due by due would cost a statement a due.
 */
@Injectable()
export class SqlReminderPlans extends ReminderPlans {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async lock(dueIds: readonly string[]): Promise<void> {
    await this.unitOfWork.sql.query(
      `select id from customer where tenant_id = $1::uuid
         and id = any(array(select customer_id from due where tenant_id = $1::uuid and id = any($2::uuid[]))) order by id for update`,
      [this.scope.tenantId, dueIds],
    );
  }

  /** The customer is looked up by key, due by due: a file's first hundreds of dues come before the tables are analyzed. */
  async dues(dueIds: readonly string[]): Promise<readonly DueToPlan[]> {
    const rows = await this.unitOfWork.sql.query<DueRow>(
      `select d.id, d.customer_id, d.due_date::text as due_date, d.reminder_paused_until as paused_until,
         case when d.settled_at is not null then case when d.written_off_minor > 0 then 'WRITTEN_OFF' else 'PAID' end end as settled,
         coalesce(c.timezone, t.timezone) as zone, p.send_at, p.reminder_offsets, p.overdue_steps
       from due d
       cross join lateral (
         select timezone, payment_term_id from customer where tenant_id = d.tenant_id and id = d.customer_id limit 1) c
       join tenant t on t.id = d.tenant_id
       left join payment_term house on house.tenant_id = d.tenant_id and house.is_default
       left join payment_term p on p.tenant_id = d.tenant_id and p.id = coalesce(d.payment_term_id, c.payment_term_id, house.id)
       where d.tenant_id = $1::uuid and d.id = any($2::uuid[])
       order by d.due_date, d.id`,
      [this.scope.tenantId, dueIds],
    );
    return rows.map((row) => ({
      id: row.id,
      customerId: row.customer_id,
      dueDate: row.due_date,
      settled: row.settled ?? undefined,
      pausedUntil: row.paused_until ?? undefined,
      zone: row.zone,
      term: row.send_at
        ? { reminderOffsets: row.reminder_offsets, overdueSteps: row.overdue_steps, sendAt: row.send_at }
        : DEFAULT_TERM,
    }));
  }

  async standing(dueIds: readonly string[]): Promise<ReadonlyMap<string, readonly StandingReminder[]>> {
    const rows = await this.unitOfWork.sql.query<StandingRow>(
      `select id, due_id as "dueId", stage, step, local_date::text as "localDate", planned_for as "plannedFor",
         scheduled_for as "scheduledFor", status, reason, source
       from reminder
       where tenant_id = $1::uuid and due_id = any($2::uuid[]) and stage is not null and reason is distinct from 'REPLANNED'
       order by id`,
      [this.scope.tenantId, dueIds],
    );
    const standing = rows.map(({ dueId, reason, ...row }) => ({ dueId, ...row, reason: reason ?? undefined }));
    return Map.groupBy(standing, ({ dueId }) => dueId);
  }

  /** Changes come first: what is replanned away makes room for its successor. */
  async save(changes: readonly DuePlanChanges[]): Promise<void> {
    await this.#change(changes.flatMap(({ changed }) => changed));
    await this.#add(changes);
  }

  async lookAgain(shutBy: readonly Gate[]): Promise<boolean> {
    const rows = await this.unitOfWork.sql.query(
      `update reminder set scheduled_for = $3::timestamptz, updated_at = $3::timestamptz
       where tenant_id = $1::uuid and status = 'rescheduled' and reason = any($2::text[]) and scheduled_for > $3::timestamptz returning 1`,
      [this.scope.tenantId, shutBy, this.clock.now().toISOString()],
    );
    return rows.length > 0;
  }

  async #change(changed: readonly StandingReminder[]): Promise<void> {
    if (changed.length === 0) return;
    // Those that are being decided on at this moment are left to their decision, so that nobody who pays waits for the sweep: the gates see
    // what this transaction commits, at the latest before the next attempt.
    await this.unitOfWork.sql.query(
      `with free as materialized (
         select id from reminder
         where tenant_id = $1::uuid and id = any($2::uuid[])
           and (status in ('pending', 'rescheduled') or status = 'cancelled' and reason in ('PAID', 'WRITTEN_OFF'))
         order by id for update skip locked)
       update reminder r set status = c.status, reason = c.reason, planned_for = c.planned_for, scheduled_for = c.scheduled_for,
         message_id = case when r.status = 'cancelled' then null else r.message_id end, updated_at = $7::timestamptz
       from free, unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]) as c (id, status, reason, planned_for, scheduled_for)
       where r.tenant_id = $1::uuid and r.id = free.id and c.id = free.id`,
      [
        this.scope.tenantId,
        changed.map(({ id }) => id),
        changed.map(({ status }) => status),
        changed.map(({ reason }) => reason ?? null),
        changed.map(({ plannedFor }) => plannedFor.toISOString()),
        changed.map(({ scheduledFor }) => scheduledFor.toISOString()),
        this.clock.now().toISOString(),
      ],
    );
  }

  async #add(changes: readonly DuePlanChanges[]): Promise<void> {
    const rows = changes.flatMap(({ due, added }) => added.map((occurrence) => ({ due, occurrence })));
    if (rows.length === 0) return;
    await this.unitOfWork.sql.query(
      `insert into reminder (tenant_id, id, customer_id, due_id, kind, stage, step, local_date, planned_for, scheduled_for, status, source,
         created_at, updated_at)
       select $1::uuid, id, customer_id, due_id, 'PAYMENT_DUE', stage, step, local_date, at, at, 'pending', 'auto', $9::timestamptz, $9::timestamptz
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::date[], $8::timestamptz[])
         as o (id, customer_id, due_id, stage, step, local_date, at)
       on conflict (tenant_id, due_id, stage, step, local_date)
         where due_id is not null and stage is not null and reason is distinct from 'REPLANNED' do nothing`,
      [
        this.scope.tenantId,
        rows.map(() => newId()),
        rows.map(({ due }) => due.customerId),
        rows.map(({ due }) => due.id),
        rows.map(({ occurrence }) => occurrence.stage),
        rows.map(({ occurrence }) => occurrence.step),
        rows.map(({ occurrence }) => occurrence.localDate),
        rows.map(({ occurrence }) => occurrence.at.toISOString()),
        this.clock.now().toISOString(),
      ],
    );
  }
}
