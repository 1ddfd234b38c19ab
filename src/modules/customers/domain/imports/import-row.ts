import { DomainError } from '../../../../kernel/domain-error.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import { printable, templateLanguage, zoneName } from '../customer-words.js';
import { canonicalPhone } from '../identity.js';
import { readAmount, type WrittenAmount } from './amount.js';
import type { Cells, Column } from './columns.js';
import { unguarded } from './formula-guard.js';
import { refuse } from './refusal.js';
import { readDate } from './written-date.js';

/** What a row says of a due; its amount is read in the currency of the customer's books. */
export interface WrittenDue {
  readonly amount: WrittenAmount;
  readonly dueDate: CalendarDate | undefined;
  readonly reference: string | undefined;
  readonly description: string | undefined;
  readonly id: string | undefined;
}

/** A row whose values are well formed; what is undefined stays as it is. */
export interface ImportRow {
  readonly customerId: string | undefined;
  readonly reference: string | undefined;
  readonly name: string | undefined;
  /** +E.164 */
  readonly phone: string | undefined;
  readonly language: string | undefined;
  readonly timezone: string | undefined;
  /** Name or id of a payment term. */
  readonly paymentTerm: string | undefined;
  readonly due: WrittenDue | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param country ISO 3166-1 alpha-2 of the merchant: national numbers are of it @throws RowRefused */
export function readRow(cells: Cells, country: string): ImportRow {
  const text = (column: Column, longest: number): string | undefined => {
    const value = cells[column] === undefined ? '' : oneLine(unguarded(cells[column]));
    if (value.length > longest) refuse(column, 'TOO_LONG', `${column} has at most ${longest} characters.`);
    if (value.includes('\ufffd')) refuse(column, 'NOT_UTF8', `${column} is not readable: save the file as UTF-8.`);
    return value || undefined;
  };
  const spelt = (column: Column, longest: number, spell: (value: string) => string): string | undefined => {
    const value = text(column, longest);
    if (value === undefined) return undefined;
    try {
      return spell(value);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return refuse(column, error.code, error.message);
    }
  };
  const id = (column: Column): string | undefined => {
    const value = text(column, 100);
    if (value !== undefined && !UUID.test(value)) refuse(column, 'UNKNOWN_VALUE', `${column} is not an id.`);
    return value?.toLowerCase();
  };
  const row = {
    customerId: id('customer_id'),
    reference: spelt('reference', 100, (value) => printable('reference', value)),
    name: spelt('name', 200, (value) => printable('name', value)),
    phone: spelt('phone', 40, (value) => canonicalPhone(PhoneNumber.parse(value, country).digits)),
    language: spelt('language', 20, templateLanguage),
    timezone: spelt('timezone', 64, zoneName),
    paymentTerm: text('payment_term', 100),
  };
  if (row.customerId === undefined && row.reference === undefined && row.phone === undefined)
    refuse('phone', 'CUSTOMER_UNNAMED', 'The row has neither a reference nor a phone.');
  const rest = {
    dueDate: text('due_date', 40),
    reference: text('due_reference', 100),
    description: text('description', 500),
    id: id('due_id'),
  };
  const amount = text('amount', 60);
  if (amount === undefined) {
    // The due's id alone names one that is to stay as it is; a description alone is a remark on the customer.
    if (rest.dueDate ?? rest.reference)
      refuse('amount', 'AMOUNT_REQUIRED', 'A row with a due_date or due_reference needs an amount.');
    return { ...row, due: undefined };
  }
  const written = readAmount(amount);
  if (!written) refuse('amount', 'INVALID_AMOUNT', 'The amount is a number, e.g. 5000, 5,000.00 or 1,23,456.50.');
  const dueDate = rest.dueDate === undefined ? undefined : readDate(rest.dueDate);
  if (rest.dueDate !== undefined && dueDate === undefined)
    refuse('due_date', 'INVALID_DATE', 'A date is written 2026-11-30, 30/11/2026 or 30-11-2026.');
  return { ...row, due: { ...rest, amount: written, dueDate } };
}

/** Line breaks and the like are spaces: a value is one line. */
export function oneLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
