import { DiscoveryService } from '@nestjs/core';
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

export interface PlacedOutgoing {
  readonly threadId: string;
  /** When the window closes that the message needs; left out for templates. */
  readonly expiresAt?: Date;
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
  /**
   * A message that was ordered for a later hour leaves now: what was asked then is asked again. In a lane's transaction.
   * @throws whatever forbids the message
   */
  abstract leave(threadId: string, to: Recipient, content: MessageContent): Promise<void>;
}

/** Marks the `OutgoingPlacer`. */
export const PlacesOutgoing = DiscoveryService.createDecorator();

/** Finds whoever places messages; the module of conversations is not known here. */
export abstract class OutgoingPlacers {
  abstract find(): OutgoingPlacer | undefined;
}
