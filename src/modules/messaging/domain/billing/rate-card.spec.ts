import fc from 'fast-check';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { cardFor, priceOf, type Priced, type RateCard, toMinor } from './rate-card.js';

let ids = 0;
const card = (own: Partial<RateCard> = {}): RateCard => ({
  id: String(++ids),
  owner: 'installation',
  model: 'PMP',
  market: 'IN',
  category: 'utility',
  pricingType: 'regular',
  freeMonthly: 0,
  currency: 'INR',
  costMicros: 115_000,
  effectiveFrom: '2025-07-01',
  ...own,
});
const charge = (own: Partial<Priced> = {}): Priced => ({
  model: 'PMP',
  market: 'IN',
  category: 'utility',
  pricingType: 'regular',
  billable: true,
  day: '2026-11-21',
  ...own,
});

describe('A price is dated data (S4.8, C33, F2)', () => {
  it.each<[string, Partial<Priced>, Partial<RateCard>[], number | undefined]>([
    ['the one card', {}, [{}], 0],
    ['no card before its day', { day: '2025-06-30' }, [{}], undefined],
    ['the latest that has begun', {}, [{}, { effectiveFrom: '2026-10-01' }, { effectiveFrom: '2027-01-01' }], 1],
    ["the market's before the rest of the world's", {}, [{ market: '*', effectiveFrom: '2026-10-01' }, {}], 1],
    ["the rest of the world's where the market has none", { market: 'BR' }, [{ market: '*' }, {}], 0],
    [
      "the merchant's own before the installation's",
      {},
      [{ effectiveFrom: '2026-10-01' }, { owner: 'merchant', market: '*' }],
      1,
    ],
    ['another category', { category: 'marketing' }, [{}], undefined],
    ['another model', { model: 'CBP' }, [{}], undefined],
    [
      'what is charged inside the window from a day on has cards of its own',
      { pricingType: 'free_customer_service' },
      [{}, { pricingType: 'free_customer_service', effectiveFrom: '2026-10-01' }],
      1,
    ],
    ['a type that was not told is regular', { pricingType: null }, [{}], 0],
  ])('%s', (_, what, given, index) => {
    const cards = given.map(card);
    expect(cardFor(charge(what), cards)).toBe(index === undefined ? undefined : cards[index]);
  });

  it('is free without a card where the provider says so, and unknown, never 0, where no card covers it', () => {
    expect(priceOf(charge({ billable: false }), [])).toEqual({ kind: 'free' });
    expect(priceOf(charge(), [])).toEqual({ kind: 'unknown' });
    fc.assert(
      fc.property(
        fc.constantFrom('IN', 'BR', '*'),
        fc.constantFrom('utility', 'marketing', 'new'),
        (market, category) => {
          const price = priceOf(charge({ market, category }), [card()]);
          expect(price.kind).toBe(market === 'IN' && category === 'utility' ? 'known' : 'unknown');
        },
      ),
    );
  });

  it('goes on with the days: what holds on a later day began no earlier', () => {
    const day = fc
      .integer({ min: 1, max: 28 })
      .map((n): CalendarDate => `2026-10-${String(n).padStart(2, '0')}` as CalendarDate);
    fc.assert(
      fc.property(fc.array(day, { maxLength: 6 }), day, day, (begins, one, other) => {
        const cards = [...new Set(begins)].map((effectiveFrom) => card({ effectiveFrom }));
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const before = cardFor(charge({ day: earlier }), cards)?.effectiveFrom ?? '';
        expect((cardFor(charge({ day: later }), cards)?.effectiveFrom ?? '') >= before).toBe(true);
      }),
    );
  });
});

describe('Millionths become minor units once, at the end of a sum', () => {
  it.each<[bigint, string, number]>([
    [115_000n, 'INR', 12],
    [114_999n, 'INR', 11],
    [125_000n, 'INR', 12],
    [135_000n, 'INR', 14],
    [-125_000n, 'INR', -12],
    [1_500_000n, 'JPY', 2],
    [2_500_000n, 'JPY', 2],
    [1_234_500n, 'KWD', 1234],
    [0n, 'USD', 0],
  ])('%s millionths of %s are %s', (micros, currency, minor) => expect(toMinor(micros, currency)).toBe(minor));

  it('loses less than one minor unit, however many were added', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { maxLength: 50 }), (costs) => {
        const sum = costs.reduce((total, cost) => total + cost, 0n);
        expect(Math.abs(Number(sum) / 10_000 - toMinor(sum, 'INR'))).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});
