import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { Queue } from 'bullmq';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';
import { queueOptions } from '../queue/queue.module.js';

const PATIENCE_MS = 1500;

/**
 * Wakes the workers of a lane kind through BullMQ. Rings that come while one is being delivered are delivered as one.
 * A ring that cannot be delivered is dropped: the engine's sweep finds the due lane within seconds.
 */
@Injectable()
export class Doorbell implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(Doorbell.name);
  readonly #state = new Map<string, { delivering: boolean; again: boolean }>();
  readonly #replacements = new Map<string, Queue>();
  #isSilent = false;

  constructor(
    private readonly modules: ModuleRef,
    private readonly discovery: DiscoveryService,
    private readonly config: Config,
    private readonly pools: DatabasePools,
  ) {}

  /** A queue that nobody listens to prints its faults, connection and all; what matters of them shows when it is rung. */
  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders())
      if (instance instanceof Queue) instance.on('error', () => undefined);
  }

  ring(kind: string): void {
    if (this.#isSilent) return;
    const state = this.#state.get(kind) ?? { delivering: false, again: false };
    this.#state.set(kind, state);
    if (state.delivering) state.again = true;
    else void this.#deliver(kind, state);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isSilent = true;
    await Promise.allSettled([...this.#replacements.values()].map((queue) => queue.close()));
  }

  async #deliver(kind: string, state: { delivering: boolean; again: boolean }): Promise<void> {
    state.delivering = true;
    do {
      state.again = false;
      const patience = new AbortController();
      try {
        await Promise.race([
          this.#queue(kind).add('ring', {}),
          delay(PATIENCE_MS, undefined, { signal: patience.signal }).then(() =>
            Promise.reject(new Error('the queue did not answer in time')),
          ),
        ]);
      } catch (error) {
        if (this.#isSilent) return;
        this.#logger.warn(
          `Wake-up of ${kind} lost, the sweep will find it: ${error instanceof Error ? error.message : String(error)}`,
        );
        this.#replace(kind);
      } finally {
        patience.abort();
      }
    } while (state.again);
    state.delivering = false;
  }

  #queue(kind: string): Queue {
    return this.#replacements.get(kind) ?? this.modules.get<Queue>(getQueueToken(kind), { strict: false });
  }

  /** A queue on PostgreSQL whose first connection failed remembers the failure for good, so it is not asked again. */
  #replace(kind: string): void {
    const failed = this.#replacements.get(kind);
    const fresh = new Queue(kind, queueOptions(this.config, this.pools));
    fresh.on('error', () => undefined);
    this.#replacements.set(kind, fresh);
    failed?.close().catch(() => undefined);
  }
}
