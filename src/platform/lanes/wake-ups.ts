import { Logger } from '@nestjs/common';
import { Worker } from 'bullmq';
import type { Config } from '../config/config.js';
import type { DatabasePools } from '../database/pools.js';
import { queueOptions, workerConnection } from '../queue/queue.module.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived so long was sound: its successor starts without a long pause. */
const SOUND_AFTER_MS = 60_000;

/**
 * Hears the wake-ups of one lane kind. A BullMQ worker that reports a fault is replaced after a pause: on PostgreSQL it may
 * repeat the fault as fast as the processor allows, and never recover. Wake-ups missed meanwhile are found by the sweep.
 */
export class WakeUps {
  readonly #logger = new Logger(WakeUps.name);
  #worker: Worker | undefined;
  #startedAt = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly config: Config,
    private readonly pools: DatabasePools,
    private readonly kind: string,
    private readonly heard: () => Promise<void>,
  ) {}

  start(): void {
    const worker = new Worker(this.kind, this.heard, {
      ...queueOptions(this.config, this.pools),
      connection: workerConnection(this.config, this.pools),
      concurrency: 1,
      maxStalledCount: 1_000,
    });
    this.#worker = worker;
    this.#startedAt = performance.now();
    worker.on('error', (error) => this.#replace(worker, error));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    await this.#worker?.close();
  }

  #replace(worker: Worker, error: Error): void {
    if (this.#stopped || this.#worker !== worker) return;
    this.#worker = undefined;
    worker.close(true).catch(() => undefined);
    this.#pauseMs =
      performance.now() - this.#startedAt > SOUND_AFTER_MS
        ? FIRST_PAUSE_MS
        : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#logger.warn(`Wake-ups of ${this.kind} are disturbed, the sweep goes on: ${error.message}`);
    this.#restart = setTimeout(() => this.start(), this.#pauseMs).unref();
  }
}
