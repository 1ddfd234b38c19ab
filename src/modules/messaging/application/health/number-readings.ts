import type { HealthFacts } from '../../domain/health/phone-health.js';

/** What the provider answered when asked for a number. */
export interface NumberReading extends HealthFacts {
  /** Messages a second. */
  readonly messagesPerSecond: number;
  readonly verifiedName: string | null;
  /** As received. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Asks the provider how numbers are, over HTTP: never inside a transaction. */
export abstract class NumberReadings {
  /** @throws ProviderRefused, ProviderUnreachable */
  abstract read(phoneNumberId: string, accessToken: string): Promise<NumberReading>;
}
