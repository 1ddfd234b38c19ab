import type { Sender } from './whatsapp.js';

/** The numbers of the current tenant that may speak. Must be called outside of a transaction's hot loop: it opens its own. */
export abstract class Senders {
  /** @returns why not, when the number cannot send now: it is paused, disconnected, or its account's token was refused */
  abstract find(
    phoneNumberId: string,
  ): Promise<{ sender: Sender; throughput: number } | { unable: 'unknown' | 'paused' | 'disconnected' | 'credential' }>;
  /** The number's credential to read with, which a paused number may, too. @returns undefined when there is none that works */
  abstract findReader(phoneNumberId: string): Promise<Sender | undefined>;
  /** The provider refused the token: stops the account's numbers until it is connected again, and tells the tenant. */
  abstract refuseCredential(accountId: string, credentialVersion: number, reason: string): Promise<void>;
  /** The provider restricted the number or the template: stops it, and tells the tenant. */
  abstract pause(phoneNumberId: string, reason: string): Promise<void>;
}
