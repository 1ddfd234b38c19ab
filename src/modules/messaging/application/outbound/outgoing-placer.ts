import { DiscoveryService } from '@nestjs/core';
import type { DomainError } from '../../../../kernel/domain-error.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { Recipient } from '../../domain/recipient.js';

/** A message that a person or a program wants sent to an address. */
export interface OutgoingToPlace {
  readonly access: InboxAccess;
  readonly phoneNumberId: string;
  readonly to: Recipient;
  readonly content: MessageContent;
  /** The user that wrote it; left out for programs. */
  readonly sentBy?: string | undefined;
  /** It is ordered for a later hour: the conversation shows it when it leaves. */
  readonly isForLater: boolean;
}

/** The conversation of a number and a customer. */
export interface OpenedConversation {
  readonly threadId: string;
  readonly contactId: string;
}

/** Until when a message may leave. */
export interface AdmittedOutgoing {
  /** When the window closes that the message needs; left out for templates. */
  readonly expiresAt?: Date;
}

export interface PlacedOutgoing extends AdmittedOutgoing {
  readonly threadId: string;
}

/** A message that was ordered for a later hour, which has come. */
export interface LeavingMessage {
  readonly messageId: string;
  readonly threadId: string;
  readonly to: Recipient;
  readonly content: MessageContent;
}

/**
 * Who keeps conversations gives a message its place and says whether it may be sent now (S1.88, S1.92): the one provider with
 * `@PlacesOutgoing()`. Runs in the transaction that queues the message and leaves the conversation locked.
 */
export abstract class OutgoingPlacer {
  /** Finds or opens the conversation that such a message would have, and locks it. @throws whatever hides it from the caller */
  abstract open(to: Pick<OutgoingToPlace, 'access' | 'phoneNumberId' | 'to'>): Promise<OpenedConversation>;
  /** @throws whatever forbids the message: its window is closed, its conversation is blocked or not the caller's */
  abstract place(message: OutgoingToPlace): Promise<PlacedOutgoing>;
  /** Locks conversations of one number. @returns them by the ids that were given; what is not there is left out */
  abstract lock(threadIds: readonly string[]): Promise<ReadonlyMap<string, OpenedConversation>>;
  /**
   * Messages of one number that were ordered for a later hour leave now: what was asked then is asked again, and their conversations show
   * them. In a lane's transaction, in a few statements however many they are. @returns of each until when it may leave, or what forbids it
   */
  abstract leave(
    phoneNumberId: string,
    messages: readonly LeavingMessage[],
  ): Promise<ReadonlyMap<string, AdmittedOutgoing | DomainError>>;
}

/** Marks the `OutgoingPlacer`. */
export const PlacesOutgoing = DiscoveryService.createDecorator();

/** Finds whoever places messages; the module of conversations is not known here. */
export abstract class OutgoingPlacers {
  abstract find(): OutgoingPlacer | undefined;
}
