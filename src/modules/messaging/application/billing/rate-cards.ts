import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId, PLATFORM } from '../../../../kernel/ids.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';

/** A price as it is given: the same model, market, category, type and day is the same card. */
export interface RateCardFacts {
  readonly model: 'CBP' | 'PMP';
  readonly market: string;
  readonly category: string;
  readonly pricingType: string;
  readonly freeMonthly: number;
  readonly currency: string;
  readonly costMicros: number;
  readonly effectiveFrom: CalendarDate;
  readonly source: string;
}

export interface RateCardView extends RateCardFacts {
  readonly id: string;
  readonly owner: 'merchant' | 'installation';
}

/** The merchant's own rate cards and the installation's. */
export class ListRateCards extends Query<Page<RateCardView>> {
  constructor(
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListRateCards)
export class ListRateCardsHandler implements IQueryHandler<ListRateCards> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ limit, cursor: given }: ListRateCards): Promise<Page<RateCardView>> {
    const { tenantId } = this.scope;
    const rows = await this.unitOfWork.sql.query<RateCardView>(
      `select id, case when tenant_id = $2::uuid then 'installation' else 'merchant' end as owner, model, market, category,
         pricing_type as "pricingType", free_monthly as "freeMonthly", currency, cost_micros::float8 as "costMicros",
         effective_from::text as "effectiveFrom", source
       from rate_card where tenant_id in ($1::uuid, $2::uuid) and ($3::uuid is null or id > $3::uuid) order by id limit $4::int`,
      [tenantId, PLATFORM, cursor.read(given)?.id ?? null, limit + 1],
    );
    return cursor.page(rows, limit, (row) => row);
  }
}

/**
 * Keeps rate cards of the current scope: the merchant's own, or the installation's when the platform works for itself. A card that is there
 * already has the newer price. Charges that were valued keep their cost until they are valued again.
 */
export class PutRateCards extends Command<{ cards: number }> {
  constructor(readonly cards: readonly RateCardFacts[]) {
    super();
  }
}

@CommandHandler(PutRateCards)
export class PutRateCardsHandler implements ICommandHandler<PutRateCards> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ cards }: PutRateCards): Promise<{ cards: number }> {
    const now = this.clock.now().toISOString();
    // The same card twice in one request: the last one counts.
    const distinct = [...new Map(cards.map((card) => [identityOf(card), card])).values()];
    await this.unitOfWork.sql.query(WRITE_CARDS, [this.scope.tenantId, now, ...cardColumns(distinct)]);
    await this.audit.record({
      action: 'rate-cards.changed',
      subjectId: this.scope.tenantId,
      details: { cards: distinct.length },
    });
    return { cards: distinct.length };
  }
}

function identityOf({ model, market, category, pricingType, effectiveFrom }: RateCardFacts): string {
  return JSON.stringify([model, market, category, pricingType, effectiveFrom]);
}

/** Parameters $3 to $12 of `WRITE_CARDS`. */
export function cardColumns(cards: readonly RateCardFacts[]): unknown[] {
  const column = (value: (card: RateCardFacts) => unknown): unknown[] => cards.map(value);
  return [
    column(() => newId()),
    column(({ model }) => model),
    column(({ market }) => market),
    column(({ category }) => category),
    column(({ pricingType }) => pricingType),
    column(({ freeMonthly }) => freeMonthly),
    column(({ currency }) => currency),
    column(({ costMicros }) => costMicros),
    column(({ effectiveFrom }) => effectiveFrom),
    column(({ source }) => source),
  ];
}

const INSERT_CARDS = `
  insert into rate_card as known (tenant_id, id, model, market, category, pricing_type, free_monthly, currency, cost_micros, effective_from, source, created_at)
  select $1::uuid, id, model, market, category, pricing_type, free_monthly, currency, cost_micros, effective_from, source, $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::bigint[], $11::date[], $12::text[])
    as c (id, model, market, category, pricing_type, free_monthly, currency, cost_micros, effective_from, source)
  on conflict (tenant_id, model, market, category, pricing_type, effective_from)`;

/** Adds cards and brings known ones up to date. */
export const WRITE_CARDS = `${INSERT_CARDS} do update set free_monthly = excluded.free_monthly, currency = excluded.currency,
  cost_micros = excluded.cost_micros, source = excluded.source`;

/** Adds cards and leaves known ones alone: the operator may have changed them. */
export const SEED_CARDS = `${INSERT_CARDS} do nothing`;
