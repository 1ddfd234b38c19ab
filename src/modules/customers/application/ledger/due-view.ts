import { type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { type DueStatus, outstandingMinor, statusOn } from '../../domain/ledger/due.js';

/** A due as callers see it (S0.94). */
export interface DueView {
  readonly id: string;
  readonly customerId: string;
  /** As corrected. */
  readonly amount: Money;
  readonly paid: Money;
  readonly writtenOff: Money;
  /** What is left to be paid. */
  readonly outstanding: Money;
  readonly dueDate: CalendarDate;
  /** As of the customer's calendar day. */
  readonly status: DueStatus;
  readonly description: string | null;
  readonly reference: string | null;
  /** Of the due itself; null: the customer's. */
  readonly paymentTermId: string | null;
  readonly reminderPausedUntil: Date | null;
  /** The customer's latest answer about it. */
  readonly commitmentStatus: string | null;
  readonly expectedPaymentDate: CalendarDate | null;
  readonly settledAt: Date | null;
  readonly createdAt: Date;
}

export interface DueRow {
  id: string;
  customerId: string;
  currency: string;
  amountMinor: number;
  paidMinor: number;
  writtenOffMinor: number;
  dueDate: CalendarDate;
  description: string | null;
  reference: string | null;
  paymentTermId: string | null;
  reminderPausedUntil: Date | null;
  commitmentStatus: string | null;
  expectedPaymentDate: CalendarDate | null;
  settledAt: Date | null;
  createdAt: Date;
  zone: string;
}

/** $1 is the tenant; `d` the due, `c` its customer, `t` the merchant. Conditions follow. */
export const DUE_ROWS = `
  select d.id, d.customer_id as "customerId", d.currency, d.amount_minor::float8 as "amountMinor", d.paid_minor::float8 as "paidMinor",
    d.written_off_minor::float8 as "writtenOffMinor", d.due_date::text as "dueDate", d.description, d.reference,
    d.payment_term_id as "paymentTermId", d.reminder_paused_until as "reminderPausedUntil", d.commitment_status as "commitmentStatus",
    d.expected_payment_date::text as "expectedPaymentDate", d.settled_at as "settledAt", d.created_at as "createdAt",
    coalesce(c.timezone, t.timezone) as zone
  from due d
  join customer c on c.tenant_id = d.tenant_id and c.id = d.customer_id
  join tenant t on t.id = d.tenant_id
  where d.tenant_id = $1::uuid`;

export function toDueView({ zone, currency, ...row }: DueRow, now: Date): DueView {
  const { amountMinor, paidMinor, writtenOffMinor, ...due } = row;
  return {
    ...due,
    amount: Money.of(amountMinor, currency),
    paid: Money.of(paidMinor, currency),
    writtenOff: Money.of(writtenOffMinor, currency),
    outstanding: Money.of(outstandingMinor(row), currency),
    status: statusOn(localDate(now, zone), row),
  };
}
