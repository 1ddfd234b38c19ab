import { AggregateRoot } from '../../../kernel/aggregate-root.js';
import type { CalendarDate } from '../../../kernel/local-time.js';
import type { AnswerPromise, PromiseAnswer } from './answers/answer.js';
import { PaymentClaimed, PromiseBroken, PromiseKept, PromiseMade, PromiseWithdrawn } from './commitment-events.js';

export const COMMITMENT_STATES = ['open', 'kept', 'part_kept', 'broken', 'superseded', 'withdrawn'] as const;
export type CommitmentState = (typeof COMMITMENT_STATES)[number];

/** Who said it, how, and in which message. */
export interface CommitmentSource {
  readonly source: 'tap' | 'text' | 'user';
  readonly wamid: string | undefined;
  /** The customer's words. */
  readonly said: string | undefined;
}

/** What a promise is about and what it is measured by: amounts of a due in minor units. */
export interface PromisedDue {
  readonly outstandingMinor: number;
  readonly paidMinor: number;
  /** Undefined while it is open. */
  readonly settled: 'PAID' | 'WRITTEN_OFF' | undefined;
}

export interface CommitmentSnapshot extends AnswerPromise, CommitmentSource {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly state: CommitmentState;
  /** What was promised: all that was owed, or a part of it. */
  readonly amountMinor: number;
  readonly currency: string;
  /** What was owed when it was promised. */
  readonly owedMinor: number;
  /** What had been paid of the due when it was promised. */
  readonly paidBeforeMinor: number;
  /** Paid on the due since then. */
  readonly paidMinor: number;
  readonly madeAt: Date;
  readonly settledAt: Date | undefined;
}

export interface NewCommitment extends AnswerPromise, CommitmentSource {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly currency: string;
  readonly due: PromisedDue;
  /** Left out: all that is owed. Never more than that. */
  readonly amountMinor?: number;
  readonly madeAt: Date;
}

/**
 * A promise to pay a due (D3). Open until money, time, another promise or the merchant ends it; whatever ended stays as it is.
 *
 *     open -> kept | part_kept | broken      by money, and by the instant at which it is judged
 *     open -> superseded | withdrawn         by a later answer; by the merchant, or because the due was forgiven
 */
export class Commitment extends AggregateRoot {
  #state: CommitmentSnapshot;

  private constructor(state: CommitmentSnapshot) {
    super();
    this.#state = state;
  }

  static make({ due, amountMinor = due.outstandingMinor, ...promise }: NewCommitment): Commitment {
    const commitment = new Commitment({
      ...promise,
      state: 'open',
      amountMinor: Math.min(amountMinor, due.outstandingMinor),
      owedMinor: due.outstandingMinor,
      paidBeforeMinor: due.paidMinor,
      paidMinor: 0,
      settledAt: undefined,
    });
    const claims = promise.answer === 'PAID_TODAY';
    commitment.record(claims ? new PaymentClaimed(commitment.#about) : new PromiseMade(commitment.#about));
    return commitment;
  }

  static restore(snapshot: CommitmentSnapshot): Commitment {
    return new Commitment(snapshot);
  }

  get snapshot(): CommitmentSnapshot {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#state.state === 'open';
  }

  get answer(): PromiseAnswer {
    return this.#state.answer;
  }

  get promisedFor(): CalendarDate {
    return this.#state.promisedFor;
  }

  /** Money came, was taken back, or the due was settled: the promise is kept as soon as nothing of it is left. */
  paymentRecorded(due: PromisedDue, now: Date): void {
    if (!this.isOpen) return;
    const { amountMinor, paidBeforeMinor } = this.#state;
    const paidMinor = Math.max(0, due.paidMinor - paidBeforeMinor);
    this.#state = { ...this.#state, paidMinor };
    if (due.settled === 'WRITTEN_OFF' && paidMinor < amountMinor) this.withdraw(now);
    else if (due.settled || paidMinor >= amountMinor) this.#end('kept', now);
  }

  /** At its time, what was not kept is broken, or kept in part. Before that nothing happens. */
  judge(due: PromisedDue, now: Date): void {
    this.paymentRecorded(due, now);
    if (!this.isOpen || now < this.#state.judgedAt) return;
    this.#end(this.#state.paidMinor > 0 ? 'part_kept' : 'broken', now);
  }

  /** A later answer takes its place. */
  supersede(now: Date): void {
    if (this.isOpen) this.#end('superseded', now);
  }

  /** The merchant takes it off the books: it was a mistake, or it no longer matters. */
  withdraw(now: Date): void {
    if (this.isOpen) this.#end('withdrawn', now);
  }

  #end(state: Exclude<CommitmentState, 'open'>, settledAt: Date): void {
    this.#state = { ...this.#state, state, settledAt };
    const about = this.#about;
    if (state === 'kept') this.record(new PromiseKept(about));
    if (state === 'withdrawn') this.record(new PromiseWithdrawn(about));
    if (state === 'broken' || state === 'part_kept')
      this.record(new PromiseBroken({ ...about, state, paidMinor: this.#state.paidMinor }));
  }

  get #about(): PromiseMade['payload'] {
    const { id, customerId, dueId, answer, amountMinor, currency, promisedFor } = this.#state;
    return { commitmentId: id, customerId, dueId, answer, amountMinor, currency, promisedFor };
  }
}
