import { DiscoveryService } from '@nestjs/core';
import type { MessageContent } from '../../domain/message-content.js';
import type { Recipient } from '../../domain/recipient.js';

/** A message whose next attempt is about to be committed, whoever ordered it. */
export interface MessageToGuard {
  readonly messageId: string;
  readonly phoneNumberId: string;
  /** Null: it has no conversation yet, or never will have. */
  readonly threadId: string | null;
  readonly to: Recipient;
  readonly content: MessageContent;
}

/**
 * Keeps messages from leaving that were ordered before somebody forbade them; any number may guard. What it forbids is cancelled with the
 * reason. Runs in the transaction that claims, many messages at a time with their rows locked: few statements through `UnitOfWork.sql`, no
 * locks, no HTTP.
 */
export abstract class MessageGuard {
  /** @returns the reason of each that must not leave, by its id */
  abstract forbid(messages: readonly MessageToGuard[]): Promise<ReadonlyMap<string, string>>;
}

/** Marks a `MessageGuard`. */
export const GuardsMessages = DiscoveryService.createDecorator();
