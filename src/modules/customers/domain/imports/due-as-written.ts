import { isUnitOf, minorUnits } from './amount.js';
import { oneLine, type WrittenDue } from './import-row.js';
import type { KnownDue } from './known.js';
import { refuse } from './refusal.js';

/** In minor units of the currency that the customer's books are kept in. @throws RowRefused */
export function amountIn({ amount }: WrittenDue, currency: string): number {
  if (amount.unit !== undefined && !isUnitOf(amount.unit, currency))
    refuse('amount', 'CURRENCY_MISMATCH', `The customer's books are kept in ${currency}.`);
  const minor = minorUnits(amount, currency);
  if (minor === undefined)
    return refuse('amount', 'INVALID_AMOUNT', `The amount has more decimals or digits than ${currency} has.`);
  if (minor <= 0) refuse('amount', 'AMOUNT_NOT_POSITIVE', 'Money that is owed is more than nothing.');
  return minor;
}

/** A file adds dues; it does not change those that the customer may have been reminded of. @throws RowRefused */
export function mustBeAsWritten(
  known: KnownDue,
  { amountMinor, dueDate, description }: WrittenDue & { amountMinor: number },
): void {
  const differs = (column: 'amount' | 'due_date' | 'description'): never =>
    refuse(column, 'DUE_DIFFERS', `This due is on the books with another ${column}: change it there.`);
  if (known.amountMinor !== amountMinor) differs('amount');
  if (dueDate !== undefined && known.dueDate !== dueDate) differs('due_date');
  if (description !== undefined && oneLine(known.description ?? '') !== description) differs('description');
}
