import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { LocalTokenBuckets } from './local-token-buckets.js';
import { type BucketAsk, type Taking, TokenBuckets } from './token-buckets.js';

const PATIENCE_MS = 200;
const CONNECT_WITHIN_MS = 1000;
/** After a failure this process limits by itself for so long before it asks Redis again. */
const LEAVE_ALONE_MS = 2000;

/**
 * KEYS: the mark of when this Redis was first seen, then the buckets. ARGV: five values a bucket (capacity, refill a second, cost,
 * afterLoss, milliseconds to keep). Answers {0} or {milliseconds to wait, index of the bucket}; -1 milliseconds means never.
 * The same arithmetic as token-bucket.ts, on Redis' own clock, so that processes with different clocks share one level.
 */
const TAKE = `
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('SET', KEYS[1], now, 'NX')
local seen = tonumber(redis.call('GET', KEYS[1]))
local levels, longest, slowest = {}, 0, 0
for i = 2, #KEYS do
  local a = (i - 2) * 5
  local capacity, rate, cost = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local stored = redis.call('HMGET', KEYS[i], 'tokens', 'at')
  local tokens, at = tonumber(stored[1]), tonumber(stored[2])
  if not tokens then
    tokens, at = capacity, now
    if ARGV[a + 4] == 'empty' and now - seen < 1000 then tokens, at = 0, seen end
  end
  tokens = math.min(capacity, tokens + math.max(0, now - at) / 1000 * rate)
  levels[i] = { tokens - cost, math.max(at, now) }
  if tokens < cost then
    local wait = -1
    if cost <= capacity and rate > 0 then wait = math.ceil((cost - tokens) / rate * 1000) end
    if wait == -1 or (longest ~= -1 and wait > longest) then longest, slowest = wait, i - 1 end
  end
end
if longest ~= 0 then return { longest, slowest } end
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'tokens', levels[i][1], 'at', levels[i][2])
  redis.call('PEXPIRE', KEYS[i], ARGV[(i - 2) * 5 + 5])
end
return { 0 }`;

type TakeScript = (keys: number, ...keysAndArguments: (string | number)[]) => Promise<[number, number?]>;

/**
 * Buckets in Redis, one level for all processes. While Redis does not answer within 200 ms, each process limits by itself
 * (F33, F61): looser by the number of processes, never open.
 */
export class RedisTokenBuckets extends TokenBuckets implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(RedisTokenBuckets.name);
  readonly #redis: Redis & { takeTokens: TakeScript };
  readonly #local = new LocalTokenBuckets();
  #localUntil = 0;
  #shared = true;

  constructor(url: string) {
    super();
    const redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: PATIENCE_MS,
      disconnectTimeout: PATIENCE_MS,
      retryStrategy: (tries) => Math.min(2000, tries * 100),
    });
    redis.on('error', () => undefined);
    redis.defineCommand('takeTokens', { lua: TAKE });
    this.#redis = redis as Redis & { takeTokens: TakeScript };
  }

  async take(asks: readonly BucketAsk[]): Promise<Taking> {
    if (performance.now() < this.#localUntil) return this.#local.take(asks);
    try {
      const taking = await this.#takeShared(asks);
      this.#shared = true;
      return taking;
    } catch (error) {
      this.#goOnAlone(error);
      return this.#local.take(asks);
    }
  }

  /** Many requests may have waited for the same silence: the first of them starts this process's own levels. */
  #goOnAlone(error: unknown): void {
    this.#localUntil = performance.now() + LEAVE_ALONE_MS;
    if (!this.#shared) return;
    this.#shared = false;
    this.#local.lose();
    this.#logger.warn(
      `Limits are counted in this process alone while Redis does not answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  /** Gives the connection a moment, so that the first requests find it. */
  async onModuleInit(): Promise<void> {
    if (this.#redis.status !== 'ready')
      await once(this.#redis, 'ready', { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) }).catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }

  async #takeShared(asks: readonly BucketAsk[]): Promise<Taking> {
    const keys = ['{nodue}:buckets-since', ...asks.map(({ key }) => `{nodue}:bucket:${key}`)];
    const values = asks.flatMap((ask) => [
      ask.capacity,
      ask.refillPerSecond,
      ask.cost ?? 1,
      ask.afterLoss ?? 'full',
      millisecondsToFull(ask),
    ]);
    const [wait, slowest] = await this.#redis.takeTokens(keys.length, ...keys, ...values);
    if (wait === 0) return { allowed: true };
    return { allowed: false, retryAfterMs: wait < 0 ? Infinity : wait, key: asks[(slowest ?? 1) - 1]!.key };
  }
}

/** A level older than this is full, so it need not be kept. */
function millisecondsToFull({ capacity, refillPerSecond }: BucketAsk): number {
  return refillPerSecond > 0 ? Math.ceil((capacity / refillPerSecond) * 1000) + 1000 : 86_400_000;
}
