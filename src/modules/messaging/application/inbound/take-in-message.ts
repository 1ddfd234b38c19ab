import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DeadLetters } from '../../../../platform/dead-letters/dead-letters.js';
import { KeepMediaOfMessage } from '../media/keep-media-of-message.js';
import { InboundConsumer } from './inbound-consumer.js';
import { IncomingMessages, type TakenMessage } from './incoming-messages.js';

/** Older than this, a message is stored and nobody's automation answers it (reliability 2.2, F17). */
const ANSWERED_WITHIN_MS = 24 * 60 * 60 * 1000;

/** Finds whoever takes customers' messages; the module of conversations is not known here. */
export abstract class InboundConsumers {
  abstract find(): InboundConsumer | undefined;
}

/**
 * Takes one message of a customer in: placed in its conversation, stored, answered, and done, all in one transaction. Run again, it
 * does what an earlier run left undone: nothing is stored or answered twice.
 */
@Injectable()
export class TakeInMessage {
  constructor(
    private readonly messages: IncomingMessages,
    private readonly consumers: InboundConsumers,
    private readonly media: KeepMediaOfMessage,
    private readonly unitOfWork: UnitOfWork,
    private readonly deadLetters: DeadLetters,
    private readonly clock: Clock,
  ) {}

  /** Rejects when it could not be done; nothing of it has happened then. */
  takeIn(eventId: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      const taken = await this.messages.take(eventId);
      if (!taken || (taken.concluded && taken.stored)) return;
      const mayAnswer =
        !taken.concluded && this.clock.now().getTime() - taken.message.sentAt.getTime() <= ANSWERED_WITHIN_MS;
      const threadId = await this.#place(taken, mayAnswer);
      if (mayAnswer && threadId !== undefined)
        await this.consumers.find()?.answer({ ...taken.message, mayAnswer }, threadId);
    });
  }

  /** After its last try: the conversation shows it, nothing answers it, and a person decides (reliability 2.3). */
  async giveUp(eventId: string, reason: string, lastError: string): Promise<void> {
    try {
      await this.unitOfWork.run(async () => {
        const taken = await this.messages.take(eventId);
        if (!taken) return;
        await this.#place(taken, false);
        await this.#bury(eventId, reason, lastError);
      });
    } catch (error) {
      // What cannot even be placed is given up as it is: its lane goes on.
      await this.leaveAlone(eventId, reason, error instanceof Error ? error.message : lastError);
    }
  }

  /** Gives up without touching the message: it may be what kills the process. */
  leaveAlone(eventId: string, reason: string, lastError: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      if (await this.messages.take(eventId)) await this.#bury(eventId, reason, lastError);
    });
  }

  /** @returns the thread; undefined when nobody keeps conversations */
  async #place({ message, stored }: TakenMessage, mayAnswer: boolean): Promise<string | undefined> {
    if (stored) return stored.threadId ?? undefined;
    const messageId = newId();
    const placed = await this.consumers.find()?.place({ ...message, mayAnswer }, messageId);
    await this.messages.store(message, messageId, placed?.threadId);
    const { phoneNumberId, body } = message;
    await this.media.keep({ messageId, threadId: placed?.threadId, phoneNumberId, body });
    return placed?.threadId;
  }

  async #bury(eventId: string, reason: string, lastError: string): Promise<void> {
    await this.messages.quarantine(eventId, reason);
    await this.deadLetters.bury({ kind: 'webhook-event', subjectId: eventId, reason, lastError });
  }
}
