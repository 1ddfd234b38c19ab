import type { CalendarDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { outstandingMinor, settledAs } from '../../../customers/index.js';
import type { Recipient } from '../../../messaging/index.js';
import type { ReminderCase } from '../../application/sweep/due-reminders.js';
import type { ReminderKind, ReminderStage, ReminderStatus, Sibling, Situation } from '../../domain/assessment.js';

export interface SiblingRow {
  readonly id: string;
  readonly due_id: string | null;
  readonly stage: ReminderStage | null;
  readonly step: number;
  readonly status: ReminderStatus;
  readonly source: 'auto' | 'manual';
  readonly scheduled_for: Date;
  readonly queued_at: Date | null;
  readonly sent_at: Date | null;
}

export interface CaseRow extends SiblingRow {
  readonly customer_id: string;
  readonly local_date: CalendarDate;
  readonly kind: ReminderKind;
  readonly message: string | null;
  readonly amount_minor: number | null;
  readonly paid_minor: number | null;
  readonly written_off_minor: number | null;
  readonly currency: string | null;
  readonly due_date: CalendarDate | null;
  readonly settled_at: Date | null;
  readonly reminder_paused_until: Date | null;
  readonly opted_out_at: Date | null;
  readonly is_blocked: boolean;
  readonly zone: string;
  readonly locale: string;
  readonly customer_name: string | null;
  readonly company_name: string;
  readonly tenant_status: string;
}

export interface IdentityRow {
  readonly contact_id: string;
  readonly kind: 'phone' | 'wa_id' | 'bsuid';
  readonly value: string;
}

/** Rows of the read model -> cases. */
export function toCases(
  rows: readonly CaseRow[],
  siblings: readonly SiblingRow[],
  identities: readonly IdentityRow[],
): ReminderCase[] {
  const siblingsOf = Map.groupBy(siblings, ({ due_id }) => due_id!);
  const addressOf = new Map(identities.map((row) => [row.contact_id, toRecipient(row)]));
  return rows.map((row) => {
    const to = addressOf.get(row.customer_id);
    const due = toDue(row);
    const others = row.due_id === null ? [] : siblingsOf.get(row.due_id)!.filter(({ id }) => id !== row.id);
    const situation: Situation = {
      reminder: { ...toSibling(row, row), kind: row.kind, localDate: row.local_date },
      zone: row.zone,
      ...(due ? { due } : {}),
      siblings: others.map((other) => toSibling(other, row)),
      optedOutAt: row.opted_out_at ?? undefined,
      isBlocked: row.is_blocked,
      sentToday: 0,
      hasAddress: to !== undefined,
    };
    return {
      situation,
      customerId: row.customer_id,
      dueId: row.due_id ?? undefined,
      to,
      customerName: row.customer_name ?? undefined,
      companyName: row.company_name,
      locale: row.locale.replaceAll('_', '-'),
      amount: due && Money.of(due.outstandingMinor, row.currency!),
      message: row.message ?? undefined,
      isSuspended: row.tenant_status !== 'active',
      queuedAt: row.queued_at ?? undefined,
    };
  });
}

function toDue(row: CaseRow): Situation['due'] {
  if (row.amount_minor === null) return undefined;
  const amounts = {
    amountMinor: row.amount_minor,
    paidMinor: row.paid_minor!,
    writtenOffMinor: row.written_off_minor!,
  };
  return {
    outstandingMinor: outstandingMinor(amounts),
    settled: row.settled_at === null ? undefined : settledAs(amounts),
    dueDate: row.due_date!,
    pausedUntil: row.reminder_paused_until ?? undefined,
  };
}

function toSibling(row: SiblingRow, asker: SiblingRow): Sibling {
  return {
    id: row.id,
    stage: row.stage ?? undefined,
    step: row.step,
    status: row.status,
    source: row.source,
    scheduledFor: row.scheduled_for,
    leftAt: row.sent_at ?? (row.status === 'queued' && wasQueuedBefore(row, asker) ? row.queued_at! : undefined),
  };
}

/** Of two that are on their way, the one that was handed over first has left, the other has not. */
function wasQueuedBefore(row: SiblingRow, asker: SiblingRow): boolean {
  if (asker.queued_at === null) return true;
  const [a, b] = [row.queued_at!.getTime(), asker.queued_at.getTime()];
  return a < b || (a === b && row.id < asker.id);
}

function toRecipient({ kind, value }: IdentityRow): Recipient {
  return kind === 'bsuid' ? { kind: 'bsuid', value } : { kind: 'phone', value: value.replace(/^\+/, '') };
}
