import type { TenantId } from '../../../../kernel/ids.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { Recipient } from '../../domain/recipient.js';
import type { SendOutcome } from '../../domain/send-outcome.js';

/** The merchant's number that speaks, with the credential of its account. */
export interface Sender {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
  readonly accountId: string;
  readonly accessToken: string;
  readonly credentialVersion: number;
}

export interface OutgoingMessage {
  readonly to: Recipient;
  readonly content: MessageContent;
  /** The wamid that it replies to. */
  readonly contextWamid?: string;
  /** Echoed by the provider in status webhooks; up to 512 characters, no personal data. */
  readonly reference: string;
}

/** The WhatsApp channel, one POST a call: never retries, never throws for what the provider or the network does. */
export abstract class WhatsApp {
  abstract send(sender: Sender, message: OutgoingMessage, signal?: AbortSignal): Promise<SendOutcome>;
  /** Shows the customer two blue ticks, and optionally that an answer is being written. Loss is harmless. */
  abstract markAsRead(sender: Sender, wamid: string, show: 'ticks' | 'ticks-and-typing'): Promise<SendOutcome>;
}
