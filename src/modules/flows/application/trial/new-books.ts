import { localDate } from '../../../../kernel/local-time.js';
import { emptyStatementText } from '../../../customers/index.js';
import type { VariablesOf } from '../engine/flow-variables.js';
import type { Merchant } from '../engine/merchants.js';
import { periodsOf } from '../engine/statement-variables.js';

/** What is known of a customer, by whole name, once they have answered so far. */
export type ValuesOfAnswers = (answers: VariablesOf['answers']) => ReadonlyMap<string, string>;

/** Statements of somebody on whom books are kept since they said STOP: nothing stands in them. */
export function valuesOfNewBooks(
  merchant: Merchant,
  { name = null, language = merchant.locale }: { readonly name?: string | null; readonly language?: string },
  now: Date,
): ValuesOfAnswers {
  const asOf = localDate(now, merchant.timezone);
  const customer = { id: 'trial', name, phone: null, reference: null };
  const head = { merchant: merchant.name, customer, locale: language, asOf, drawnUpAt: now };
  const whole = emptyStatementText({ ...head, period: { from: null, to: null } }, merchant.currency);
  return (answers) =>
    new Map([
      ['customer.statement', whole],
      ...periodsOf(asOf, answers).map(
        ([period, days]) =>
          [`statement.${period}`, emptyStatementText({ ...head, period: days }, merchant.currency)] as const,
      ),
    ]);
}
