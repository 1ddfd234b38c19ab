import { AggregateRoot } from '../../../../kernel/aggregate-root.js';
import { newId } from '../../../../kernel/ids.js';
import { CurrencyMismatch, Money } from '../../../../kernel/money.js';
import { DueAdded, DueChanged, DueSettled, PaymentRecorded, PaymentReversed } from '../ledger-events.js';
import type {
  AccountChanges,
  AccountState,
  Allocation,
  DueChanges,
  DueState,
  NewDue,
  NewEntry,
  NewPayment,
  RecordedPayment,
} from './account-state.js';
import { outstandingMinor, settledAs } from './due.js';
import {
  AmountBelowPaid,
  AmountNotPositive,
  CustomerArchived,
  DueNotFound,
  DueSettledAlready,
  PaymentReversedAlready,
  WriteOffExceedsOutstanding,
} from './ledger-errors.js';

/**
 * The books of one customer (S0.94). At any time: the balance is the sum of the entries, and of what is left of all dues less the
 * credit; nothing is paid beyond a due's amount; there is credit only while no due is open (C68).
 */
export class CustomerAccount extends AggregateRoot {
  #balanceMinor: number;
  #unspent: AccountState['unspent'];
  readonly #dues: Map<string, DueState>;
  #entries: NewEntry[] = [];
  #allocations: (Allocation & { readonly entryId: string })[] = [];
  readonly #added = new Set<string>();
  readonly #changed = new Set<string>();

  private constructor(private readonly kept: AccountState) {
    super();
    this.#balanceMinor = kept.balanceMinor;
    this.#unspent = kept.unspent;
    this.#dues = new Map(kept.dues.map((due) => [due.id, due]));
  }

  static restore(state: AccountState): CustomerAccount {
    return new CustomerAccount(state);
  }

  get customerId(): string {
    return this.kept.customerId;
  }

  get currency(): string {
    return this.kept.currency;
  }

  get balance(): Money {
    return Money.of(this.#balanceMinor, this.currency);
  }

  get credit(): Money {
    const rests = this.#unspent.map(({ restMinor }) => restMinor);
    return Money.of(
      rests.reduce((sum, rest) => sum + rest, 0),
      this.currency,
    );
  }

  get openDues(): readonly DueState[] {
    return [...this.#dues.values()].filter(({ settledAt }) => !settledAt).sort(oldestFirst);
  }

  /** @throws DueNotFound */
  due(id: string): DueState {
    const due = this.#dues.get(id);
    if (!due) throw new DueNotFound();
    return due;
  }

  /** Owes more (S0.18); credit pays it at once. */
  addDue({ id, amount, dueDate, description, reference, paymentTermId }: NewDue, at: Date): void {
    this.#mustBeKept();
    const amountMinor = this.#positive(amount);
    const money = { amountMinor, paidMinor: 0, writtenOffMinor: 0 };
    this.#dues.set(id, { id, ...money, dueDate, description, reference, paymentTermId, settledAt: undefined });
    this.#added.add(id);
    this.#append({ type: 'DUE_ADDED', amountMinor, dueId: id, reference, description, occurredAt: at });
    this.record(new DueAdded(this.customerId, id, amountMinor, this.currency, dueDate));
    this.#spendCredit(at);
  }

  /** The due that is named is paid first, then the oldest; what is left over is credit. @returns what it was allocated to @throws DueNotFound */
  pay({ id, amount, towards, method, reference, occurredAt }: NewPayment, at: Date): readonly Allocation[] {
    this.#mustBeKept();
    const amountMinor = this.#positive(amount);
    const named = towards === undefined ? [] : [this.due(towards)].filter(({ settledAt }) => !settledAt);
    const inOrder = [...named, ...this.openDues.filter((due) => due.id !== towards)];
    this.#append({ id, type: 'PAYMENT', amountMinor: -amountMinor, dueId: towards, method, reference, occurredAt });
    const { allocations, restMinor } = this.#allocate(id, amountMinor, inOrder, at);
    if (restMinor > 0) this.#unspent = [...this.#unspent, { paymentId: id, restMinor }];
    this.record(
      new PaymentRecorded(this.customerId, {
        paymentId: id,
        amountMinor,
        currency: this.currency,
        allocations: allocations.map((part) => ({ ...part, settles: this.due(part.dueId).settledAt !== undefined })),
      }),
    );
    this.#announceSettled(allocations);
    return allocations;
  }

  /** An amount that changes is a CORRECTION line. A settled due whose amount grows is open again. @throws DueNotFound, AmountBelowPaid, DueSettledAlready */
  change(id: string, { amount, dueDate, description, reference, paymentTermId }: DueChanges, at: Date): void {
    this.#mustBeKept();
    const due = this.due(id);
    const amountMinor = amount ? this.#positive(amount) : due.amountMinor;
    if (amountMinor < due.paidMinor + due.writtenOffMinor) throw new AmountBelowPaid();
    const isSettled = amountMinor === due.paidMinor + due.writtenOffMinor;
    const plansAnew = amountMinor !== due.amountMinor || dueDate !== undefined || paymentTermId !== undefined;
    if (due.settledAt && isSettled && plansAnew) throw new DueSettledAlready();
    this.#put({
      ...due,
      amountMinor,
      dueDate: dueDate ?? due.dueDate,
      description: given(description, due.description),
      reference: given(reference, due.reference),
      paymentTermId: given(paymentTermId, due.paymentTermId),
      settledAt: isSettled ? (due.settledAt ?? at) : undefined,
    });
    const difference = amountMinor - due.amountMinor;
    if (difference !== 0) this.#append({ type: 'CORRECTION', amountMinor: difference, dueId: id, occurredAt: at });
    if (plansAnew) this.record(new DueChanged(this.customerId, id));
    if (isSettled && !due.settledAt) this.#announceSettled([{ dueId: id }]);
    this.#spendCredit(at);
  }

  /** Gives up what is left of a due, or a part of it. @throws DueNotFound, DueSettledAlready, WriteOffExceedsOutstanding */
  writeOff(id: string, amount: Money | undefined, reason: string, at: Date): void {
    this.#mustBeKept();
    const due = this.due(id);
    if (due.settledAt) throw new DueSettledAlready();
    const left = outstandingMinor(due);
    const minor = amount ? this.#positive(amount) : left;
    if (minor > left) throw new WriteOffExceedsOutstanding();
    this.#put({
      ...due,
      writtenOffMinor: due.writtenOffMinor + minor,
      settledAt: minor === left ? at : undefined,
    });
    this.#append({ type: 'WRITE_OFF', amountMinor: -minor, dueId: id, description: reason, occurredAt: at });
    if (minor === left) this.#announceSettled([{ dueId: id }]);
    else this.record(new DueChanged(this.customerId, id));
  }

  /**
   * The payment did not happen (a cheque that bounced): what it settled is owed again, as far as other credit does not pay it.
   * @throws PaymentReversedAlready
   */
  reverse({ id, amountMinor, allocations, isReversed }: RecordedPayment, reason: string | undefined, at: Date): void {
    this.#mustBeKept();
    if (isReversed) throw new PaymentReversedAlready();
    const correction = this.#append({
      type: 'CORRECTION',
      amountMinor,
      description: reason,
      reversesId: id,
      occurredAt: at,
    });
    for (const part of allocations) {
      const due = this.due(part.dueId);
      this.#put({ ...due, paidMinor: due.paidMinor - part.amountMinor, settledAt: undefined });
      this.#allocations.push({ entryId: correction, dueId: due.id, amountMinor: -part.amountMinor });
    }
    this.#unspent = this.#unspent.filter(({ paymentId }) => paymentId !== id);
    this.record(
      new PaymentReversed(this.customerId, {
        paymentId: id,
        amountMinor,
        currency: this.currency,
        dueIds: allocations.map(({ dueId }) => dueId),
      }),
    );
    this.#spendCredit(at);
  }

  /** Books of two customers became one: credit of the one pays dues of the other. */
  settleWithCredit(at: Date): void {
    this.#spendCredit(at);
  }

  /** Hands over what is to be written, once. */
  releaseChanges(): AccountChanges {
    const added = [...this.#added].map((id) => this.due(id));
    const changed = [...this.#changed].filter((id) => !this.#added.has(id)).map((id) => this.due(id));
    const changes = { entries: this.#entries, added, changed, allocations: this.#allocations };
    [this.#entries, this.#allocations] = [[], []];
    this.#added.clear();
    this.#changed.clear();
    return changes;
  }

  #spendCredit(at: Date): void {
    for (const { paymentId, restMinor } of this.#unspent) {
      const spent = this.#allocate(paymentId, restMinor, this.openDues, at);
      this.#unspent = this.#unspent
        .map((payment) => (payment.paymentId === paymentId ? { paymentId, restMinor: spent.restMinor } : payment))
        .filter((payment) => payment.restMinor > 0);
      this.#announceSettled(spent.allocations);
    }
  }

  #allocate(
    entryId: string,
    amountMinor: number,
    dues: readonly DueState[],
    at: Date,
  ): { allocations: Allocation[]; restMinor: number } {
    const allocations: Allocation[] = [];
    let restMinor = amountMinor;
    for (const due of dues) {
      if (restMinor === 0) break;
      const part = Math.min(restMinor, outstandingMinor(due));
      restMinor -= part;
      allocations.push({ dueId: due.id, amountMinor: part });
      this.#put({
        ...due,
        paidMinor: due.paidMinor + part,
        settledAt: part === outstandingMinor(due) ? at : undefined,
      });
    }
    this.#allocations.push(...allocations.map((part) => ({ entryId, ...part })));
    return { allocations, restMinor };
  }

  #announceSettled(allocations: readonly { readonly dueId: string }[]): void {
    for (const { dueId } of allocations) {
      const due = this.due(dueId);
      if (due.settledAt) this.record(new DueSettled(this.customerId, dueId, settledAs(due)));
    }
  }

  #append(entry: Omit<NewEntry, 'id' | 'balanceAfterMinor'> & { id?: string }): string {
    this.#balanceMinor = Money.of(this.#balanceMinor + entry.amountMinor, this.currency).amountMinor;
    const id = entry.id ?? newId();
    this.#entries.push({ ...entry, id, balanceAfterMinor: this.#balanceMinor });
    return id;
  }

  #put(due: DueState): void {
    this.#dues.set(due.id, due);
    this.#changed.add(due.id);
  }

  #positive({ amountMinor, currency }: Money): number {
    if (currency !== this.currency) throw new CurrencyMismatch(this.currency, currency);
    if (amountMinor <= 0) throw new AmountNotPositive();
    return amountMinor;
  }

  #mustBeKept(): void {
    if (this.kept.isArchived) throw new CustomerArchived();
  }
}

function given<T>(change: T | null | undefined, before: T | undefined): T | undefined {
  return change === undefined ? before : (change ?? undefined);
}

function oldestFirst(a: DueState, b: DueState): number {
  return a.dueDate === b.dueDate ? (a.id < b.id ? -1 : 1) : a.dueDate < b.dueDate ? -1 : 1;
}
