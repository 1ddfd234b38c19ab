import type { WhatsAppAccount } from '../../domain/whatsapp-account.js';

/** The tenant's accounts. What is got is locked until the transaction ends; `save` writes its events to the outbox. */
export abstract class WhatsAppAccounts {
  abstract findByWaba(wabaId: string): Promise<WhatsAppAccount | undefined>;
  abstract findById(accountId: string): Promise<WhatsAppAccount | undefined>;
  /** The account that the number belongs to. */
  abstract findByNumber(phoneNumberId: string): Promise<WhatsAppAccount | undefined>;
  /** Those that are not disconnected, the longest connected first. */
  abstract connected(): Promise<WhatsAppAccount[]>;
  /** The token in clear, for the provider's ears only. */
  abstract tokenOf(account: WhatsAppAccount): Promise<string | undefined>;
  abstract save(account: WhatsAppAccount): Promise<void>;
}

/** Tokens of signups that are under way: a code can be exchanged once, so its answer is kept until the account is saved. */
export abstract class SignupTokens {
  abstract find(code: string): Promise<string | undefined>;
  abstract keep(code: string, accessToken: string): Promise<void>;
  abstract forget(code: string): Promise<void>;
}
