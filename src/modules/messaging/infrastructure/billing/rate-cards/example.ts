import type { CalendarDate } from '../../../../../kernel/local-time.js';
import type { RateCardFacts } from '../../../application/billing/rate-cards.js';

const SOURCE = 'EXAMPLE, not a price of Meta: round figures for the demonstration';
const REPORTED =
  'EXAMPLE, not a price of Meta: the shape of the change that business solution providers report for 2026-10-01';

function card(
  category: string,
  costMicros: number,
  effectiveFrom: CalendarDate,
  more: Partial<RateCardFacts> = {},
): RateCardFacts {
  return {
    model: 'PMP',
    market: '*',
    category,
    pricingType: 'regular',
    freeMonthly: 0,
    currency: 'INR',
    costMicros,
    effectiveFrom,
    source: SOURCE,
    ...more,
  };
}

/** Invented prices, so that the demonstration has something to show; loaded there alone. */
export const EXAMPLE_CARDS: readonly RateCardFacts[] = [
  card('marketing', 800_000, '2025-07-01'),
  card('utility', 120_000, '2025-07-01'),
  card('authentication', 120_000, '2025-07-01'),
  card('utility', 120_000, '2026-10-01', { pricingType: 'free_customer_service', source: REPORTED }),
  card('service', 120_000, '2026-10-01', { freeMonthly: 1000, source: REPORTED }),
];
