import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  type CarriedReminder,
  type Decision,
  DueReminders,
  type LeftReminder,
  type Occasion,
  type ReminderCase,
} from '../../application/sweep/due-reminders.js';
import { type EndedReminder, ReminderNews } from '../../application/sweep/reminder-news.js';
import type { ReminderStatus } from '../../domain/assessment.js';
import type { Verdict } from '../../domain/send-decision.js';
import { type CaseRow, type IdentityRow, type SiblingRow, toCases } from './reminder-cases.js';

/** A reminder that waits for credentials counts each look, but not for ever (C67). */
const MOST_ATTEMPTS = 5;

/**
 * Reads what a decision is made on, and writes what was decided. A read model over the books of customers (`customer`, `due`,
 * `contact`, `contact_identity`), `thread` and `tenant`: three statements for two thousand reminders, where asking each module would be thousands
 * (bench/sweep).
 */
@Injectable()
export class SqlDueReminders extends DueReminders {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly news: ReminderNews,
  ) {
    super();
  }

  async claim(limit: number): Promise<readonly ReminderCase[]> {
    const rows = await this.#query<CaseRow>(CLAIM, [limit]);
    return this.#complete(rows);
  }

  async lock(carried: readonly CarriedReminder[]): Promise<readonly ReminderCase[]> {
    const parameters = [carried.map(({ reminderId }) => reminderId), carried.map(({ messageId }) => messageId)];
    await this.#query(LOCK_BOOKS, [parameters[0]]);
    // A statement of its own: it must see what those who held the lock have committed.
    const rows = await this.#query<CaseRow>(LOCK, parameters);
    return this.#complete(rows);
  }

  async save(
    occasion: Occasion,
    decisions: readonly Decision[],
    messageIds: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (decisions.length === 0) return;
    const column = <Value>(value: (decision: Decision) => Value): Value[] => decisions.map(value);
    const reminderIds = column(idOf);
    await this.#query(RECORD, [
      reminderIds,
      column(() => newId()),
      column(({ at }) => at.toISOString()),
      occasion,
      column(({ verdict }) => verdict.then),
      column(({ verdict }) => gateOf(verdict)),
      column(({ verdict }) => (verdict.then === 'defer' ? verdict.until.toISOString() : null)),
      column(({ policyVersion }) => policyVersion),
      column(({ facts }) => JSON.stringify(facts)),
    ]);
    await this.#query(APPLY, [
      reminderIds,
      column(({ verdict }) => STATUS_AFTER[verdict.then]),
      column(({ verdict }) => gateOf(verdict)),
      column(({ verdict }) => (verdict.then === 'defer' ? verdict.until.toISOString() : null)),
      column((decision) => (decision.verdict.then === 'send' ? (messageIds.get(idOf(decision)) ?? null) : null)),
      column(({ sends }) => sends?.templateName ?? null),
      column(({ sends }) => sends?.templateLanguage ?? null),
      column(({ sends }) => (sends ? JSON.stringify(sends.variables) : null)),
      column(({ verdict }) => gateOf(verdict) === 'NO_CREDENTIALS'),
      MOST_ATTEMPTS,
    ]);
    await this.news.failed(decisions.flatMap((decision) => failureOf(decision)));
  }

  async leftSince(customerIds: readonly string[], since: Date): Promise<readonly LeftReminder[]> {
    const rows = await this.#query<{ id: string; customer_id: string; sent_at: Date | null; queued_at: Date | null }>(
      `select id, customer_id, sent_at, queued_at from reminder
       where tenant_id = $1::uuid and customer_id = any($2::uuid[]) and (sent_at >= $3::timestamptz or status = 'queued' and queued_at >= $3::timestamptz)`,
      [customerIds, since.toISOString()],
    );
    return rows.map((row) => ({
      id: row.id,
      customerId: row.customer_id,
      sentAt: row.sent_at ?? undefined,
      queuedAt: row.queued_at ?? undefined,
    }));
  }

  async nextDue(): Promise<Date | undefined> {
    const [row] = await this.#query<{ due: Date | null }>(
      `select min(scheduled_for) as due from reminder where tenant_id = $1::uuid and status in ('pending', 'rescheduled')`,
      [],
    );
    return row?.due ?? undefined;
  }

  async wakeUnable(): Promise<boolean> {
    const rows = await this.#query(
      `update reminder set scheduled_for = (select business_now()), updated_at = (select business_now())
       where tenant_id = $1::uuid and status = 'rescheduled' and reason = 'NO_CREDENTIALS' and scheduled_for > (select business_now()) returning 1`,
      [],
    );
    return rows.length > 0;
  }

  async #complete(rows: readonly CaseRow[]): Promise<readonly ReminderCase[]> {
    if (rows.length === 0) return [];
    const dueIds = [...new Set(rows.flatMap(({ due_id }) => due_id ?? []))];
    const siblings = dueIds.length === 0 ? [] : await this.#query<SiblingRow>(SIBLINGS, [dueIds]);
    const customerIds = [...new Set(rows.map(({ customer_id }) => customer_id))];
    const identities = await this.#query<IdentityRow>(IDENTITIES, [customerIds]);
    return toCases(rows, siblings, identities);
  }

  #query<Row extends object>(text: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}

const STATUS_AFTER: Readonly<Record<Verdict['then'], ReminderStatus>> = {
  send: 'queued',
  defer: 'rescheduled',
  cancel: 'cancelled',
  expire: 'expired',
  fail: 'failed',
};

function idOf(decision: Decision): string {
  return decision.case.situation.reminder.id;
}

function failureOf(decision: Decision): (EndedReminder & { readonly reason: string })[] {
  const { verdict } = decision;
  if (verdict.then !== 'fail') return [];
  const { customerId, dueId = null, situation } = decision.case;
  const { id: reminderId, stage = null } = situation.reminder;
  return [{ reminderId, customerId, dueId, messageId: null, stage, reason: verdict.gate }];
}

function gateOf(verdict: Verdict): string | null {
  return verdict.then === 'send' ? null : verdict.gate;
}

const CASE_COLUMNS = `
  r.id, r.customer_id, r.due_id, r.kind, r.stage, r.step, r.local_date::text, r.status, r.source, r.scheduled_for, r.queued_at, r.sent_at, r.message,
  d.amount_minor::float8, d.paid_minor::float8, d.written_off_minor::float8, d.currency, d.due_date::text, d.settled_at, d.reminder_paused_until,
  c.opted_out_at, b.blocked is not null as is_blocked, coalesce(c.timezone, t.timezone) as zone, coalesce(c.language, t.locale) as locale,
  coalesce(k.name, k.profile_name) as customer_name, t.name as company_name, t.status as tenant_status`;

// Each a probe of a primary key (`offset 0` keeps it one): the planner would rather read a whole table of some hundred thousand rows than
// ask two thousand times, and the sweep's cost would grow with what is stored.
const BOOKS = `
  join tenant t on t.id = $1::uuid
  join lateral (select * from customer c where c.tenant_id = $1::uuid and c.id = r.customer_id offset 0) c on true
  join lateral (select * from contact k where k.tenant_id = $1::uuid and k.id = r.customer_id offset 0) k on true
  left join lateral (select * from due d where d.tenant_id = $1::uuid and d.id = r.due_id offset 0) d on true
  left join lateral (select true as blocked from thread h
    where h.tenant_id = $1::uuid and h.contact_id = r.customer_id and h.status = 'blocked' and h.merged_into_id is null limit 1) b on true`;

// Rides reminder_due in its order, so that it reads what is due and nothing of what is stored. SKIP LOCKED: whoever comes second takes the next.
const CLAIM = `
  with r as materialized (
    select * from reminder where tenant_id = $1::uuid and status in ('pending', 'rescheduled') and scheduled_for <= (select business_now())
    order by scheduled_for, id limit $2 for update skip locked)
  select ${CASE_COLUMNS} from r ${BOOKS} order by r.scheduled_for, r.id`;

// Share, not update: many senders may look at the same books, nobody may change them meanwhile. In one order, so that two do not wait for each other.
const LOCK_BOOKS = `
  select c.id from customer c
  where c.tenant_id = $1::uuid and c.id = any(array(select customer_id from reminder where tenant_id = $1::uuid and id = any($2::uuid[])))
  order by c.id for share`;

// A reminder whose message this is not any more is not the message's to carry. One that failed may be sent by a person's wish.
const LOCK = `
  with r as materialized (
    select * from reminder where tenant_id = $1::uuid and id = any($2::uuid[]) and message_id = any($3::uuid[]) and status in ('queued', 'failed')
    order by id for update)
  select ${CASE_COLUMNS} from r ${BOOKS} order by r.id`;

const SIBLINGS = `
  select id, due_id, stage, step, status, source, scheduled_for, queued_at, sent_at from reminder
  where tenant_id = $1::uuid and due_id = any($2::uuid[])`;

// A number before a user id: it is what the merchant knows.
const IDENTITIES = `
  select distinct on (contact_id) contact_id, kind, value from contact_identity
  where tenant_id = $1::uuid and contact_id = any($2::uuid[]) and kind in ('phone', 'wa_id', 'bsuid')
  order by contact_id, array_position(array['phone', 'wa_id', 'bsuid'], kind)`;

const RECORD = `
  insert into reminder_decision (tenant_id, reminder_id, id, at, occasion, verdict, reason, next_at, policy_version, facts)
  select $1::uuid, reminder_id, id, at, $5, verdict, reason, next_at, policy_version, facts
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $6::text[], $7::text[], $8::timestamptz[], $9::int[], $10::jsonb[])
    as d (reminder_id, id, at, verdict, reason, next_at, policy_version, facts)`;

const APPLY = `
  update reminder r set status = d.status, reason = d.reason, scheduled_for = coalesce(d.scheduled_for, r.scheduled_for), message_id = d.message_id,
    queued_at = case when d.message_id is null then null else coalesce(r.queued_at, (select business_now())) end,
    template_name = coalesce(d.template_name, r.template_name), template_language = coalesce(d.template_language, r.template_language),
    template_variables = coalesce(d.template_variables, r.template_variables),
    attempts = case when d.counts then least(r.attempts + 1, greatest(r.attempts, $11::int)) else r.attempts end,
    last_error = case when d.counts then 'No WhatsApp number is able to send' else r.last_error end,
    updated_at = (select business_now())
  from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::text[], $8::text[], $9::jsonb[], $10::boolean[])
    as d (id, status, reason, scheduled_for, message_id, template_name, template_language, template_variables, counts)
  where r.tenant_id = $1::uuid and r.id = any($2::uuid[]) and r.id = d.id`;
