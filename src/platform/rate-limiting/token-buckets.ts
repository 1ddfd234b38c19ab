import type { BucketRate } from './token-bucket.js';

export interface BucketAsk extends BucketRate {
  /** Names the bucket in the whole installation: `<what>:<whose>`. Holds no secret and no phone number in clear. */
  readonly key: string;
  /** Tokens that this request takes; 1 unless said. */
  readonly cost?: number;
  /**
   * What a bucket holds whose level was lost with Redis (reliability 2.7): `full` where a refusal would lose something, which is
   * the default; `empty` where it only delays and the limit is somebody else's.
   */
  readonly afterLoss?: 'full' | 'empty';
}

/** On a refusal `key` names the bucket that takes longest, and after `retryAfterMs` (Infinity: never) the same request may pass. */
export type Taking =
  { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number; readonly key: string };

/** Token buckets, shared by all processes where there is a Redis. */
export abstract class TokenBuckets {
  /** Takes from all of the buckets or from none. Never throws, never waits longer than 200 ms. */
  abstract take(asks: readonly BucketAsk[]): Promise<Taking>;
}
