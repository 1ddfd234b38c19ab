import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { drawUp, isBackwards, type Period, type Statement } from '../../domain/statements/statement.js';
import { PeriodBackwards } from '../../domain/statements/statement-errors.js';
import { AccountRecords } from './account-records.js';

/** The whole account. */
export const WHOLE_ACCOUNT: Period = { from: null, to: null };
/** More lines than this are summed up: an answer is held in memory. */
const MOST_LINES = 5000;

/**
 * A customer's statement (S0.73, S0.94): what was owed before the period, its lines with a running balance, what is owed now. Of
 * more than 5,000 lines the newest are shown. @throws CustomerNotFound, PeriodBackwards
 */
export class ShowStatement extends Query<Statement> {
  constructor(
    readonly customerId: string,
    readonly period: Period = WHOLE_ACCOUNT,
  ) {
    super();
  }
}

@QueryHandler(ShowStatement)
export class ShowStatementHandler implements IQueryHandler<ShowStatement> {
  constructor(
    private readonly records: AccountRecords,
    private readonly clock: Clock,
  ) {}

  async execute({ customerId, period }: ShowStatement): Promise<Statement> {
    if (isBackwards(period)) throw new PeriodBackwards();
    const { account, ...head } = await this.records.read(customerId, period, MOST_LINES);
    return drawUp({ ...head, period, drawnUpAt: this.clock.now() }, account);
  }
}
