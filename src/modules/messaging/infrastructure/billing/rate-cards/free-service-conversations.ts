import type { RateCardFacts } from '../../../application/billing/rate-cards.js';

const SOURCE =
  'Meta, "Conversation-based pricing (deprecated)", read 2025-12-20: since 2024-11-01 service conversations are free';

/** The one price that Meta's documentation itself states; its rates are in files that it links to, one a currency. */
export const FREE_SERVICE_CONVERSATIONS: readonly RateCardFacts[] = [
  {
    model: 'CBP',
    market: '*',
    category: 'service',
    pricingType: 'regular',
    freeMonthly: 0,
    currency: 'USD',
    costMicros: 0,
    effectiveFrom: '2024-11-01',
    source: SOURCE,
  },
];
