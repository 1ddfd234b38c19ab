import fc from 'fast-check';
import { newId } from '../../../../kernel/ids.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { CurrencyMismatch, Money } from '../../../../kernel/money.js';
import type { NewEntry, RecordedPayment } from './account-state.js';
import { CustomerAccount } from './customer-account.js';
import { outstandingMinor } from './due.js';
import {
  AmountBelowPaid,
  AmountNotPositive,
  CustomerArchived,
  DueNotFound,
  DueSettledAlready,
  PaymentReversedAlready,
  WriteOffExceedsOutstanding,
} from './ledger-errors.js';

const AT = new Date('2026-11-21T10:00:00Z');
const inr = (amountMinor: number): Money => Money.of(amountMinor, 'INR');
const day = (n: number): CalendarDate => `2026-12-${String(n).padStart(2, '0')}` as CalendarDate;

/** An account with its books beside it, as the repository keeps them. */
class Books {
  readonly account = CustomerAccount.restore({
    customerId: newId(),
    currency: 'INR',
    balanceMinor: 0,
    creditMinor: 0,
    isArchived: false,
    dues: [],
    unspent: [],
  });
  readonly entries: NewEntry[] = [];
  readonly dueIds: string[] = [];
  readonly payments: string[] = [];
  #allocations: { entryId: string; dueId: string; amountMinor: number }[] = [];

  addDue(amountMinor: number, dueDate = day(1)): string {
    const id = newId();
    this.account.addDue({ id, amount: inr(amountMinor), dueDate }, AT);
    this.dueIds.push(id);
    this.#keep();
    return id;
  }

  pay(amountMinor: number, towards?: string): string {
    const id = newId();
    this.account.pay({ id, amount: inr(amountMinor), towards, occurredAt: AT }, AT);
    this.payments.push(id);
    this.#keep();
    return id;
  }

  change(id: string, amountMinor: number): void {
    this.account.change(id, { amount: inr(amountMinor) }, AT);
    this.#keep();
  }

  writeOff(id: string, amountMinor?: number): void {
    this.account.writeOff(id, amountMinor === undefined ? undefined : inr(amountMinor), 'gone', AT);
    this.#keep();
  }

  reverse(paymentId: string): void {
    this.account.reverse(this.payment(paymentId), undefined, AT);
    this.#keep();
  }

  payment(id: string): RecordedPayment {
    return {
      id,
      amountMinor: -this.entries.find((entry) => entry.id === id)!.amountMinor,
      allocations: this.allocationsOf(({ entryId }) => entryId === id),
      isReversed: this.entries.some(({ reversesId }) => reversesId === id),
    };
  }

  allocationsOf(
    which: (part: { entryId: string; dueId: string }) => boolean,
  ): { dueId: string; amountMinor: number }[] {
    const sums = new Map<string, number>();
    for (const part of this.#allocations.filter(which))
      sums.set(part.dueId, (sums.get(part.dueId) ?? 0) + part.amountMinor);
    return [...sums].map(([dueId, amountMinor]) => ({ dueId, amountMinor }));
  }

  outstanding(id: string): number {
    return outstandingMinor(this.account.due(id));
  }

  #keep(): void {
    const { entries, allocations } = this.account.releaseChanges();
    this.entries.push(...entries);
    this.#allocations = [...this.#allocations, ...allocations];
  }
}

/** What must hold of any books at any time (C68, S0.94). */
function mustAddUp(books: Books): void {
  const { account, entries, dueIds } = books;
  const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);
  const dues = dueIds.map((id) => account.due(id));
  expect(account.balance.amountMinor).toBe(sum(entries.map(({ amountMinor }) => amountMinor)));
  expect(account.balance.amountMinor).toBe(sum(dues.map(outstandingMinor)) - account.credit.amountMinor);
  entries.reduce((before, entry) => {
    expect(entry.balanceAfterMinor).toBe(before + entry.amountMinor);
    return entry.balanceAfterMinor;
  }, 0);
  for (const due of dues) {
    expect(due.paidMinor).toBe(sum(books.allocationsOf(({ dueId }) => dueId === due.id).map((p) => p.amountMinor)));
    expect(Math.min(due.paidMinor, due.writtenOffMinor, outstandingMinor(due))).toBeGreaterThanOrEqual(0);
    expect(due.settledAt !== undefined).toBe(outstandingMinor(due) === 0);
  }
  if (account.credit.isPositive) expect(account.openDues).toEqual([]);
}

describe("A customer's account", () => {
  it('adds up whatever happens in whatever order: balance, credit, dues and lines (S0.94, C68)', () => {
    const amount = fc.integer({ min: 1, max: 1000 });
    const pick = fc.nat({ max: 20 });
    const act = fc.oneof(
      fc.record({ do: fc.constant('add' as const), amount, day: fc.integer({ min: 1, max: 28 }) }),
      fc.record({ do: fc.constant('pay' as const), amount, towards: fc.option(pick, { nil: undefined }) }),
      fc.record({ do: fc.constant('change' as const), amount, pick }),
      fc.record({ do: fc.constant('write-off' as const), amount: fc.option(amount, { nil: undefined }), pick }),
      fc.record({ do: fc.constant('reverse' as const), pick }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const books = new Books();
        const due = (n: number): string => books.dueIds[n % books.dueIds.length]!;
        for (const step of acts) {
          if (books.dueIds.length === 0 && step.do !== 'pay') books.addDue(500);
          try {
            if (step.do === 'add') books.addDue(step.amount, day(step.day));
            if (step.do === 'pay')
              books.pay(step.amount, step.towards === undefined || !books.dueIds[0] ? undefined : due(step.towards));
            if (step.do === 'change') books.change(due(step.pick), step.amount);
            if (step.do === 'write-off') books.writeOff(due(step.pick), step.amount);
            if (step.do === 'reverse' && books.payments[0])
              books.reverse(books.payments[step.pick % books.payments.length]!);
          } catch (error) {
            const refusals = [AmountBelowPaid, DueSettledAlready, WriteOffExceedsOutstanding, PaymentReversedAlready];
            if (!refusals.some((refusal) => error instanceof refusal)) throw error;
          }
          mustAddUp(books);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('pays the oldest due date first, or the due that is named and then the oldest (S0.94)', () => {
    const books = new Books();
    const [late, early, middle] = [books.addDue(100, day(9)), books.addDue(100, day(1)), books.addDue(100, day(5))];
    books.pay(150);
    expect([early, middle, late].map((id) => books.outstanding(id))).toEqual([0, 50, 100]);
    books.pay(120, late);
    expect([early, middle, late].map((id) => books.outstanding(id))).toEqual([0, 30, 0]);
  });

  it('keeps what is left over as credit, and later dues use it at once (S0.94)', () => {
    const books = new Books();
    books.pay(150);
    expect(books.account.balance).toEqual(inr(-150));
    const first = books.addDue(100);
    const second = books.addDue(100);
    expect(books.account.due(first).settledAt).toEqual(AT);
    expect(books.outstanding(second)).toBe(50);
    expect(books.account.credit.isZero).toBe(true);
  });

  it('opens a due again whose payment is taken back, as far as other credit does not pay it', () => {
    const books = new Books();
    const due = books.addDue(100);
    const bounced = books.pay(100);
    books.pay(30);
    books.reverse(bounced);
    expect(books.outstanding(due)).toBe(70);
    expect(books.account.credit.isZero).toBe(true);
    expect(() => books.reverse(bounced)).toThrow(PaymentReversedAlready);
  });

  it('lets one payment meet the same due again after a correction', () => {
    const books = new Books();
    const due = books.addDue(100);
    const payment = books.pay(150);
    books.change(due, 130);
    expect(books.payment(payment).allocations).toEqual([{ dueId: due, amountMinor: 130 }]);
    books.reverse(payment);
    expect(books.account.balance).toEqual(inr(130));
  });

  it('corrects an amount with a line of its own, never below what was paid (S0.94)', () => {
    const books = new Books();
    const due = books.addDue(100);
    books.pay(60);
    expect(() => books.change(due, 59)).toThrow(AmountBelowPaid);
    books.change(due, 60);
    expect(books.entries.at(-1)).toMatchObject({ type: 'CORRECTION', amountMinor: -40, balanceAfterMinor: 0 });
    expect(books.account.due(due).settledAt).toEqual(AT);
  });

  it('does not move what is settled, but mends its words', () => {
    const books = new Books();
    const due = books.addDue(100);
    books.pay(100);
    expect(() => books.account.change(due, { dueDate: day(9) }, AT)).toThrow(DueSettledAlready);
    books.account.change(due, { description: 'Bill 7' }, AT);
    expect(books.account.due(due)).toMatchObject({ description: 'Bill 7', settledAt: AT });
  });

  it('writes off what is left, or a part, and never more', () => {
    const books = new Books();
    const due = books.addDue(100);
    expect(() => books.writeOff(due, 101)).toThrow(WriteOffExceedsOutstanding);
    books.writeOff(due, 30);
    books.writeOff(due);
    expect(books.account.balance).toEqual(inr(0));
    expect(() => books.writeOff(due)).toThrow(DueSettledAlready);
  });

  it('says what happened', () => {
    const books = new Books();
    const due = books.addDue(100);
    books.pay(100);
    expect(books.account.releaseEvents().map(({ type }) => type)).toEqual([
      'customers.due-added',
      'customers.payment-recorded',
      'customers.due-settled',
    ]);
    books.reverse(books.payments[0]!);
    expect(books.account.releaseEvents()).toMatchObject([
      { type: 'customers.payment-reversed', payload: { dueIds: [due] } },
    ]);
  });

  it('refuses no money, another currency, an unknown due, and everything once it is archived', () => {
    const { account } = new Books();
    const due = { id: newId(), dueDate: day(1) };
    expect(() => account.addDue({ ...due, amount: inr(0) }, AT)).toThrow(AmountNotPositive);
    expect(() => account.addDue({ ...due, amount: Money.of(5, 'EUR') }, AT)).toThrow(CurrencyMismatch);
    expect(() => account.writeOff(newId(), undefined, 'gone', AT)).toThrow(DueNotFound);
    const archived = CustomerAccount.restore({
      customerId: newId(),
      currency: 'INR',
      balanceMinor: 0,
      creditMinor: 0,
      isArchived: true,
      dues: [],
      unspent: [],
    });
    expect(() => archived.addDue({ ...due, amount: inr(1) }, AT)).toThrow(CustomerArchived);
  });
});
