import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';

/**
 * BullMQ on PostgreSQL, or on Redis when REDIS_URL is set: the same code above it. Jobs are wake-ups that carry no truth, so
 * retries live in PostgreSQL and a lost, repeated or late job is harmless (reliability 2.6).
 */
@Module({})
export class QueueModule {
  static forRoot(): DynamicModule {
    return {
      module: QueueModule,
      imports: [BullModule.forRootAsync({ inject: [Config, DatabasePools], useFactory: queueOptions })],
    };
  }
}

/** Options of every queue and worker of the process. */
export function queueOptions(config: Config, pools: DatabasePools): QueueOptions {
  setDefaultBackendFactory(
    config.REDIS_URL ? undefined : (createPostgresBackend as Parameters<typeof setDefaultBackendFactory>[0]),
  );
  return {
    connection: config.REDIS_URL ? redisConnection(config.REDIS_URL) : postgresConnection(pools),
    prefix: '{nodue}',
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: { count: 1000 } },
  };
}

function redisConnection(url: string): QueueOptions['connection'] {
  // A queue that cannot reach Redis must say so at once, not hold a request (M5, F33); workers override the last two.
  return { url, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1000 };
}

/** A pool of ours, because BullMQ's own lets a connection that the server cuts end the process. */
function postgresConnection({ queue }: DatabasePools): QueueOptions['connection'] {
  return queue as unknown as QueueOptions['connection'];
}

/** A worker waits for its next job for as long as it takes. */
export function workerConnection(config: Config, pools: DatabasePools): QueueOptions['connection'] {
  return config.REDIS_URL ? { url: config.REDIS_URL, maxRetriesPerRequest: null } : postgresConnection(pools);
}
