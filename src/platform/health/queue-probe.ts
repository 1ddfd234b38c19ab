import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';
import { within } from './within.js';

const WITHIN_MS = 800;

/** Whether wake-ups can be delivered: Redis answers, or BullMQ's tables are there. */
@Injectable()
export class QueueProbe implements OnApplicationShutdown {
  readonly #redis: Redis | undefined;

  constructor(
    config: Config,
    private readonly pools: DatabasePools,
  ) {
    if (!config.REDIS_URL) return;
    this.#redis = new Redis(config.REDIS_URL, {
      maxRetriesPerRequest: 0,
      enableOfflineQueue: true,
      connectTimeout: WITHIN_MS,
      disconnectTimeout: 200,
    });
    this.#redis.on('error', () => undefined);
  }

  /** Undefined where no Redis is used. */
  async redis(): Promise<boolean | undefined> {
    return this.#redis && succeeds(within(WITHIN_MS, this.#redis.ping()));
  }

  async isReachable(): Promise<boolean> {
    return (
      (await this.redis()) ?? succeeds(within(WITHIN_MS, this.pools.requests.query('select from bullmq.job limit 1')))
    );
  }

  onApplicationShutdown(): void {
    this.#redis?.disconnect();
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
