import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { drawUp, isBackwards, type Period } from '../../domain/statements/statement.js';
import { PeriodBackwards } from '../../domain/statements/statement-errors.js';
import { statementText, TEXT_LIMIT } from '../../domain/statements/statement-text.js';
import { AccountRecords } from './account-records.js';
import { WHOLE_ACCOUNT } from './show-statement.js';

/** No line is so short that more of them would fit. */
const MOST_LINES = Math.ceil(TEXT_LIMIT / 20);

/** The statement as one WhatsApp text in the customer's language (S0.73), for the bot and for the API. @throws CustomerNotFound, PeriodBackwards */
export class StatementText extends Query<string> {
  constructor(
    readonly customerId: string,
    readonly period: Period = WHOLE_ACCOUNT,
  ) {
    super();
  }
}

@QueryHandler(StatementText)
export class StatementTextHandler implements IQueryHandler<StatementText> {
  constructor(
    private readonly records: AccountRecords,
    private readonly clock: Clock,
  ) {}

  async execute({ customerId, period }: StatementText): Promise<string> {
    if (isBackwards(period)) throw new PeriodBackwards();
    const { account, ...head } = await this.records.read(customerId, period, MOST_LINES);
    return statementText(drawUp({ ...head, period, drawnUpAt: this.clock.now() }, account));
  }
}
