import { Redis } from 'ioredis';
import type { Config } from '../config/config.js';
import type { DatabasePools } from '../database/pools.js';
import type { Finding } from './finding.js';
import { longestWait } from './service-health.js';

const LAG_WARN_SECONDS = 15;
const LAG_FAIL_SECONDS = 60;
/** A lane whose drain has died so often holds something that kills it. */
const DEADLY = 3;

/** Whether due work is done, and wake-ups are carried. */
export async function* examineWork(pools: DatabasePools, config: Config): AsyncGenerator<Finding> {
  yield await queue(pools, config);
  const lag = await longestWait(pools).catch(() => undefined);
  if (lag === undefined) {
    yield { level: 'fail', about: 'queue lag', says: 'cannot be read' };
    return;
  }
  const level = lag > LAG_FAIL_SECONDS ? 'fail' : lag > LAG_WARN_SECONDS ? 'warn' : 'ok';
  yield {
    level,
    about: 'queue lag',
    says:
      level === 'ok'
        ? 'no due work waits'
        : `due work has waited for ${Math.round(lag)} s: is a worker running (ROLE=worker or all)?`,
  };
  const { rows } = await pools.requests.query<{ kind: string; key: string; deaths: number }>(
    `select kind, key, deaths from lane where deaths >= ${DEADLY} order by deaths desc limit 10`,
  );
  for (const { kind, deaths } of rows)
    yield { level: 'warn', about: 'lanes', says: `a lane of ${kind} has ended ${deaths} processes` };
}

async function queue(pools: DatabasePools, config: Config): Promise<Finding> {
  if (!config.REDIS_URL) {
    const { rows } = await pools.requests.query<{ found: boolean }>(
      `select to_regclass('bullmq.job') is not null as found`,
    );
    return rows[0]!.found
      ? { level: 'ok', about: 'queue', says: 'BullMQ on PostgreSQL' }
      : { level: 'fail', about: 'queue', says: 'BullMQ has no tables: run "npm run migrate"' };
  }
  const redis = new Redis(config.REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 2000,
    disconnectTimeout: 200,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
    return policy === 'noeviction'
      ? { level: 'ok', about: 'queue', says: 'BullMQ on Redis' }
      : {
          level: 'fail',
          about: 'queue',
          says: `Redis may throw jobs away (maxmemory-policy ${policy ?? 'unknown'}): set noeviction`,
        };
  } catch (error) {
    return {
      level: 'fail',
      about: 'queue',
      says: `REDIS_URL cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    redis.disconnect();
  }
}
