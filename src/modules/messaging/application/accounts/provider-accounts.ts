import type { NumberFacts } from '../../domain/whatsapp-account.js';

/**
 * What the provider knows of accounts. Calls out over HTTP: never inside a transaction.
 * Every method but `unsubscribe` throws ProviderRefused or ProviderUnreachable.
 */
export abstract class ProviderAccounts {
  /** Exchanges a signup's code for a long-lived token; works once a code (S0.8). */
  abstract exchangeCode(code: string): Promise<string>;
  /** The accounts that a signup shared with the app (S0.9); none when the token is not restricted to some. */
  abstract sharedAccounts(accessToken: string): Promise<string[]>;
  /** That the token may see the account. @returns the business that owns it, when the provider tells */
  abstract account(wabaId: string, accessToken: string): Promise<{ businessProfileId: string | null }>;
  /** The ids of the account's numbers (S0.10). */
  abstract numbersOf(wabaId: string, accessToken: string): Promise<string[]>;
  abstract number(phoneNumberId: string, accessToken: string): Promise<NumberFacts>;
  /** Lets the account's webhooks come to the app (S0.11). */
  abstract subscribe(wabaId: string, accessToken: string): Promise<void>;
  /** Stops them, if that is possible: it throws nothing, because whoever asks is leaving and needs no answer. */
  abstract unsubscribe(wabaId: string, accessToken: string): Promise<void>;
}
