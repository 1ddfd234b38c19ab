/** What a bucket holds when full, and how fast it fills. Both are counted in tokens; a request costs one unless it says otherwise. */
export interface BucketRate {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** A bucket at an instant; `at` is in milliseconds of a clock of the store's own. */
export interface BucketLevel {
  readonly tokens: number;
  readonly at: number;
}

export function full({ capacity }: BucketRate, at: number): BucketLevel {
  return { tokens: capacity, at };
}

/** The level at `now`. A clock that went back adds nothing and takes nothing. */
export function refill(level: BucketLevel, { capacity, refillPerSecond }: BucketRate, now: number): BucketLevel {
  const elapsed = Math.max(0, now - level.at);
  return { tokens: Math.min(capacity, level.tokens + (elapsed / 1000) * refillPerSecond), at: Math.max(level.at, now) };
}

/** Milliseconds until a refilled bucket holds `cost`: 0 when it does, Infinity when it never will. */
export function waitFor(cost: number, level: BucketLevel, { capacity, refillPerSecond }: BucketRate): number {
  if (level.tokens >= cost) return 0;
  if (cost > capacity || refillPerSecond <= 0) return Infinity;
  return Math.ceil(((cost - level.tokens) / refillPerSecond) * 1000);
}
