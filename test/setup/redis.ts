import { Redis as Client } from 'ioredis';
import { appendFileSync } from 'node:fs';

/** What a queue runs on in a test. */
export interface QueueBackend {
  kind: 'postgresql' | 'redis';
  /** REDIS_URL for the application, an empty database of its own; undefined on PostgreSQL. Known once the tests run. */
  redisUrl(): string | undefined;
}

/** Runs the same tests with the queues on PostgreSQL and, where a Redis can be had, on Redis. */
export function describeOnEachQueueBackend(name: string, tests: (backend: QueueBackend) => void): void {
  describe(`${name} [queues on PostgreSQL]`, () => tests({ kind: 'postgresql', redisUrl: () => undefined }));

  const server = process.env.NODUE_TEST_REDIS_URL;
  if (!server) {
    recordSkip(`${name} on Redis: no REDIS_URL, and no redis-server on the PATH`);
    describe.skip(`${name} [queues on Redis]`, () => tests({ kind: 'redis', redisUrl: () => undefined }));
    return;
  }
  describe(`${name} [queues on Redis]`, () => {
    let database: RedisDatabase | undefined;
    beforeAll(async () => {
      database = await claimRedisDatabase(server);
    });
    afterAll(() => database?.release());
    tests({ kind: 'redis', redisUrl: () => database?.url });
  });
}

/** Says in the last lines of the run what was not tested, and why. */
export function recordSkip(reason: string): void {
  if (process.env.NODUE_TEST_SKIPS) appendFileSync(process.env.NODUE_TEST_SKIPS, `${reason}\n`);
}

interface RedisDatabase {
  url: string;
  /** Empties and gives back the database. */
  release(): Promise<void>;
}

/** Takes a numbered database that holds nothing, so that a Redis given by REDIS_URL loses nothing of its owner's. */
async function claimRedisDatabase(server: string): Promise<RedisDatabase> {
  const claim = 'nodue:test:claim';
  for (let database = 1; ; database++) {
    const url = new URL(server);
    url.pathname = `/${database}`;
    const client = new Client(url.href, { lazyConnect: true, maxRetriesPerRequest: 1 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (client.status !== 'ready' || (await client.dbsize()) > 0) continue;
      if ((await client.set(claim, String(process.pid), 'EX', 3600, 'NX')) === null) continue;
      return {
        url: url.href,
        release: async () => {
          const last = new Client(url.href, { maxRetriesPerRequest: 1 });
          await last.flushdb();
          last.disconnect();
        },
      };
    } finally {
      client.disconnect();
    }
  }
}
