import fc from 'fast-check';
import { addDays, type CalendarDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import {
  type Account,
  type AccountEntry,
  drawUp,
  showingNewest,
  type Statement,
  type StatementHead,
} from './statement.js';
import { statementText, TEXT_LIMIT } from './statement-text.js';

const DAY_ONE = '2026-01-01';

/** An entry as the books hold it: booked in this order, at or before the day of booking. */
interface Booked extends AccountEntry {
  readonly balanceAfterMinor: number;
}

const words = fc.string({ unit: 'grapheme', maxLength: 300 });
const entry = fc.record({
  daysLater: fc.nat(3),
  bookedLate: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(40)),
  type: fc.constantFrom('DUE_ADDED', 'PAYMENT', 'WRITE_OFF', 'CORRECTION'),
  amountMinor: fc.oneof(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: -500, max: 500 })),
  method: fc.option(fc.constantFrom('cash', 'upi', 'other')),
  reference: fc.option(words),
  description: fc.option(words),
});

const booked = fc.array(entry, { maxLength: 120 }).map((entries): Booked[] => {
  let [day, balanceAfterMinor] = [0, 0];
  return entries.map(({ daysLater, bookedLate, ...line }, index) => {
    day += daysLater;
    balanceAfterMinor += line.amountMinor;
    const date = addDays(DAY_ONE, Math.max(0, day - bookedLate));
    return { ...line, entryId: String(index), dueId: null, date, balanceAfterMinor };
  });
});

/** As the database answers: in the order of time, then of booking; only the newest told. */
function accountOf(entries: readonly Booked[], from?: CalendarDate, to?: CalendarDate, newest = Infinity): Account {
  const inTime = entries.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const period = inTime.filter(({ date }) => (!from || date >= from) && (!to || date <= to));
  const untold = period.slice(0, Math.max(0, period.length - newest));
  const sum = (of: readonly Booked[], sign: 1 | -1): number =>
    of.reduce((total, { amountMinor }) => total + Math.max(0, sign * amountMinor), 0);
  const before = inTime.filter(({ date }) => from && date < from);
  return {
    currency: 'INR',
    openingMinor: before.reduce((total, { amountMinor }) => total + amountMinor, 0),
    entries: period.slice(untold.length),
    untold: { count: untold.length, debitMinor: sum(untold, 1), creditMinor: sum(untold, -1) },
  };
}

const HEAD: StatementHead = {
  merchant: 'Sharma Traders',
  customer: { id: 'c', name: 'Asha Rao', phone: '+919876543210', reference: 'C-1' },
  locale: 'en-IN',
  period: { from: null, to: null },
  asOf: '2026-11-21',
  drawnUpAt: new Date('2026-11-21T10:00:00Z'),
  openDues: [],
};

function without(statement: Statement): Omit<Statement, 'lines' | 'earlier'> {
  const { lines: _lines, earlier: _earlier, ...rest } = statement;
  return rest;
}

describe('The balances of a statement are those of the books (S0.73, S0.94)', () => {
  it('ends with the balance of the account, whatever was booked late', () => {
    fc.assert(
      fc.property(booked, (entries) => {
        const { closingBalance, openingBalance, totalDebit, totalCredit } = drawUp(HEAD, accountOf(entries));
        expect(closingBalance.amountMinor).toBe(entries.at(-1)?.balanceAfterMinor ?? 0);
        expect(openingBalance.plus(totalDebit).minus(totalCredit)).toEqual(closingBalance);
      }),
    );
  });

  it("shows each line's own balance where nothing was booked late", () => {
    fc.assert(
      fc.property(booked, (entries) => {
        const inTime = entries.every(({ date }, index) => index === 0 || entries[index - 1]!.date <= date);
        fc.pre(inTime);
        const { lines } = drawUp(HEAD, accountOf(entries));
        expect(lines.map(({ balance }) => balance.amountMinor)).toEqual(
          entries.map(({ balanceAfterMinor }) => balanceAfterMinor),
        );
      }),
    );
  });

  it('goes on where the statement of the days before ended', () => {
    fc.assert(
      fc.property(booked, fc.nat(200), (entries, days) => {
        const last = addDays(DAY_ONE, days);
        const first = drawUp(HEAD, accountOf(entries, undefined, last));
        const second = drawUp(HEAD, accountOf(entries, addDays(last, 1)));
        const whole = drawUp(HEAD, accountOf(entries));
        expect(second.openingBalance).toEqual(first.closingBalance);
        expect(second.closingBalance).toEqual(whole.closingBalance);
        expect([...first.lines, ...second.lines]).toEqual(whole.lines);
      }),
    );
  });

  it('sums up older lines without changing a balance, whoever sums them', () => {
    fc.assert(
      fc.property(booked, fc.nat(30), (entries, count) => {
        const whole = drawUp(HEAD, accountOf(entries));
        const shown = showingNewest(whole, count);
        expect(shown).toEqual(drawUp(HEAD, accountOf(entries, undefined, undefined, count)));
        expect(without(shown)).toEqual(without(whole));
        expect(shown.lines).toEqual(whole.lines.slice(-count || whole.lines.length));
        expect((shown.earlier?.count ?? 0) + shown.lines.length).toBe(whole.lines.length);
      }),
    );
  });
});

describe('A statement is one WhatsApp text (S0.73)', () => {
  const openDue = fc.record({
    id: fc.uuid(),
    dueDate: fc.nat(300).map((days) => addDays(DAY_ONE, days)),
    status: fc.constantFrom('PENDING' as const, 'PARTIAL' as const, 'OVERDUE' as const),
    amount: fc.constant(Money.of(Number.MAX_SAFE_INTEGER, 'INR')),
    outstanding: fc.constant(Money.of(Number.MAX_SAFE_INTEGER, 'INR')),
    reference: fc.option(words),
    description: fc.option(words),
  });
  const head = fc.record({
    locale: fc.constantFrom('en-IN', 'hi', 'hi_IN', 'el-GR', 'no such tag'),
    merchant: words,
    name: fc.option(words),
    openDues: fc.array(openDue, { maxLength: 30 }),
  });

  it('of at most 4096 characters, with the newest lines and the closing balance, whatever it holds', () => {
    fc.assert(
      fc.property(booked, head, (entries, { name, ...own }) => {
        const statement = drawUp({ ...HEAD, ...own, customer: { ...HEAD.customer, name } }, accountOf(entries));
        const text = statementText(statement);
        expect(text.length).toBeLessThanOrEqual(TEXT_LIMIT);
        expect(text.isWellFormed()).toBe(true);
        expect(text).toContain(statement.closingBalance.format(own.locale));
      }),
      { numRuns: 60 },
    );
  });

  const line = (n: number, more: Partial<AccountEntry> = {}): AccountEntry => ({
    entryId: String(n),
    date: addDays(DAY_ONE, n),
    type: 'DUE_ADDED',
    amountMinor: 100_00,
    dueId: null,
    method: null,
    reference: `INV-${n}`,
    description: null,
    ...more,
  });
  const account = (entries: readonly AccountEntry[]): Account => ({
    currency: 'INR',
    openingMinor: 0,
    entries,
    untold: { count: 0, debitMinor: 0, creditMinor: 0 },
  });

  it('in English', () => {
    const entries = [
      line(0, { amountMinor: 5_00_000_00, description: 'Rice,\n40 bags' }),
      line(20, { type: 'PAYMENT', amountMinor: -2_00_000_00, method: 'upi', reference: null }),
    ];
    const openDues = [
      {
        id: 'd',
        dueDate: '2026-11-25' as const,
        status: 'PARTIAL' as const,
        amount: Money.of(5_00_000_00, 'INR'),
        outstanding: Money.of(3_00_000_00, 'INR'),
        reference: 'INV-0',
        description: null,
      },
    ];
    expect(statementText(drawUp({ ...HEAD, openDues }, account(entries)))).toBe(
      [
        '*Statement of account*',
        'Asha Rao · Sharma Traders',
        'Until 21 Nov 2026',
        '',
        '1 Jan 2026  Due, Rice, 40 bags, INV-0  +₹5,00,000.00 = ₹5,00,000.00',
        '21 Jan 2026  Payment (UPI)  −₹2,00,000.00 = ₹3,00,000.00',
        '*Closing balance: ₹3,00,000.00*',
        '',
        '*Open dues*',
        '• ₹3,00,000.00, due 25 Nov 2026 (INV-0): partly paid',
      ].join('\n'),
    );
  });

  it('in Hindi for who speaks it', () => {
    const text = statementText(drawUp({ ...HEAD, locale: 'hi-IN' }, account([line(0)])));
    expect(text).toMatch(/^\*खाते का विवरण\*\n/);
    expect(text).toContain('*अंतिम शेष: ₹100.00*');
    expect(text).not.toMatch(/Balance|Due/);
  });

  it('shows as many of the newest lines as go in, and sums the others up', () => {
    const text = statementText(drawUp(HEAD, account(Array.from({ length: 500 }, (_, n) => line(n % 300)))));
    const shown = text.match(/INV-/g)!.length;
    expect(text).toContain(`Earlier (${500 - shown} entries) = `);
    expect(text).toContain('*Closing balance: ₹50,000.00*');
    expect(TEXT_LIMIT - text.length).toBeLessThan(80);
  });
});
