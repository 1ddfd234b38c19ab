import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { addDays, type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { CustomerNotFound, FindCustomer, readDate, StatementText } from '../../../customers/index.js';
import { FlowVariables, ProvidesFlowVariables, type VariablesOf } from './flow-variables.js';
import { Merchants } from './merchants.js';

interface Days {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Of a period, by the day that it is for the customer; undefined: there is none. */
const PERIODS: Readonly<Record<string, (today: CalendarDate, answers: VariablesOf['answers']) => Days | undefined>> = {
  thisMonth: (today) => ({ from: firstOfMonth(today), to: today }),
  lastMonth: (today) => {
    const to = addDays(firstOfMonth(today), -1);
    return { from: firstOfMonth(to), to };
  },
  answered: (_today, { from = '', to = '' }) => {
    const days = { from: readDate(from), to: readDate(to) };
    if (days.from === undefined || days.to === undefined || days.to < days.from) return undefined;
    return { from: days.from, to: days.to };
  },
};

/** The periods that there are, by name. @param today the customer's */
export function periodsOf(today: CalendarDate, answers: VariablesOf['answers']): readonly [name: string, days: Days][] {
  return Object.entries(PERIODS).flatMap(([name, daysOf]): [string, Days][] => {
    const days = daysOf(today, answers);
    return days ? [[name, days]] : [];
  });
}

/**
 * The customer's statement of some days (S2.102): `{{statement.thisMonth}}`, `{{statement.lastMonth}}`, and `{{statement.answered}}` from
 * the day that they answered as `from` to the one that they answered as `to`. It fills a text of its own.
 */
@Injectable()
@ProvidesFlowVariables('statement')
export class StatementVariables extends FlowVariables {
  readonly names = Object.keys(PERIODS);

  constructor(
    private readonly queries: Queries,
    private readonly merchants: Merchants,
    private readonly clock: Clock,
  ) {
    super();
  }

  async resolve(names: readonly string[], { contactId, answers }: VariablesOf): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    const today = await this.#todayOf(contactId);
    if (today === undefined) return values;
    for (const [name, days] of periodsOf(today, answers))
      if (names.includes(name)) values.set(name, await this.queries.execute(new StatementText(contactId, days)));
    return values;
  }

  /** Undefined: no books are kept on them. */
  async #todayOf(contactId: string): Promise<CalendarDate | undefined> {
    try {
      const { timezone } = await this.queries.execute(new FindCustomer(contactId));
      return localDate(this.clock.now(), timezone ?? (await this.merchants.current()).timezone);
    } catch (error) {
      if (error instanceof CustomerNotFound) return undefined;
      throw error;
    }
  }
}

function firstOfMonth(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 7)}-01` as CalendarDate;
}
