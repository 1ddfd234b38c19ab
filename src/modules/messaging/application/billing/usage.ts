import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { toMinor } from '../../domain/billing/rate-card.js';
import { instantsOf } from './period.js';

export const USAGE_GROUPS = ['category', 'number', 'day', 'campaign', 'market', 'model'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Messages that the provider told a price of, and what they cost (S4.13). */
export interface Usage {
  readonly messages: number;
  /** As the provider says. */
  readonly billable: number;
  /** Not billable, or within a number's free ones of the month. */
  readonly free: number;
  /** Conversations of the provider that they were counted to. */
  readonly conversations: number;
  /** One a currency: amounts of two are never added. */
  readonly costs: readonly { readonly amountMinor: number; readonly currency: string }[];
  /** Billable, and no rate card covers them: what they cost is not known. */
  readonly uncosted: number;
}

export interface UsageOfKey extends Usage {
  /** The category, number, day ...; null: none, a message that belongs to no campaign. */
  readonly key: string | null;
}

/**
 * What was sent and what it cost, by days of the merchant's calendar, of the conversations that the caller sees.
 * @throws InvalidPeriod
 */
export class FindUsage extends Query<{ data: UsageOfKey[]; totals: Usage }> {
  constructor(
    readonly access: InboxAccess,
    readonly from: CalendarDate,
    readonly to: CalendarDate,
    readonly groupBy: UsageGroup,
  ) {
    super();
  }
}

const KEYS: Readonly<Record<UsageGroup, string>> = {
  category: 'c.category',
  number: 'c.phone_number_id',
  day: "to_char(c.at at time zone $4, 'YYYY-MM-DD')",
  campaign: "c.follower || '/' || c.subject_id",
  market: 'c.market',
  model: 'c.model',
};

interface Row {
  key: string | null;
  total: boolean;
  messages: number;
  billable: number;
  free: number;
  conversations: number;
  uncosted: number;
}

interface CostRow {
  key: string | null;
  total: boolean;
  currency: string;
  micros: string;
}

@QueryHandler(FindUsage)
export class FindUsageHandler implements IQueryHandler<FindUsage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, from, to, groupBy }: FindUsage): Promise<{ data: UsageOfKey[]; totals: Usage }> {
    const { sql } = this.unitOfWork;
    const { tenantId } = this.scope;
    const [tenant] = await sql.query<{ timezone: string }>('select timezone from tenant where id = $1::uuid', [
      tenantId,
    ]);
    const zone = tenant?.timezone ?? 'UTC';
    const { start, end } = instantsOf(from, to, zone);
    const seen = seenUnderThreads(access, 'c', 5);
    const parameters = [tenantId, start.toISOString(), end.toISOString(), zone, ...seen.parameters];
    const charges = chargesOf(KEYS[groupBy], seen.sql);
    const counts = await sql.query<Row>(
      `${charges} select key, grouping(key) = 1 as total, count(*)::int as messages, count(*) filter (where billable)::int as billable,
         count(*) filter (where not billable or is_free)::int as free, count(distinct conversation_id)::int as conversations,
         count(*) filter (where billable and not is_free and not is_later and cost_micros is null)::int as uncosted
       from charge group by grouping sets ((key), ()) order by key nulls last`,
      parameters,
    );
    const costs = await sql.query<CostRow>(
      `${charges} select key, grouping(key) = 1 as total, currency, sum(case when is_free or is_later then 0 else cost_micros end)::text as micros
       from charge where billable and currency is not null group by grouping sets ((key, currency), (currency)) order by currency`,
      parameters,
    );
    const usageOf = (row: Row): Usage => ({
      messages: row.messages,
      billable: row.billable,
      free: row.free,
      conversations: row.conversations,
      costs: costs
        .filter(({ key, total }) => total === row.total && key === row.key)
        .map(({ currency, micros }) => ({ amountMinor: toMinor(BigInt(micros), currency), currency })),
      uncosted: row.uncosted,
    });
    const total = counts.find((row) => row.total);
    return {
      data: counts.filter((row) => !row.total).map((row) => ({ key: row.key, ...usageOf(row) })),
      totals: total ? usageOf(total) : NOTHING,
    };
  }
}

const NOTHING: Usage = { messages: 0, billable: 0, free: 0, conversations: 0, costs: [], uncosted: 0 };

/**
 * The charges of the period. A number's free ones of a month are its first of a category, whoever looks, so they are counted from the month's
 * first day and over all conversations. Of a conversation that is charged as one (CBP) the first message bears the cost.
 */
function chargesOf(key: string, seen: string): string {
  return `
    with free as (
      select message_id from (
        select f.message_id, card.free_monthly, row_number() over (
          partition by f.phone_number_id, f.category, date_trunc('month', f.at at time zone $4) order by f.at, f.message_id) as n
        from message_charge f join rate_card card on card.id = f.rate_card_id and card.free_monthly > 0
        where f.tenant_id = $1::uuid and f.billable and f.at < $3::timestamptz
          and f.at >= (date_trunc('month', $2::timestamptz at time zone $4)) at time zone $4) numbered
      where n <= free_monthly),
    charge as (
      select ${key} as key, c.billable, c.conversation_id, c.currency, c.cost_micros, free.message_id is not null as is_free,
        c.model = 'CBP' and c.conversation_id is not null and exists (
          select from message_charge first where first.tenant_id = c.tenant_id and first.conversation_id = c.conversation_id
            and first.billable and (first.at, first.message_id) < (c.at, c.message_id)) as is_later
      from message_charge c left join free on free.message_id = c.message_id
      where c.tenant_id = $1::uuid and c.at >= $2::timestamptz and c.at < $3::timestamptz and ${seen})`;
}
