import { type CalendarDate, formatDate } from '../../../../kernel/local-time.js';
import type { DueStatus } from '../ledger/due.js';
import type { LineType, OpenDue, Period, StatementLine } from './statement.js';

/** What a statement says in one language. */
export interface StatementWords {
  readonly title: string;
  readonly date: string;
  readonly details: string;
  readonly debit: string;
  readonly credit: string;
  readonly balance: string;
  readonly openingBalance: string;
  readonly closingBalance: string;
  readonly total: string;
  readonly openDues: string;
  readonly nothingOpen: string;
  readonly carriedForward: string;
  readonly broughtForward: string;
  readonly page: string;
  readonly earlier: (count: number) => string;
  readonly furtherDues: (count: number) => string;
  readonly period: (from: string | null, to: string) => string;
  readonly dueOn: (date: string) => string;
  readonly lines: Readonly<Record<LineType, string>>;
  readonly methods: Readonly<Record<string, string>>;
  readonly statuses: Readonly<Record<DueStatus, string>>;
  /** BCP 47, for dates. */
  readonly dates: string;
}

const ENGLISH: StatementWords = {
  title: 'Statement of account',
  date: 'Date',
  details: 'Details',
  debit: 'Debit',
  credit: 'Credit',
  balance: 'Balance',
  openingBalance: 'Opening balance',
  closingBalance: 'Closing balance',
  total: 'Total',
  openDues: 'Open dues',
  nothingOpen: 'Nothing is open. Thank you!',
  carriedForward: 'Carried forward',
  broughtForward: 'Brought forward',
  page: 'Page',
  earlier: (count) => `Earlier (${count} ${count === 1 ? 'entry' : 'entries'})`,
  furtherDues: (count) => `and ${count} more`,
  period: (from, to) => (from === null ? `Until ${to}` : `${from} to ${to}`),
  dueOn: (date) => `due ${date}`,
  lines: { DUE_ADDED: 'Due', PAYMENT: 'Payment', WRITE_OFF: 'Written off', CORRECTION: 'Correction' },
  methods: { cash: 'cash', bank_transfer: 'bank transfer', upi: 'UPI', card: 'card', cheque: 'cheque' },
  statuses: {
    PENDING: 'pending',
    PARTIAL: 'partly paid',
    PAID: 'paid',
    OVERDUE: 'overdue',
    WRITTEN_OFF: 'written off',
  },
  // The day first, as S0.51 writes it.
  dates: 'en-GB',
};

const HINDI: StatementWords = {
  title: 'खाते का विवरण',
  date: 'तारीख',
  details: 'विवरण',
  debit: 'नामे',
  credit: 'जमा',
  balance: 'शेष',
  openingBalance: 'प्रारंभिक शेष',
  closingBalance: 'अंतिम शेष',
  total: 'कुल',
  openDues: 'बकाया राशि',
  nothingOpen: 'कुछ भी बकाया नहीं है। धन्यवाद!',
  carriedForward: 'आगे ले जाया गया',
  broughtForward: 'पीछे से लाया गया',
  page: 'पृष्ठ',
  earlier: (count) => `इससे पहले (${count} प्रविष्टियाँ)`,
  furtherDues: (count) => `और ${count}`,
  period: (from, to) => (from === null ? `${to} तक` : `${from} से ${to} तक`),
  dueOn: (date) => `देय तिथि ${date}`,
  lines: { DUE_ADDED: 'बकाया', PAYMENT: 'भुगतान', WRITE_OFF: 'माफ़', CORRECTION: 'सुधार' },
  methods: { cash: 'नकद', bank_transfer: 'बैंक ट्रांसफर', upi: 'UPI', card: 'कार्ड', cheque: 'चेक' },
  statuses: {
    PENDING: 'बाकी',
    PARTIAL: 'आंशिक भुगतान',
    PAID: 'चुकाया',
    OVERDUE: 'देय तिथि बीत गई',
    WRITTEN_OFF: 'माफ़',
  },
  dates: 'hi-IN',
};

/** Hindi for who speaks it, English for everybody else. @param locale BCP 47, or as Meta writes it (`hi_IN`) */
export function wordsFor(locale: string): StatementWords {
  return /^hi\b|^hi_/i.test(locale) ? HINDI : ENGLISH;
}

export function dayIn(words: StatementWords, date: CalendarDate): string {
  return formatDate(date, words.dates);
}

export function periodIn(words: StatementWords, { from, to }: Period, asOf: CalendarDate): string {
  return words.period(from && dayIn(words, from), dayIn(words, to ?? asOf));
}

/** What a line is about: `Payment (UPI), ref. 4711`. */
export function detailsIn(words: StatementWords, line: StatementLine): string {
  const method = line.method && words.methods[line.method];
  return told([words.lines[line.type] + (method ? ` (${method})` : ''), line.description, line.reference]);
}

/** What a due is about, or nothing. */
export function dueDetails({ description, reference }: OpenDue): string {
  return told([description, reference]);
}

/** On one line: what people wrote may hold line breaks. */
function told(parts: readonly (string | null)[]): string {
  return parts
    .map((part) => (part ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim())
    .filter((part) => part !== '')
    .join(', ');
}
