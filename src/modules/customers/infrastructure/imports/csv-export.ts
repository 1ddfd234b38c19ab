import { stringify } from 'csv-stringify/sync';
import type { ExportRow } from '../../application/imports/export-customers.js';
import { majorUnits } from '../../domain/imports/amount.js';
import { COLUMNS, type Column } from '../../domain/imports/columns.js';
import { guarded } from '../../domain/imports/formula-guard.js';

/** Exports say beside what imports read what is left of a due. */
const EXPORTED = [...COLUMNS, 'outstanding'] as const;

/** A CSV file page by page; Excel knows by the mark at its beginning that it is UTF-8. */
export async function* csvOf(pages: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string, void, void> {
  yield `\ufeff${written([EXPORTED])}`;
  for await (const rows of pages) yield written(rows.map((row) => valuesOf(row).map(guarded)));
}

function written(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows' });
}

function valuesOf({ currency, due, ...customer }: ExportRow): string[] {
  const values: Record<Column | 'outstanding', string | null | undefined> = {
    reference: customer.reference,
    name: customer.name,
    phone: customer.phone,
    language: customer.language,
    timezone: customer.timezone,
    payment_term: customer.paymentTerm,
    amount: due && majorUnits(due.amountMinor, currency),
    due_date: due?.dueDate,
    due_reference: due?.reference,
    description: due?.description,
    customer_id: customer.customerId,
    due_id: due?.id,
    outstanding: due && majorUnits(due.outstandingMinor, currency),
  };
  return EXPORTED.map((column) => values[column] ?? '');
}
