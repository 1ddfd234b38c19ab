import type { Readable } from 'node:stream';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { type Period, showingNewest } from '../../domain/statements/statement.js';
import { ShowStatement, WHOLE_ACCOUNT } from './show-statement.js';
import { StatementPrinter } from './statement-printer.js';

/** Setting a line costs a millisecond. */
const MOST_LINES = 2000;

/**
 * The statement as a PDF of A4 pages (S0.73); read once, written while it is read; of
 * more than 2,000 lines the newest are shown. @throws CustomerNotFound, PeriodBackwards
 */
export class StatementPdf extends Query<Readable> {
  constructor(
    readonly customerId: string,
    readonly period: Period = WHOLE_ACCOUNT,
  ) {
    super();
  }
}

@QueryHandler(StatementPdf)
export class StatementPdfHandler implements IQueryHandler<StatementPdf> {
  constructor(
    private readonly queries: QueryBus,
    private readonly printer: StatementPrinter,
  ) {}

  async execute({ customerId, period }: StatementPdf): Promise<Readable> {
    const statement = await this.queries.execute(new ShowStatement(customerId, period));
    return this.printer.pdf(showingNewest(statement, MOST_LINES));
  }
}
