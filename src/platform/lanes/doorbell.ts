import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 1500;

/**
 * Wakes the workers of a lane kind through BullMQ. Rings that come while one is being delivered are delivered as one.
 * A ring that cannot be delivered is dropped: the engine's sweep finds the due lane within seconds.
 */
@Injectable()
export class Doorbell {
  readonly #logger = new Logger(Doorbell.name);
  readonly #state = new Map<string, { delivering: boolean; again: boolean }>();

  constructor(private readonly modules: ModuleRef) {}

  ring(kind: string): void {
    const state = this.#state.get(kind) ?? { delivering: false, again: false };
    this.#state.set(kind, state);
    if (state.delivering) state.again = true;
    else void this.#deliver(kind, state);
  }

  async #deliver(kind: string, state: { delivering: boolean; again: boolean }): Promise<void> {
    state.delivering = true;
    do {
      state.again = false;
      const patience = new AbortController();
      try {
        const queue = this.modules.get<Queue>(getQueueToken(kind), { strict: false });
        await Promise.race([
          queue.add('ring', {}),
          delay(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => Promise.reject(new Error('the queue did not answer in time'))),
        ]);
      } catch (error) {
        this.#logger.warn(`Wake-up of ${kind} lost, the sweep will find it: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        patience.abort();
      }
    } while (state.again);
    state.delivering = false;
  }
}
