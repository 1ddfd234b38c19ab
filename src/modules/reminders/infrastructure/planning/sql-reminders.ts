import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { Reminders } from '../../application/planning/reminders.js';
import { Reminder, type ReminderState } from '../../domain/reminder.js';
import { ReminderNotFound } from '../../domain/reminder-errors.js';

const COLUMNS = `r.id, r.customer_id as "customerId", r.due_id as "dueId", r.kind, r.stage, r.step, r.local_date::text as "localDate",
  r.planned_for as "plannedFor", r.scheduled_for as "scheduledFor", r.status, r.reason, r.source, r.message, r.message_id as "messageId"`;

type ReminderRow = { readonly [Field in keyof ReminderState]: ReminderState[Field] | null };

@Injectable()
export class SqlReminders extends Reminders {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(id: string): Promise<ReminderState> {
    return this.#one(`r.id = $2::uuid`, [id]);
  }

  async getForUpdate(id: string): Promise<Reminder> {
    await this.unitOfWork.sql.query(
      `select id from customer where tenant_id = $1::uuid
         and id = (select customer_id from reminder where tenant_id = $1::uuid and id = $2::uuid) for update`,
      [this.scope.tenantId, id],
    );
    return new Reminder(await this.#one(`r.id = $2::uuid for update`, [id]));
  }

  async occurrence({
    dueId,
    stage,
    step,
    localDate,
  }: Pick<ReminderState, 'dueId' | 'stage' | 'step' | 'localDate'>): Promise<Reminder | undefined> {
    const rows = await this.#query(
      `r.due_id = $2::uuid and r.stage = $3 and r.step = $4::int and r.local_date = $5::date
         and r.reason is distinct from 'REPLANNED' for update`,
      [dueId, stage, step, localDate],
    );
    return rows[0] && new Reminder(rows[0]);
  }

  async add({ state }: Reminder): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into reminder (tenant_id, id, customer_id, due_id, kind, stage, step, local_date, planned_for, scheduled_for, status, reason,
         source, message, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7::int, $8::date, $9::timestamptz, $10::timestamptz, $11, $12, $13, $14,
         $15::timestamptz, $15::timestamptz)`,
      [
        this.scope.tenantId,
        state.id,
        state.customerId,
        state.dueId ?? null,
        state.kind,
        state.stage ?? null,
        state.step,
        state.localDate,
        state.plannedFor.toISOString(),
        state.scheduledFor.toISOString(),
        state.status,
        state.reason ?? null,
        state.source,
        state.message ?? null,
        this.clock.now().toISOString(),
      ],
    );
  }

  async save({ state }: Reminder): Promise<void> {
    await this.unitOfWork.sql.query(
      `update reminder set stage = $3, step = $4::int, local_date = $5::date, planned_for = $6::timestamptz, scheduled_for = $7::timestamptz,
         status = $8, reason = $9, source = $10, message = $11, message_id = $12::uuid, updated_at = $13::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [
        this.scope.tenantId,
        state.id,
        state.stage ?? null,
        state.step,
        state.localDate,
        state.plannedFor.toISOString(),
        state.scheduledFor.toISOString(),
        state.status,
        state.reason ?? null,
        state.source,
        state.message ?? null,
        state.messageId ?? null,
        this.clock.now().toISOString(),
      ],
    );
  }

  /** Of the books (customer) and the merchant (tenant) it only reads the zone. */
  async lockCustomer(id: string): Promise<{ id: string; zone: string }> {
    const [customer] = await this.unitOfWork.sql.query<{ id: string; zone: string }>(
      `select c.id, coalesce(c.timezone, t.timezone) as zone
       from customer c join tenant t on t.id = c.tenant_id
       where c.tenant_id = $1::uuid and c.archived_at is null
         and c.id = (select coalesce(merged_into_id, id) from contact where tenant_id = $1::uuid and id = $2::uuid)
       for update of c`,
      [this.scope.tenantId, id],
    );
    if (!customer) throw new CustomerNotFound();
    return customer;
  }

  async #one(condition: string, parameters: readonly unknown[]): Promise<ReminderState> {
    const [state] = await this.#query(condition, parameters);
    if (!state) throw new ReminderNotFound();
    return state;
  }

  async #query(condition: string, parameters: readonly unknown[]): Promise<ReminderState[]> {
    const rows = await this.unitOfWork.sql.query<ReminderRow>(
      `select ${COLUMNS} from reminder r where r.tenant_id = $1::uuid and ${condition}`,
      [this.scope.tenantId, ...parameters],
    );
    return rows.map(toState);
  }
}

function toState(row: ReminderRow): ReminderState {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]: [string, unknown]) => [field, value ?? undefined]),
  ) as unknown as ReminderState;
}
