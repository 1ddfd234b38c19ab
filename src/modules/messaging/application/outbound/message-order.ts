import type { MessageCategory } from '../../domain/message-category.js';
import type { MessageContent } from '../../domain/message-content.js';
import { AUTOMATIC_KEYS, automaticKey } from '../../domain/message-key.js';
import type { PriorityClass } from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';
import type { Following } from './message-follower.js';

/** A step of the merchant's flow, and the values that were given for its variables. */
export interface SentStep {
  readonly templateKey: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What somebody wants sent, from which number, to whom and why. */
export interface MessageOrder {
  readonly phoneNumberId: string;
  readonly to: Recipient;
  readonly content: MessageContent;
  readonly category: MessageCategory;
  /** Left out: its category's. */
  readonly priority?: PriorityClass;
  readonly threadId?: string;
  /** Somebody's own. At most one message a tenant exists with a key; a second order answers with the first message. */
  readonly idempotencyKey?: string;
  /** The same for an automatic message: what it is the answer to, the reminder of. Its key is made of this, and nobody outside can take it. */
  readonly once?: string;
  /** The wamid that it replies to. */
  readonly contextWamid?: string;
  readonly notBefore?: Date;
  /** The step of a flow that the content was made of. */
  readonly step?: SentStep;
  /** Not sent after this. */
  readonly expiresAt?: Date;
  /** The user that wrote it, when a person did. */
  readonly sentBy?: string;
  /** Who looks at it once more before each attempt, and wants to know what becomes of it. */
  readonly followedBy?: Following;
}

/** The key that an order's message is stored with. @throws Error when somebody was let in with a key of an automatic message */
export function keyOf({ once, idempotencyKey }: Pick<MessageOrder, 'once' | 'idempotencyKey'>): string | undefined {
  if (once !== undefined) return automaticKey(once);
  if (idempotencyKey?.startsWith(AUTOMATIC_KEYS)) throw new Error(`${idempotencyKey} is a key of an automatic message`);
  return idempotencyKey;
}

export interface EnqueuedMessage {
  readonly messageId: string;
  /** The key was used before: this is the message of then, nothing was queued. */
  readonly duplicate: boolean;
}
