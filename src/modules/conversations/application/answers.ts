import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/domain-error.js';
import { Commands } from '../../../platform/cqrs/commands.js';
import {
  EnqueueMessage,
  type InboundMessage,
  type MessageContent,
  type Recipient,
  type SenderIdentity,
  type SentStep,
} from '../../messaging/index.js';
import { DecideThreadType } from './inbox/decide-thread-type.js';
import { serviceWindow } from '../domain/service-window.js';
import { previewOfOutbound } from './preview.js';
import { type Thread, Threads } from './threads.js';

/** The bot made an answer that WhatsApp would refuse: a fault of ours, not of the customer's. */
export class UnsendableAnswer extends Error {}

/** Queues what automation answers, in the transaction of the message that it answers. */
@Injectable()
export class Answers {
  constructor(
    private readonly commands: Commands,
    private readonly threads: Threads,
    private readonly clock: Clock,
  ) {}

  /** @param once a message has each answer at most once, whatever runs again (S2.68) */
  async queue(
    message: InboundMessage,
    thread: Thread,
    content: MessageContent,
    once: string,
    step?: SentStep,
  ): Promise<void> {
    const { closesAt } = serviceWindow(thread, this.clock.now());
    const order = new EnqueueMessage({
      phoneNumberId: message.phoneNumberId,
      to: addressOf(message.from),
      content,
      category: 'automatic_answer',
      threadId: thread.id,
      once,
      ...(step && { step }),
      ...(closesAt && content.type !== 'template' && { expiresAt: closesAt }),
    });
    const { duplicate } = await this.commands.execute(order).catch((error: unknown) => {
      throw error instanceof DomainError ? new UnsendableAnswer(error.message, { cause: error }) : error;
    });
    if (duplicate) return;
    await this.threads.recordOutbound(thread.id, previewOfOutbound(content), this.clock.now());
    if (content.type === 'template') await this.commands.execute(new DecideThreadType(thread.id, content.name));
  }
}

/** A customer is answered where they wrote from: at their number, or at their user id when the number is hidden (F1). */
function addressOf({ waId, userId, parentUserId }: SenderIdentity): Recipient {
  if (waId) return { kind: 'phone', value: waId };
  const value = userId ?? parentUserId;
  if (!value) throw new UnsendableAnswer('The sender has neither a number nor a user id');
  return { kind: 'bsuid', value };
}
