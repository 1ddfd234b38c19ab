import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { OutboundMessage } from '../../domain/outbound-message.js';
import type { FollowedMessage } from './message-follower.js';
import type { EnqueuedMessage, MessageOrder } from './message-order.js';

/** The tenant's messages on their way out, in the open transaction. */
export abstract class OutgoingMessages {
  /**
   * Adds messages in state `queued`, in their order. Of one whose idempotency key was used it tells the message that used it, also when both
   * come at once. No two orders of a call share a key.
   */
  abstract add(orders: readonly MessageOrder[]): Promise<EnqueuedMessage[]>;
  /** The message that used the key, if one has. */
  abstract withKey(idempotencyKey: string): Promise<string | undefined>;
  /** Locks a message that the caller sees until the transaction ends. @throws MessageNotFound */
  abstract getForUpdate(access: InboxAccess, messageId: string): Promise<OutboundMessage>;
  /** Those of a follower's that have left the queue and do not move at this moment; nobody moves them until the transaction ends. */
  abstract followed(follower: string, messageIds: readonly string[]): Promise<FollowedMessage[]>;
  abstract save(message: OutboundMessage): Promise<void>;
}
