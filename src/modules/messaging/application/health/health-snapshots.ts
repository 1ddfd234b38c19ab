import type { HealthFacts } from '../../domain/health/phone-health.js';
import type { NumberReading } from './number-readings.js';

/** What a webhook told of a number. */
export interface ToldOfNumber extends Partial<HealthFacts> {
  /** Messages a second. */
  readonly messagesPerSecond?: number;
  readonly verifiedName?: string;
}

/**
 * The history of numbers' health. Each entry is judged, brings the number's own row up to date, and raises an alert when the number is worse than
 * before. In the open transaction, whichever kind it is; locks the number's account first, as everybody does who changes numbers.
 */
export abstract class HealthSnapshots {
  /** The provider was asked. A number that is not the tenant's any more is left alone. */
  abstract read(phoneNumberId: string, reading: NumberReading): Promise<void>;
  /** The provider told by itself; what it did not speak of stays as it was. */
  abstract told(phoneNumberId: string, told: ToldOfNumber, raw: unknown): Promise<void>;
}
