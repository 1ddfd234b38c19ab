import type { CalendarDate } from '../../../../kernel/local-time.js';

/** A price from a day on (F2). */
export interface RateCard {
  readonly id: string;
  /** The merchant's own go before the installation's. */
  readonly owner: 'merchant' | 'installation';
  readonly model: string;
  /** ISO 3166-1 alpha-2, or `*` for the rest. */
  readonly market: string;
  readonly category: string;
  readonly pricingType: string;
  /** So many a number and month cost nothing. */
  readonly freeMonthly: number;
  /** ISO 4217 */
  readonly currency: string;
  /** Millionths of the major unit. */
  readonly costMicros: number;
  readonly effectiveFrom: CalendarDate;
}

/** What a price depends on. */
export interface Priced {
  readonly model: string;
  readonly market: string;
  readonly category: string;
  /** Null: regular. */
  readonly pricingType: string | null;
  readonly billable: boolean;
  /** In the merchant's zone. */
  readonly day: CalendarDate;
}

/** What something costs; `unknown`: no card covers it, which is not the same as nothing. */
export type Price =
  | { readonly kind: 'free' }
  | { readonly kind: 'known'; readonly costMicros: number; readonly currency: string; readonly rateCardId: string }
  | { readonly kind: 'unknown' };

/** The price of a charge by the cards that hold on its day. What the provider says is not billable is free without any card. */
export function priceOf(charge: Priced, cards: readonly RateCard[]): Price {
  if (!charge.billable) return { kind: 'free' };
  const card = cardFor(charge, cards);
  return card
    ? { kind: 'known', costMicros: card.costMicros, currency: card.currency, rateCardId: card.id }
    : { kind: 'unknown' };
}

/** The merchant's own before the installation's, the market's before the rest of the world's, the latest that has begun. */
export function cardFor(charge: Priced, cards: readonly RateCard[]): RateCard | undefined {
  return cards
    .filter(
      (card) =>
        card.model === charge.model &&
        card.category === charge.category &&
        card.pricingType === (charge.pricingType ?? 'regular') &&
        (card.market === charge.market || card.market === '*') &&
        card.effectiveFrom <= charge.day,
    )
    .reduce<RateCard | undefined>((best, card) => (best && isBetter(best, card) ? best : card), undefined);
}

function isBetter(one: RateCard, other: RateCard): boolean {
  if (one.owner !== other.owner) return one.owner === 'merchant';
  if ((one.market === '*') !== (other.market === '*')) return one.market !== '*';
  return one.effectiveFrom >= other.effectiveFrom;
}

/**
 * Millionths of the major unit in minor units, rounded once, half to even: to be called on sums.
 * @throws RangeError when the currency is none
 */
export function toMinor(micros: bigint, currency: string): number {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const divisor = 10n ** BigInt(6 - digits);
  const whole = micros / divisor;
  const rest = (micros % divisor) * 2n;
  const half = rest < 0n ? -rest : rest;
  const away = half > divisor || (half === divisor && whole % 2n !== 0n);
  return Number(away ? whole + (micros < 0n ? -1n : 1n) : whole);
}
