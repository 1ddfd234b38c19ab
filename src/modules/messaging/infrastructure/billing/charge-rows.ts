import type { PricedCharge } from '../../application/billing/price-charges.js';

/** Parameters $2 to $13 of `WRITE_CHARGES`; $1 is the tenant. */
export function chargeColumns(charges: readonly PricedCharge[]): unknown[] {
  const column = (value: (charge: PricedCharge) => unknown): unknown[] => charges.map(value);
  return [
    column(({ messageId }) => messageId),
    column(({ conversationId }) => conversationId),
    column(({ model }) => model),
    column(({ category }) => category),
    column(({ pricingType }) => pricingType),
    column(({ billable }) => billable),
    column(({ market }) => market),
    column(({ at }) => at.toISOString()),
    column(({ costMicros }) => costMicros),
    column(({ currency }) => currency),
    column(({ rateCardId }) => rateCardId),
    column(({ pricing }) => JSON.stringify(pricing)),
  ];
}

/** One row a message; the message's own columns are taken along, so that usage reads one table. Rides both primary keys. */
export const WRITE_CHARGES = `
  insert into message_charge (tenant_id, message_id, phone_number_id, thread_id, conversation_id, model, category, pricing_type, billable, market, at,
    cost_micros, currency, rate_card_id, message_category, follower, subject_id, pricing)
  select m.tenant_id, m.id, m.phone_number_id, m.thread_id, c.conversation_id, c.model, c.category, c.pricing_type, c.billable, c.market, c.at,
    c.cost_micros, c.currency, c.rate_card_id, m.category, m.follower, m.subject_id, c.pricing
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::timestamptz[], $10::bigint[], $11::text[], $12::uuid[], $13::jsonb[])
    as c (message_id, conversation_id, model, category, pricing_type, billable, market, at, cost_micros, currency, rate_card_id, pricing)
  join message m on m.tenant_id = $1::uuid and m.id = c.message_id and m.id = any($2::uuid[])
  on conflict (tenant_id, message_id) do update set conversation_id = excluded.conversation_id, model = excluded.model, category = excluded.category,
    pricing_type = excluded.pricing_type, billable = excluded.billable, market = excluded.market, at = excluded.at, cost_micros = excluded.cost_micros,
    currency = excluded.currency, rate_card_id = excluded.rate_card_id, pricing = excluded.pricing`;
