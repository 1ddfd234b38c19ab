import type { OutboundMessage } from '../../domain/outbound-message.js';
import type { EnqueuedMessage, MessageOrder } from './message-order.js';

/** The tenant's messages on their way out, in the open transaction. */
export abstract class OutgoingMessages {
  /** Adds a message in state `queued`, unless its idempotency key was used: then tells the message that used it, also when both come at once. */
  abstract add(order: MessageOrder): Promise<EnqueuedMessage>;
  /** Locks the message until the transaction ends. @throws MessageNotFound */
  abstract getForUpdate(messageId: string): Promise<OutboundMessage>;
  abstract save(message: OutboundMessage): Promise<void>;
}
