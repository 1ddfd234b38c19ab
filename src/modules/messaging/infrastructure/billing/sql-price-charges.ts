import { Injectable } from '@nestjs/common';
import { PLATFORM } from '../../../../kernel/ids.js';
import { type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type MessageCharge, PriceCharges, type PricedCharge } from '../../application/billing/price-charges.js';
import { priceOf, type RateCard } from '../../domain/billing/rate-card.js';

interface Row {
  timezone: string;
  id: string | null;
  tenant_id: string;
  model: string;
  market: string;
  category: string;
  pricing_type: string;
  free_monthly: number;
  currency: string;
  cost_micros: number;
  effective_from: CalendarDate;
}

@Injectable()
export class SqlPriceCharges extends PriceCharges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async price(charges: readonly MessageCharge[]): Promise<PricedCharge[]> {
    if (charges.length === 0) return [];
    const { zone, cards } = await this.#cardsFor(charges);
    return charges.map((charge) => {
      const price = priceOf({ ...charge, day: localDate(charge.at, zone) }, cards);
      if (price.kind === 'free') return { ...charge, costMicros: 0, currency: null, rateCardId: null };
      if (price.kind === 'unknown') return { ...charge, costMicros: null, currency: null, rateCardId: null };
      const { costMicros, currency, rateCardId } = price;
      return { ...charge, costMicros, currency, rateCardId };
    });
  }

  /** The tenant's zone and the cards that may matter: the merchant's own and the installation's. */
  async #cardsFor(charges: readonly MessageCharge[]): Promise<{ zone: string; cards: RateCard[] }> {
    const { tenantId } = this.scope;
    const rows = await this.unitOfWork.sql.query<Row>(
      `select t.timezone, c.id, c.tenant_id, c.model, c.market, c.category, c.pricing_type, c.free_monthly, c.currency,
         c.cost_micros::float8 as cost_micros, c.effective_from::text as effective_from
       from tenant t left join rate_card c on c.tenant_id in ($1::uuid, $2::uuid) and c.market = any($3::text[]) and c.category = any($4::text[])
       where t.id = $1::uuid`,
      [
        tenantId,
        PLATFORM,
        [...new Set(['*', ...charges.map(({ market }) => market)])],
        [...new Set(charges.map(({ category }) => category))],
      ],
    );
    const cards = rows.flatMap(({ id, ...row }): RateCard[] =>
      id === null
        ? []
        : [
            {
              id,
              owner: row.tenant_id === tenantId ? 'merchant' : 'installation',
              model: row.model,
              market: row.market,
              category: row.category,
              pricingType: row.pricing_type,
              freeMonthly: row.free_monthly,
              currency: row.currency,
              costMicros: row.cost_micros,
              effectiveFrom: row.effective_from,
            },
          ],
    );
    return { zone: rows[0]?.timezone ?? 'UTC', cards };
  }
}
