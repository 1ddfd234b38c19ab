import { DiscoveryService } from '@nestjs/core';
import type { MessageContent } from '../../domain/message-content.js';
import type { StatusEntry } from '../../domain/message-status.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';

/** A message that was queued; or that was, and has its place in its conversation now that it leaves. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly phoneNumberId: string;
  /** Null: it has no conversation yet, or never will have. */
  readonly threadId: string | null;
  /** The customer, +E.164 or a business-scoped user id. */
  readonly to: string;
  readonly content: MessageContent;
  /** The wamid that it replies to. */
  readonly contextWamid: string | null;
  /** Whoever ordered it knows it by this. */
  readonly idempotencyKey: string | null;
  /** The step of a flow that it was made of. */
  readonly templateKey: string | null;
  /** The user that wrote it; null for automation and programs. */
  readonly sentBy: string | null;
  /** Set: it is to leave then. What leaves is told again, without it. */
  readonly leavesAt: Date | null;
}

/** A message that has another state. */
export interface MovedMessage {
  readonly messageId: string;
  readonly phoneNumberId: string;
  readonly threadId: string | null;
  readonly wamid: string | null;
  readonly idempotencyKey: string | null;
  readonly templateKey: string | null;
  readonly state: OutboundState;
  readonly failure: SendFailure | undefined;
}

/** What the provider has reported of a message, as received; some of it may have been reported before. */
export interface ReportedMessage {
  readonly messageId: string;
  readonly phoneNumberId: string;
  readonly entries: readonly StatusEntry[];
}

/**
 * Is told of every outgoing message, whoever ordered it; any number may watch (a `MessageFollower`, in contrast, has a say, and for its own
 * messages alone). Runs in messaging's transactions, many messages at a time, with their rows locked: few statements through
 * `UnitOfWork.sql`, no HTTP. May be told the same twice. What throws undoes the whole batch: it is for faults of the database only.
 */
export abstract class MessageWatcher {
  abstract queued(messages: readonly QueuedMessage[]): Promise<void>;
  /** A message that went through several states at once is told of each, in their order. */
  abstract moved(messages: readonly MovedMessage[]): Promise<void>;
  abstract reported(messages: readonly ReportedMessage[]): Promise<void>;
}

/** Marks a `MessageWatcher`. */
export const WatchesMessages = DiscoveryService.createDecorator();
