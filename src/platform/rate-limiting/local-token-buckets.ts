import { type BucketLevel, full, refill, waitFor } from './token-bucket.js';
import { type BucketAsk, type Taking, TokenBuckets } from './token-buckets.js';

const SWEEP_ABOVE = 20_000;
/** For so long after a loss a bucket that is unknown is taken for a lost one. */
const LOSS_LASTS_MS = 1000;

interface Entry {
  readonly level: BucketLevel;
  readonly ask: BucketAsk;
}

/** Buckets in this process's memory: for one process, or while Redis does not answer. */
export class LocalTokenBuckets extends TokenBuckets {
  readonly #entries = new Map<string, Entry>();
  #sweepAbove = SWEEP_ABOVE;
  #lostAt = -Infinity;

  constructor(private readonly milliseconds: () => number = () => performance.now()) {
    super();
  }

  /** Forgets all levels, as if they had been lost this moment. */
  lose(): void {
    this.#entries.clear();
    this.#lostAt = this.milliseconds();
  }

  take(asks: readonly BucketAsk[]): Promise<Taking> {
    const now = this.milliseconds();
    const levels = asks.map((ask) => this.#level(ask, now));
    const waits = asks.map((ask, index) => waitFor(ask.cost ?? 1, levels[index]!, ask));
    const longest = Math.max(0, ...waits);
    if (longest > 0)
      return Promise.resolve({ allowed: false, retryAfterMs: longest, key: asks[waits.indexOf(longest)]!.key });
    asks.forEach((ask, index) => {
      const { tokens, at } = levels[index]!;
      this.#entries.set(ask.key, { ask, level: { tokens: tokens - (ask.cost ?? 1), at } });
    });
    if (this.#entries.size > this.#sweepAbove) this.#sweep(now);
    return Promise.resolve({ allowed: true });
  }

  #level(ask: BucketAsk, now: number): BucketLevel {
    const entry = this.#entries.get(ask.key);
    if (entry) return refill(entry.level, ask, now);
    const lost = ask.afterLoss === 'empty' && now - this.#lostAt < LOSS_LASTS_MS;
    return lost ? refill({ tokens: 0, at: this.#lostAt }, ask, now) : full(ask, now);
  }

  /** A bucket that is full again is the same as one that was never asked. */
  #sweep(now: number): void {
    for (const [key, { level, ask }] of this.#entries)
      if (refill(level, ask, now).tokens >= ask.capacity) this.#entries.delete(key);
    this.#sweepAbove = Math.max(SWEEP_ABOVE, this.#entries.size * 2);
  }
}
