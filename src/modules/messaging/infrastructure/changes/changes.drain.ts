import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { isTransient, isUnavailable } from '../../../../platform/database/database-errors.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { TakeInChange } from '../../application/changes/take-in-change.js';
import { type WaitingChange, WaitingChanges } from '../../application/changes/waiting-changes.js';
import { CHANGE_BACKOFF } from '../inbound/backoff.js';
import { CHANGE_LANE } from '../inbound/lane-kinds.js';

const BATCH = 100;
const BACKOFF = CHANGE_BACKOFF.map((seconds) => seconds * 1000);
/** Deaths of the process over one lane after which its first change is left alone (F07). */
const DEATHS = 3;

/**
 * Takes in what is told of one number or account beside messages and statuses, in order of arrival. A change that fails holds back those
 * behind it while it is tried again, then it is given up and the lane goes on.
 */
@Injectable()
@DrainsLane(CHANGE_LANE)
export class Changes extends LaneDrain {
  readonly concurrency = 4;
  readonly #logger = new Logger(Changes.name);

  constructor(
    private readonly changes: WaitingChanges,
    private readonly takeInChange: TakeInChange,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ key, deaths, signal }: LaneTurn): Promise<Date | undefined> {
    if (deaths >= DEATHS) await this.#leaveFirstAlone(key, deaths);
    for (;;) {
      const waiting = await this.changes.waiting(key, BATCH);
      for (const change of waiting) {
        if (signal.aborted) return this.clock.now();
        if (change.dueAt > this.clock.now()) return change.dueAt;
        const retryAt = await this.#takeIn(change);
        if (retryAt) return retryAt;
      }
      // Whatever came meanwhile has rung.
      if (waiting.length < BATCH) return undefined;
    }
  }

  /** @returns when to try again, if it failed and may be tried again */
  async #takeIn({ eventId, tries }: WaitingChange): Promise<Date | undefined> {
    try {
      await this.takeInChange.takeIn(eventId);
      return undefined;
    } catch (error) {
      // The change has no part in it.
      if (isTransient(error) || isUnavailable(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Webhook event ${eventId} failed (try ${tries + 1}): ${reason}`);
      const wait = BACKOFF[tries];
      if (wait === undefined) {
        await this.takeInChange.giveUp(eventId, `failed ${tries + 1} times`, reason);
        return undefined;
      }
      const dueAt = new Date(this.clock.now().getTime() + wait);
      await this.changes.postpone(eventId, tries + 1, dueAt, reason);
      return dueAt;
    }
  }

  async #leaveFirstAlone(key: string, deaths: number): Promise<void> {
    const [first] = await this.changes.waiting(key, 1);
    if (!first) return;
    const reason = `the process died ${deaths} times over it`;
    this.#logger.error(`Webhook event ${first.eventId} is left alone: ${reason}`);
    await this.takeInChange.giveUp(first.eventId, reason, 'no error was reported');
  }
}
