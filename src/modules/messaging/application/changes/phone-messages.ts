import type { InboundBody, SenderIdentity } from '../inbound/inbound-message.js';

/** A message that came to be on the merchant's phone, now or before the number was connected (F12). */
export interface PhoneMessage {
  readonly phoneNumberId: string;
  readonly wamid: string;
  readonly origin: 'app' | 'history';
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly customer: SenderIdentity;
  readonly threadId: string;
  readonly sentAt: Date;
  readonly body: InboundBody;
  readonly contextWamid: string | undefined;
  /** The provider's last word about one of ours: sent, delivered, read, played, error, pending. */
  readonly status: string | undefined;
}

export interface KnownPhoneMessage {
  readonly messageId: string;
  readonly threadId: string | null;
  readonly direction: 'INBOUND' | 'OUTBOUND';
}

/** Messages of the phone among all others: stored as the provider tells them, in the open transaction, sent by nobody here. */
export abstract class PhoneMessages {
  abstract find(phoneNumberId: string, wamid: string): Promise<KnownPhoneMessage | undefined>;
  /** Stores one whose wamid is not known; statuses that came before it are merged into it. @returns its id */
  abstract store(message: PhoneMessage): Promise<string>;
  /** Gives a message that came without its file what it says. @returns false when it said something already */
  abstract complete(messageId: string, body: InboundBody): Promise<boolean>;
  /** Notes that it was taken back; what it said is kept. */
  abstract markRevoked(messageId: string, at: Date): Promise<void>;
}

/** Stands in the history for a message with a file, which comes in a webhook of its own. */
export const MEDIA_PLACEHOLDER = 'media_placeholder';
