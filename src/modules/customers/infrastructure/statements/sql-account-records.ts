import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { addDays, type CalendarDate, instantAt, localDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type AccountRecord, AccountRecords } from '../../application/statements/account-records.js';
import { outstandingMinor, statusOn } from '../../domain/ledger/due.js';
import { CustomerNotFound } from '../../domain/ledger/ledger-errors.js';
import type { AccountEntry, OpenDue, Period } from '../../domain/statements/statement.js';

interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly reference: string | null;
  readonly currency: string;
  readonly zone: string;
  readonly language: string | null;
  readonly merchant: string;
  readonly locale: string;
  readonly country: string;
}

interface BooksRow {
  readonly opening: number;
  readonly sums: { readonly count: number; readonly debit: number; readonly credit: number };
  readonly entries: readonly (Omit<AccountEntry, 'date'> & { readonly occurredAt: string })[];
  readonly dues: readonly DueRow[];
}

interface DueRow {
  readonly id: string;
  readonly dueDate: CalendarDate;
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly writtenOffMinor: number;
  readonly reference: string | null;
  readonly description: string | null;
}

/** Who owes more dues at once is shown the oldest. */
const MOST_DUES = 1000;

@Injectable()
export class SqlAccountRecords extends AccountRecords {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async read(customerId: string, period: Period, newest: number): Promise<AccountRecord> {
    const { zone, currency, merchant, ...customer } = await this.#customer(customerId);
    const asOf = localDate(this.clock.now(), zone);
    const { opening, sums, entries, dues } = await this.#books(customer.id, instantsOf(period, zone), newest);
    const told = entries.map(({ occurredAt, ...entry }) => ({ ...entry, date: localDate(new Date(occurredAt), zone) }));
    const toldOf = (sign: 1 | -1): number =>
      told.reduce((sum, { amountMinor }) => sum + Math.max(0, sign * amountMinor), 0);
    return {
      merchant,
      customer: { id: customer.id, name: customer.name, phone: customer.phone, reference: customer.reference },
      locale: localeOf(customer),
      asOf,
      account: {
        currency,
        openingMinor: opening,
        entries: told,
        untold: {
          count: sums.count - told.length,
          debitMinor: sums.debit - toldOf(1),
          creditMinor: sums.credit - toldOf(-1),
        },
      },
      openDues: dues.map((due) => openDue(due, asOf, currency)),
    };
  }

  /** Books that a merge left where they were, in another currency, are found under their own id. */
  async #customer(customerId: string): Promise<CustomerRow> {
    const [row] = await this.unitOfWork.sql.query<CustomerRow>(
      `select u.id, coalesce(c.name, c.profile_name) as name, u.reference, u.currency, coalesce(u.timezone, t.timezone) as zone,
         u.language, t.name as merchant, t.locale, t.country,
         (select i.value from contact_identity i where i.tenant_id = u.tenant_id and i.contact_id = u.id and i.kind = 'phone'
          order by i.created_at, i.value limit 1) as phone
       from contact asked
       join customer u on u.tenant_id = asked.tenant_id and u.id in (asked.id, asked.merged_into_id)
       join contact c on c.tenant_id = u.tenant_id and c.id = u.id
       join tenant t on t.id = u.tenant_id
       where asked.tenant_id = $1::uuid and asked.id = $2::uuid
       order by u.id = asked.id desc limit 1`,
      [this.scope.tenantId, customerId],
    );
    if (!row) throw new CustomerNotFound();
    return row;
  }

  /** One statement, so that lines, sums and dues are of one moment. It reads the customer's part of (tenant, customer, seq). */
  async #books(customerId: string, { from, until }: Instants, newest: number): Promise<BooksRow> {
    const [row] = await this.unitOfWork.sql.query<BooksRow>(
      `with entry as (
         select * from ledger_entry e
         where e.tenant_id = $1::uuid and e.customer_id = $2::uuid and ($4::timestamptz is null or e.occurred_at < $4::timestamptz)),
       period as (select * from entry where $3::timestamptz is null or occurred_at >= $3::timestamptz),
       newest as (select * from period order by occurred_at desc, seq desc limit $5::int)
       select
         (select coalesce(sum(amount_minor), 0)::float8 from entry where occurred_at < $3::timestamptz) as opening,
         (select jsonb_build_object('count', count(*), 'debit', coalesce(sum(amount_minor) filter (where amount_minor > 0), 0),
            'credit', coalesce(-sum(amount_minor) filter (where amount_minor <= 0), 0)) from period) as sums,
         (select coalesce(jsonb_agg(jsonb_build_object('entryId', id, 'occurredAt', occurred_at, 'type', type, 'amountMinor', amount_minor,
            'dueId', due_id, 'method', method, 'reference', reference, 'description', description) order by occurred_at, seq), '[]')
          from newest) as entries,
         (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'dueDate', due_date, 'amountMinor', amount_minor, 'paidMinor', paid_minor,
            'writtenOffMinor', written_off_minor, 'reference', reference, 'description', description) order by due_date, id), '[]')
          from (select * from due where tenant_id = $1::uuid and customer_id = $2::uuid and settled_at is null
            order by due_date, id limit $6::int) as open) as dues`,
      [this.scope.tenantId, customerId, from?.toISOString() ?? null, until?.toISOString() ?? null, newest, MOST_DUES],
    );
    return row!;
  }
}

interface Instants {
  readonly from: Date | null;
  /** Not included any more. */
  readonly until: Date | null;
}

function instantsOf({ from, to }: Period, zone: string): Instants {
  return {
    from: from && instantAt(from, '00:00', zone),
    until: to && instantAt(addDays(to, 1), '00:00', zone),
  };
}

/** A language alone says nothing of how amounts are grouped: that is the merchant's country's. */
function localeOf({ language, locale, country }: Pick<CustomerRow, 'language' | 'locale' | 'country'>): string {
  if (language === null) return locale;
  return /[-_]/.test(language) ? language.replace('_', '-') : `${language}-${country}`;
}

function openDue(due: DueRow, asOf: CalendarDate, currency: string): OpenDue {
  const { id, dueDate, reference, description } = due;
  return {
    id,
    dueDate,
    status: statusOn(asOf, { ...due, settledAt: null }),
    amount: Money.of(due.amountMinor, currency),
    outstanding: Money.of(outstandingMinor(due), currency),
    reference,
    description,
  };
}
