import { DiscoveryService } from '@nestjs/core';
import type { InboundMessage } from './inbound-message.js';

/**
 * Who takes customers' messages: the module that keeps conversations registers the one. Both steps run in the message's one
 * transaction, in the tenant's scope, in order of the lane; they may be run again after a fault, never after a commit.
 */
export abstract class InboundConsumer {
  /**
   * Finds or makes the conversation and counts the message in.
   * @param messageId the id that the message is going to have
   * @returns the thread to store the message under
   */
  abstract place(message: InboundMessage, messageId: string): Promise<{ threadId: string }>;
  /** Lets automation answer. Left out when the message was given up after repeated faults: it is placed and stored all the same. */
  abstract answer(message: InboundMessage, threadId: string): Promise<void>;
}

/** Marks the `InboundConsumer`. */
export const ConsumesInbound = DiscoveryService.createDecorator();
