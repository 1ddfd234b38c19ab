import type { CalendarDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import type { PromiseAnswer } from '../../domain/answers/answer.js';
import type { CommitmentSnapshot, CommitmentState } from '../../domain/commitment.js';

/** A promise as callers see it (D3). */
export interface CommitmentView {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly answer: PromiseAnswer;
  readonly state: CommitmentState;
  /** What was promised. */
  readonly amount: Money;
  /** Paid on the due since then. */
  readonly paid: Money;
  /** The customer's day. */
  readonly promisedFor: CalendarDate;
  /** Reminders wait until then; unpaid then, it is broken. */
  readonly judgedAt: Date;
  readonly source: 'tap' | 'text' | 'user';
  /** The message that said so, and its words; null: somebody of the merchant's recorded it. */
  readonly wamid: string | null;
  readonly said: string | null;
  readonly madeAt: Date;
  readonly settledAt: Date | null;
}

export interface CommitmentRow extends Omit<CommitmentView, 'amount' | 'paid'> {
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly currency: string;
}

/** $1 is the tenant. Conditions follow. */
export const COMMITMENT_ROWS = `
  select id, customer_id as "customerId", due_id as "dueId", answer, state, amount_minor::float8 as "amountMinor", paid_minor::float8 as "paidMinor",
    currency, promised_for::text as "promisedFor", judged_at as "judgedAt", source, wamid, said, made_at as "madeAt", settled_at as "settledAt"
  from commitment where tenant_id = $1::uuid`;

export function toCommitmentView({ amountMinor, paidMinor, currency, ...row }: CommitmentRow): CommitmentView {
  return { ...row, amount: Money.of(amountMinor, currency), paid: Money.of(paidMinor, currency) };
}

export function viewOf(snapshot: CommitmentSnapshot): CommitmentView {
  const { id, customerId, dueId, answer, state, promisedFor, judgedAt, source, madeAt } = snapshot;
  return {
    ...{ id, customerId, dueId, answer, state, promisedFor, judgedAt, source, madeAt },
    amount: Money.of(snapshot.amountMinor, snapshot.currency),
    paid: Money.of(snapshot.paidMinor, snapshot.currency),
    wamid: snapshot.wamid ?? null,
    said: snapshot.said ?? null,
    settledAt: snapshot.settledAt ?? null,
  };
}
