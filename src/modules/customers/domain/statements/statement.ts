import type { CalendarDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import type { DueStatus } from '../ledger/due.js';

export type LineType = 'DUE_ADDED' | 'PAYMENT' | 'WRITE_OFF' | 'CORRECTION';

/** An entry of the account on the customer's calendar. */
export interface AccountEntry {
  readonly entryId: string;
  readonly date: CalendarDate;
  readonly type: LineType;
  /** Effect on the balance: positive owes more. */
  readonly amountMinor: number;
  readonly dueId: string | null;
  readonly method: string | null;
  readonly reference: string | null;
  readonly description: string | null;
}

export interface StatementLine {
  readonly entryId: string;
  readonly date: CalendarDate;
  readonly type: LineType;
  readonly dueId: string | null;
  readonly method: string | null;
  readonly reference: string | null;
  readonly description: string | null;
  /** What the customer owes more by this line; null where they owe less. */
  readonly debit: Money | null;
  readonly credit: Money | null;
  /** Owed after this line; negative: in credit. */
  readonly balance: Money;
}

/** Lines that a statement sums up, because there are too many to show. */
export interface EarlierLines {
  readonly count: number;
  readonly debit: Money;
  readonly credit: Money;
  readonly balance: Money;
}

/** A due of which something is left, on the day of the statement. */
export interface OpenDue {
  readonly id: string;
  readonly dueDate: CalendarDate;
  readonly status: DueStatus;
  readonly amount: Money;
  readonly outstanding: Money;
  readonly reference: string | null;
  readonly description: string | null;
}

/** Calendar days of the customer, both included; null: from the first line, to the last. */
export interface Period {
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
}

export function isBackwards({ from, to }: Period): boolean {
  return from !== null && to !== null && to < from;
}

export interface StatementHead {
  readonly merchant: string;
  readonly customer: {
    readonly id: string;
    readonly name: string | null;
    readonly phone: string | null;
    readonly reference: string | null;
  };
  /** BCP 47, of the customer. */
  readonly locale: string;
  readonly period: Period;
  /** The customer's calendar day on which this was drawn up. */
  readonly asOf: CalendarDate;
  readonly drawnUpAt: Date;
  readonly openDues: readonly OpenDue[];
}

/** What a customer owes, line by line (S0.73). */
export interface Statement extends StatementHead {
  /** Owed before the period. */
  readonly openingBalance: Money;
  /** Older lines of the period, summed up; null when all are shown. */
  readonly earlier: EarlierLines | null;
  readonly lines: readonly StatementLine[];
  /** Of the whole period. */
  readonly totalDebit: Money;
  readonly totalCredit: Money;
  readonly closingBalance: Money;
}

export interface Account {
  readonly currency: string;
  /** Sum of all entries before the period. */
  readonly openingMinor: number;
  /** Of the period, in the order of time; entries of one moment in the order of the account. */
  readonly entries: readonly AccountEntry[];
  /** Entries of the period that are older than `entries` and only known by their sums. */
  readonly untold: { readonly count: number; readonly debitMinor: number; readonly creditMinor: number };
}

/**
 * Draws up a statement. Its balances run in the order of time; a line that was booked later than it happened stands where it
 * happened, so a balance in between may differ from the one that the account had then; opening and closing never do.
 */
export function drawUp(head: StatementHead, { currency, openingMinor, entries, untold }: Account): Statement {
  const money = (minor: number): Money => Money.of(minor, currency);
  let balanceMinor = openingMinor + untold.debitMinor - untold.creditMinor;
  const earlier = untold.count > 0 ? earlierLines(untold, money(balanceMinor)) : null;
  const lines = entries.map(({ amountMinor, ...entry }): StatementLine => {
    balanceMinor += amountMinor;
    return {
      ...entry,
      debit: amountMinor > 0 ? money(amountMinor) : null,
      credit: amountMinor > 0 ? null : money(-amountMinor),
      balance: money(balanceMinor),
    };
  });
  const sum = (of: 'debit' | 'credit', start: number): Money =>
    lines.reduce((total, line) => total.plus(line[of] ?? money(0)), money(start));
  return {
    ...head,
    openingBalance: money(openingMinor),
    earlier,
    lines,
    totalDebit: sum('debit', untold.debitMinor),
    totalCredit: sum('credit', untold.creditMinor),
    closingBalance: money(balanceMinor),
  };
}

/** The same statement with its newest lines alone; the older ones are summed up. */
export function showingNewest(statement: Statement, count: number): Statement {
  const { lines, earlier, openingBalance } = statement;
  const hidden = lines.slice(0, Math.max(0, lines.length - count));
  const last = hidden.at(-1);
  if (!last) return statement;
  const zero = Money.zero(openingBalance.currency);
  const sum = (of: 'debit' | 'credit'): Money =>
    hidden.reduce((total, line) => total.plus(line[of] ?? zero), earlier?.[of] ?? zero);
  return {
    ...statement,
    earlier: {
      count: (earlier?.count ?? 0) + hidden.length,
      debit: sum('debit'),
      credit: sum('credit'),
      balance: last.balance,
    },
    lines: lines.slice(hidden.length),
  };
}

function earlierLines({ count, debitMinor, creditMinor }: Account['untold'], balance: Money): EarlierLines {
  const { currency } = balance;
  return { count, debit: Money.of(debitMinor, currency), credit: Money.of(creditMinor, currency), balance };
}
