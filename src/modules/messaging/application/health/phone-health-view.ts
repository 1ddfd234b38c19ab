import type { HealthReason, Verdict } from '../../domain/health/phone-health.js';

/** How a number is, as last read or told (S1.58-S1.60, S1.86). */
export interface PhoneHealthView {
  readonly phoneNumberId: string;
  /** +E.164 */
  readonly displayPhoneNumber: string;
  /** The merchant's name for it, else the verified one. */
  readonly name: string | null;
  readonly quality: string | null;
  readonly status: string | null;
  readonly throughput: string | null;
  readonly messagingTier: string | null;
  readonly verdict: Verdict;
  readonly reasons: readonly HealthReason[];
  /** When the provider was last asked with success; null: never. */
  readonly takenAt: Date | null;
  /** Until when that is served without asking again. */
  readonly cacheEndsAt: Date | null;
  /** The provider has not answered for more than 12 hours. */
  readonly stale: boolean;
  /** Why the refresh that was just asked for brought nothing; left out when it did, or none was. */
  readonly refreshFailed?: string;
}
