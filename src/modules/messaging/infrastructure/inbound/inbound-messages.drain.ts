import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { isTransient, isUnavailable } from '../../../../platform/database/database-errors.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { IncomingMessages, type WaitingMessage } from '../../application/inbound/incoming-messages.js';
import { TakeInMessage } from '../../application/inbound/take-in-message.js';
import { MESSAGE_BACKOFF } from './backoff.js';
import { INBOUND_LANE } from './lane-kinds.js';

const BATCH = 20;
const BACKOFF = MESSAGE_BACKOFF.map((seconds) => seconds * 1000);
/** Deaths of the process over one lane after which its first message is left alone (F07). */
const DEATHS = 3;

/**
 * Takes in one customer's messages to one number, in order (G5, reliability 2.3). A message that fails holds back those behind it
 * while it is tried again, then it is given up and the lane goes on: nobody is silenced for ever.
 */
@Injectable()
@DrainsLane(INBOUND_LANE)
export class InboundMessages extends LaneDrain {
  readonly concurrency = 8;
  readonly #logger = new Logger(InboundMessages.name);

  constructor(
    private readonly messages: IncomingMessages,
    private readonly takeInMessage: TakeInMessage,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ key, deaths, signal }: LaneTurn): Promise<Date | undefined> {
    if (deaths >= DEATHS) await this.#leaveFirstAlone(key, deaths);
    for (;;) {
      const waiting = await this.messages.waiting(key, BATCH);
      for (const message of waiting) {
        if (signal.aborted) return this.clock.now();
        if (message.dueAt > this.clock.now()) return message.dueAt;
        const retryAt = await this.#takeIn(message);
        if (retryAt) return retryAt;
      }
      // Whatever came meanwhile has rung.
      if (waiting.length < BATCH) return undefined;
    }
  }

  /** @returns when to try again, if it failed and may be tried again */
  async #takeIn({ eventId, tries }: WaitingMessage): Promise<Date | undefined> {
    try {
      await this.takeInMessage.takeIn(eventId);
      return undefined;
    } catch (error) {
      // The message has no part in it.
      if (isTransient(error) || isUnavailable(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Webhook event ${eventId} failed (try ${tries + 1}): ${reason}`);
      const wait = BACKOFF[tries];
      if (wait === undefined) {
        await this.takeInMessage.giveUp(eventId, `failed ${tries + 1} times`, reason);
        return undefined;
      }
      const dueAt = new Date(this.clock.now().getTime() + wait);
      await this.messages.postpone(eventId, tries + 1, dueAt, reason);
      return dueAt;
    }
  }

  async #leaveFirstAlone(key: string, deaths: number): Promise<void> {
    const [first] = await this.messages.waiting(key, 1);
    if (!first) return;
    this.#logger.error(`Webhook event ${first.eventId} is left alone: the process died ${deaths} times over its lane`);
    await this.takeInMessage.leaveAlone(
      first.eventId,
      `the process died ${deaths} times over it`,
      'no error was reported',
    );
  }
}
