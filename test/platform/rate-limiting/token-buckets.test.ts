import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalTokenBuckets } from '../../../src/platform/rate-limiting/local-token-buckets.js';
import { RedisTokenBuckets } from '../../../src/platform/rate-limiting/redis-token-buckets.js';
import type { TokenBuckets } from '../../../src/platform/rate-limiting/token-buckets.js';
import { describeOnEachQueueBackend, recordSkip } from '../../setup/redis.js';
import { startRedis } from '../../setup/redis-server.js';
import { until } from '../../setup/until.js';

function refusesConnections(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(false)).once('error', () =>
      resolve(true),
    );
    socket.once('connect', () => socket.destroy());
  });
}

/** So slow that nothing is refilled while a test runs. */
const STILL = 0.000_001;

describeOnEachQueueBackend('Token buckets', (backend) => {
  const open: RedisTokenBuckets[] = [];
  let local: LocalTokenBuckets;
  /** The view of another process, where there is a Redis. */
  const view = async (): Promise<TokenBuckets> => {
    const url = backend.redisUrl();
    if (!url) return local;
    const buckets = new RedisTokenBuckets(url);
    open.push(buckets);
    await buckets.onModuleInit();
    return buckets;
  };

  beforeEach(() => (local = new LocalTokenBuckets()));
  afterEach(() => open.splice(0).forEach((buckets) => buckets.onApplicationShutdown()));

  it('share one level between processes, and give no token twice', async () => {
    const views = [await view(), await view(), await view()];
    const takings = await Promise.all(
      Array.from({ length: 90 }, (_, n) =>
        views[n % 3]!.take([{ key: 'shared', capacity: 20, refillPerSecond: STILL }]),
      ),
    );
    expect(takings.filter(({ allowed }) => allowed)).toHaveLength(20);
  });

  it('take from all of several buckets or from none, and name the one that takes longest', async () => {
    const buckets = await view();
    const small = { key: 'small', capacity: 2, refillPerSecond: 0.001 };
    const large = { key: 'large', capacity: 5, refillPerSecond: 0.01 };
    for (let n = 0; n < 2; n++) expect(await buckets.take([large, small])).toEqual({ allowed: true });
    for (let n = 0; n < 5; n++)
      expect(await buckets.take([large, small])).toMatchObject({ allowed: false, key: 'small' });
    expect(await buckets.take([{ ...large, cost: 3 }])).toEqual({ allowed: true });
    const refused = await buckets.take([{ ...large, cost: 2 }, small]);
    expect(refused).toMatchObject({ allowed: false, key: 'small' });
    expect(!refused.allowed && Math.ceil(refused.retryAfterMs / 100_000)).toBe(10);
  });

  it('say "never" of a cost beyond the capacity, and keep what they hold', async () => {
    const buckets = await view();
    expect(await buckets.take([{ key: 'tiny', capacity: 1, refillPerSecond: 1, cost: 2 }])).toEqual({
      allowed: false,
      key: 'tiny',
      retryAfterMs: Infinity,
    });
    expect(await buckets.take([{ key: 'tiny', capacity: 1, refillPerSecond: STILL }])).toEqual({ allowed: true });
  });

  it('fill again', async () => {
    const buckets = await view();
    const quick = { key: 'quick', capacity: 1, refillPerSecond: 20 };
    await buckets.take([quick]);
    await until(async () => (await buckets.take([quick])).allowed);
  });
});

describe('Token buckets on a Redis that goes away (F32, F61)', () => {
  it('go on in each process alone: limited, never open, and at once', async () => {
    const server = await startRedis(await mkdtemp(join(tmpdir(), 'nodue-redis-')));
    if (!server) return recordSkip('Token buckets on a Redis that goes away: no redis-server on the PATH');
    const buckets = new RedisTokenBuckets(server.url);
    try {
      await buckets.onModuleInit();
      const ask = { key: 'k', capacity: 10, refillPerSecond: STILL };
      const paced = { key: 'paced', capacity: 10, refillPerSecond: STILL, afterLoss: 'empty' } as const;
      expect(await buckets.take([ask])).toEqual({ allowed: true });
      server.stop();
      await until(() => refusesConnections(server.url));
      const takings = await Promise.all(Array.from({ length: 100 }, () => buckets.take([ask])));
      expect(takings.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(10);
      expect(takings.filter(({ allowed }) => allowed).length).toBeGreaterThan(0);
      expect(await buckets.take([paced])).toMatchObject({ allowed: false, key: 'paced' });
    } finally {
      buckets.onApplicationShutdown();
      server.stop();
    }
  });
});
