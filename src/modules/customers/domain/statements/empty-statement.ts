import { drawUp, type StatementHead } from './statement.js';
import { statementText } from './statement-text.js';

/** The statement of books in which nothing stands yet, as one WhatsApp text (S0.73). @param currency that they are kept in */
export function emptyStatementText(head: Omit<StatementHead, 'openDues'>, currency: string): string {
  const nothing = { openingMinor: 0, entries: [], untold: { count: 0, debitMinor: 0, creditMinor: 0 } };
  return statementText(drawUp({ ...head, openDues: [] }, { currency, ...nothing }));
}
