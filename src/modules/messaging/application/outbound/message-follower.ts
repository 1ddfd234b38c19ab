import { DiscoveryService } from '@nestjs/core';
import type { MessageContent } from '../../domain/message-content.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';

/** Who follows a message, and what it is to them: a reminder's id, for one. */
export interface Following {
  /** As the follower's `@FollowsMessages(...)` says. */
  readonly follower: string;
  readonly subjectId: string;
}

/** A message whose next attempt is about to be committed. */
export interface MessageToRelease {
  readonly messageId: string;
  readonly subjectId: string;
  readonly phoneNumberId: string;
  readonly to: Recipient;
  readonly content: MessageContent;
}

/**
 * `go`: it may leave, with other words if they are given. `join`: the same, and it is followed no more: until `expiresAt` it is like any other
 * message, the newest of its conversation. `wait`: this attempt is not made; it is asked about again at once. `withhold`: it is cancelled with
 * that reason; when the time comes, its follower orders another. `fail`: it has failed, for good, for a reason that its conversation shows.
 */
export type Release =
  | { readonly then: 'fail'; readonly code: string; readonly title: string }
  | { readonly then: 'go'; readonly content?: MessageContent; readonly threadId?: string }
  | { readonly then: 'join'; readonly content?: MessageContent; readonly expiresAt?: Date }
  | { readonly then: 'wait' }
  | { readonly then: 'withhold'; readonly reason: string };

export interface FollowedMove {
  readonly messageId: string;
  readonly subjectId: string;
  readonly state: OutboundState;
  readonly failure: SendFailure | undefined;
}

/** How a message stands, as its follower would have been told. */
export interface FollowedMessage extends FollowedMove {
  /** When it left, of one that the provider has. */
  readonly leftAt: Date | undefined;
}

/**
 * Follows messages from the queue to their end: whoever ordered them may depend on what can change while they wait (a due may be paid).
 * Runs in messaging's own transactions, many messages at a time: statements through `UnitOfWork.sql`, no HTTP.
 */
export abstract class MessageFollower {
  /**
   * The last look before an attempt, in the transaction that commits it (architecture 4; D2). Whatever it locks stays locked until
   * then, so what was committed before forbids the attempt, and what comes later finds it made. Asked again before each further attempt.
   */
  abstract release(messages: readonly MessageToRelease[]): Promise<ReadonlyMap<string, Release>>;
  /**
   * These have another state. May tell the same twice, and of a state that is past already. A process without the follower tells nobody:
   * whoever is switched off asks for what he missed (`FollowedMessages`).
   */
  abstract moved(moves: readonly FollowedMove[]): Promise<void>;
}

/** Why a message is withheld whose follower is in another process, or in none: nobody says that it may leave. */
export const NOBODY_ANSWERS = 'NOBODY_ANSWERS_FOR_IT';

/** Marks a `MessageFollower` with the name that orders carry; stored with messages, so it is not renamed lightly. */
export const FollowsMessages = DiscoveryService.createDecorator<string>();
