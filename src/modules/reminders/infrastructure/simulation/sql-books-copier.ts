import { Injectable } from '@nestjs/common';
import type { CalendarDate, LocalTime } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DEFAULT_TERM } from '../../../customers/index.js';
import { BooksCopier, type CopiedBooks } from '../../application/simulation/copied-books.js';
import { TooManyDues } from '../../application/simulation/simulation-errors.js';
import type { PromiseAnswer } from '../../domain/answers/answer.js';
import type { ReminderKind, ReminderStage, ReminderStatus } from '../../domain/assessment.js';
import type { CommitmentSnapshot } from '../../domain/commitment.js';
import type { SimulatedCustomer, SimulatedDue, SimulatedReminder } from '../../domain/simulation/books.js';

type Instant = string;

interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly zone: string;
  readonly locale: string;
  readonly optedOutAt: Instant | null;
  readonly isBlocked: boolean;
  readonly hasAddress: boolean;
  readonly windowOpenUntil: Instant | null;
}

interface DueRow {
  readonly id: string;
  readonly customerId: string;
  readonly dueDate: CalendarDate;
  readonly pausedUntil: Instant | null;
  readonly zone: string;
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly writtenOffMinor: number;
  readonly currency: string;
  /** Null where nobody names a term. */
  readonly sendAt: LocalTime | null;
  readonly reminderOffsets: number[];
  readonly overdueSteps: number[];
}

interface ReminderRow {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string | null;
  readonly kind: ReminderKind;
  readonly stage: ReminderStage | null;
  readonly step: number;
  readonly localDate: CalendarDate;
  readonly plannedFor: Instant;
  readonly scheduledFor: Instant;
  readonly status: ReminderStatus;
  readonly reason: string | null;
  readonly source: 'auto' | 'manual';
  readonly message: string | null;
  readonly queuedAt: Instant | null;
  readonly sentAt: Instant | null;
}

interface PromiseRow {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly answer: PromiseAnswer;
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly owedMinor: number;
  readonly paidBeforeMinor: number;
  readonly currency: string;
  readonly promisedFor: CalendarDate;
  readonly judgedAt: Instant;
  readonly madeAt: Instant;
}

interface CopyRow {
  readonly house: { readonly companyName: string; readonly laterAnswerReplaces: boolean };
  readonly customers: readonly CustomerRow[];
  readonly dues: readonly DueRow[];
  readonly reminders: readonly ReminderRow[];
  readonly promises: readonly PromiseRow[];
}

/**
 * A read model over the books (customer, contact, contact_identity, due, payment_term, contact_policy), the merchant (tenant) and the
 * conversations (thread): one statement, so that all of it is of the same moment.
 */
@Injectable()
export class SqlBooksCopier extends BooksCopier {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async copy(customerIds: readonly string[] | undefined, limit: number): Promise<CopiedBooks> {
    const [row] = await this.unitOfWork.sql.query<CopyRow>(COPY, [this.scope.tenantId, customerIds ?? null, limit + 1]);
    const { house, customers, dues, reminders, promises } = row!;
    if (dues.length > limit) throw new TooManyDues(limit);
    return {
      ...house,
      customers: customers.map(toCustomer),
      dues: dues.map(toDue),
      reminders: reminders.map(toReminder),
      promises: promises.map(toPromise),
    };
  }
}

function toCustomer({ name, optedOutAt, windowOpenUntil, locale, ...row }: CustomerRow): SimulatedCustomer {
  return {
    ...row,
    name: name ?? undefined,
    locale: locale.replaceAll('_', '-'),
    optedOutAt: instantOf(optedOutAt),
    windowOpenUntil: instantOf(windowOpenUntil),
  };
}

function toDue({ pausedUntil, sendAt, reminderOffsets, overdueSteps, ...row }: DueRow): SimulatedDue {
  return {
    ...row,
    settled: undefined,
    pausedUntil: instantOf(pausedUntil),
    term: sendAt ? { reminderOffsets, overdueSteps, sendAt } : DEFAULT_TERM,
  };
}

function toReminder(row: ReminderRow): SimulatedReminder {
  return {
    ...row,
    dueId: row.dueId ?? undefined,
    stage: row.stage ?? undefined,
    reason: row.reason ?? undefined,
    message: row.message ?? undefined,
    plannedFor: new Date(row.plannedFor),
    scheduledFor: new Date(row.scheduledFor),
    queuedAt: row.status === 'queued' ? instantOf(row.queuedAt) : undefined,
    sentAt: instantOf(row.sentAt),
  };
}

function toPromise(row: PromiseRow): CommitmentSnapshot {
  return {
    ...row,
    state: 'open',
    judgedAt: new Date(row.judgedAt),
    madeAt: new Date(row.madeAt),
    settledAt: undefined,
    source: 'user',
    wamid: undefined,
    said: undefined,
  };
}

function instantOf(text: Instant | null): Date | undefined {
  return text === null ? undefined : new Date(text);
}

const WAITS = `('pending', 'rescheduled', 'queued')`;

// Of dues that are not copied: other reminders that wait, and what the customer got lately, which counts against the day's allowance.
const COPY = `
  with open_due as materialized (
    select d.* from due d
    where d.tenant_id = $1::uuid and d.settled_at is null and ($2::uuid[] is null or d.customer_id = any($2::uuid[]))
    order by d.id limit $3::int),
  waiting as materialized (
    select r.customer_id from reminder r
    where r.tenant_id = $1::uuid and r.due_id is null and r.status in ${WAITS} and ($2::uuid[] is null or r.customer_id = any($2::uuid[]))
    limit $3::int),
  who as materialized (
    select c.*, coalesce(c.timezone, t.timezone) as zone, coalesce(c.language, t.locale) as tongue
    from customer c join tenant t on t.id = c.tenant_id
    where c.tenant_id = $1::uuid and c.id in (select customer_id from open_due union select customer_id from waiting)),
  customers as (
    select w.id, coalesce(k.name, k.profile_name) as name, w.zone, w.tongue as locale, w.opted_out_at as "optedOutAt",
      exists (select from contact_identity i
        where i.tenant_id = w.tenant_id and i.contact_id = w.id and i.kind in ('phone', 'wa_id', 'bsuid')) as "hasAddress",
      exists (select from thread h
        where h.tenant_id = w.tenant_id and h.contact_id = w.id and h.status = 'blocked' and h.merged_into_id is null) as "isBlocked",
      (select max(h.last_inbound_at) + interval '1 day' - interval '1 minute' from thread h
        where h.tenant_id = w.tenant_id and h.contact_id = w.id) as "windowOpenUntil"
    from who w join contact k on k.tenant_id = w.tenant_id and k.id = w.id order by w.id),
  dues as (
    select d.id, d.customer_id as "customerId", d.due_date as "dueDate", d.reminder_paused_until as "pausedUntil", w.zone,
      d.amount_minor as "amountMinor", d.paid_minor as "paidMinor", d.written_off_minor as "writtenOffMinor", d.currency,
      p.send_at as "sendAt", p.reminder_offsets as "reminderOffsets", p.overdue_steps as "overdueSteps"
    from open_due d
    join who w on w.id = d.customer_id
    left join payment_term house on house.tenant_id = d.tenant_id and house.is_default
    left join payment_term p on p.tenant_id = d.tenant_id and p.id = coalesce(d.payment_term_id, w.payment_term_id, house.id)
    order by d.id),
  reminders as (
    select r.id, r.customer_id as "customerId", r.due_id as "dueId", r.kind, r.stage, r.step, r.local_date as "localDate",
      r.planned_for as "plannedFor", r.scheduled_for as "scheduledFor", r.status, r.reason, r.source, r.message,
      r.queued_at as "queuedAt", r.sent_at as "sentAt"
    from reminder r
    where r.tenant_id = $1::uuid and r.customer_id in (select id from who) and r.reason is distinct from 'REPLANNED'
      and (r.due_id in (select id from open_due) or r.due_id is null and r.status in ${WAITS}
        or r.sent_at > (select business_now()) - interval '2 days')
    order by r.id),
  promises as (
    select m.id, m.customer_id as "customerId", m.due_id as "dueId", m.answer, m.amount_minor as "amountMinor", m.paid_minor as "paidMinor",
      m.owed_minor as "owedMinor", m.paid_before_minor as "paidBeforeMinor", m.currency, m.promised_for as "promisedFor",
      m.judged_at as "judgedAt", m.made_at as "madeAt"
    from commitment m where m.tenant_id = $1::uuid and m.state = 'open' and m.due_id in (select id from open_due))
  select
    (select jsonb_build_object('companyName', t.name, 'laterAnswerReplaces', coalesce(p.later_answer_replaces, false))
      from tenant t left join contact_policy p on p.tenant_id = t.id where t.id = $1::uuid) as house,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from customers x) as customers,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from dues x) as dues,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from reminders x) as reminders,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from promises x) as promises`;
