import { Injectable } from '@nestjs/common';
import { formatDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import {
  type ContactView,
  CurrentDueOf,
  type CurrentDueView,
  CustomerNotFound,
  type DueView,
  FindContact,
  StatementText,
} from '../../../customers/index.js';
import { FlowVariables, ProvidesFlowVariables, type VariablesOf } from './flow-variables.js';
import { Merchants } from './merchants.js';

const OF_CONTACT = ['name', 'phone'];
const OF_DUES = ['balance', 'nextDueDate', 'nextDueAmount', 'overdueAmount'];
const STATEMENT = 'statement';

/** What the merchant knows of a customer (S2.104): `{{customer.balance}}`. Somebody without books owes nothing, and has no statement. */
@Injectable()
@ProvidesFlowVariables('customer')
export class CustomerVariables extends FlowVariables {
  readonly names = [...OF_CONTACT, ...OF_DUES, STATEMENT];

  constructor(
    private readonly queries: Queries,
    private readonly merchants: Merchants,
  ) {
    super();
  }

  async resolve(names: readonly string[], { contactId, language }: VariablesOf): Promise<ReadonlyMap<string, string>> {
    const asksFor = (some: readonly string[]): boolean => some.some((name) => names.includes(name));
    const contact = await this.queries.execute(new FindContact(contactId));
    const known = {
      ...ofContact(contact),
      ...(asksFor(OF_DUES) &&
        ofDues(await this.queries.execute(new CurrentDueOf(contact.id)), await this.#localeOf(language))),
      ...(asksFor([STATEMENT]) && { statement: await this.#statementOf(contact.id) }),
    };
    return new Map(Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  }

  /** The merchant's way of writing numbers where it is of the same language: `en-IN` for `en`. */
  async #localeOf(language: string): Promise<string> {
    const { locale } = await this.merchants.current();
    return baseOf(locale) === baseOf(language) && !/[-_]/.test(language) ? locale : language;
  }

  async #statementOf(customerId: string): Promise<string | undefined> {
    try {
      return await this.queries.execute(new StatementText(customerId));
    } catch (error) {
      if (error instanceof CustomerNotFound) return undefined;
      throw error;
    }
  }
}

function ofContact({ name, identities }: ContactView): Record<string, string | undefined> {
  return { name: name ?? undefined, phone: identities.find(({ kind }) => kind === 'phone')?.value };
}

function ofDues({ balance, openDues }: CurrentDueView, locale: string): Record<string, string | undefined> {
  const next = openDues.find(({ status }) => status !== 'OVERDUE');
  const overdue = openDues
    .filter(({ status }) => status === 'OVERDUE')
    .reduce((sum: Money, { outstanding }: DueView) => sum.plus(outstanding), Money.zero(balance.currency));
  return {
    balance: balance.format(locale),
    overdueAmount: overdue.format(locale),
    nextDueDate: next && formatDate(next.dueDate, baseOf(locale) === 'en' ? undefined : locale),
    nextDueAmount: next?.outstanding.format(locale),
  };
}

function baseOf(locale: string): string {
  return locale.split(/[-_]/)[0]!.toLowerCase();
}
