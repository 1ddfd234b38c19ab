import type { Readable } from 'node:stream';
import type { Statement } from '../../domain/statements/statement.js';

/** Puts statements on paper. */
export abstract class StatementPrinter {
  /** A PDF, page by page as it is read; the same statement is the same bytes. */
  abstract pdf(statement: Statement): Readable;
}
