import type { Charge } from '../../domain/billing/charge.js';

/** A charge with the message that it is for. */
export interface MessageCharge extends Charge {
  readonly messageId: string;
  /** ISO 3166-1 of the recipient, or `*` where the number does not tell. */
  readonly market: string;
}

/** A charge and what the rate cards of its day say; `costMicros` null: no card covers it. */
export interface PricedCharge extends MessageCharge {
  readonly costMicros: number | null;
  /** Null: free, or unknown. */
  readonly currency: string | null;
  readonly rateCardId: string | null;
}

/** Gives charges of the current tenant their prices, in the open transaction. */
export abstract class PriceCharges {
  abstract price(charges: readonly MessageCharge[]): Promise<PricedCharge[]>;
}
