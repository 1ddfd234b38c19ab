import { CAMPAIGN_PRIORITY } from '../../domain/outbound-message.js';
import {
  type BucketLevel,
  type BucketRate,
  full,
  refill,
  waitFor,
} from '../../../../platform/rate-limiting/token-bucket.js';

const SECOND = 1000;
/** Below what Meta allows, with a burst of a twentieth: no second holds more than the number's throughput. */
const SHARE_OF_THROUGHPUT = 0.95;
const BURST_SECONDS = 0.05;
const CAMPAIGN_SHARE = 0.7;

/** Meta: one message in 6 s to one customer, bursts of 45 borrowed from the time after (131056); a little less. */
const PAIR: BucketRate = { capacity: 40, refillPerSecond: 1 / 6 };
/** Meta: after the n-th 131056 in a row wait 4^n s, from n = 0. */
const PAIR_REST = { factor: 4, longest: 256 * SECOND } as const;

const LARGEST_CLAIM = 500;
const SMALLEST_CLAIM = 16;

const SLOWER = 0.7;
const SLOWEST = 0.05;
/** A number that was told to slow down regains a twentieth of its rate every ten seconds without a throttle. */
const REGAIN = { every: 10 * SECOND, by: 0.05 } as const;
const SWEEP_ABOVE = 10_000;
const LANE_REST = { first: SECOND, longest: 60 * SECOND } as const;

interface Pair {
  readonly level: BucketLevel;
  readonly throttles: number;
  readonly restsUntil: number;
}

/**
 * How fast one number may send (reliability 2.8): so many a second, campaigns at most 70 % of it, and each customer their own rate.
 * It learns: a throttle (130429) slows the number down, time without one lets it regain. Kept in memory, because one drain sends for
 * a number at a time; lost with the process, when Meta's refusals teach it anew.
 * Times are two: `real` in milliseconds of `performance.now`, for the wire; `business` in those of the business clock, for customers.
 */
export class NumberPace {
  #all: BucketLevel;
  #campaigns: BucketLevel;
  #rate: BucketRate;
  #throughput: number;
  #share = 1;
  #learnedAt: number;
  #throttles = 0;
  #isProbing = false;
  #restsUntil = -Infinity;
  readonly #pairs = new Map<string, Pair>();
  /** Those of `#pairs` that may get nothing for a while. */
  readonly #low = new Set<string>();
  #sweepAbove = SWEEP_ABOVE;

  constructor(throughput: number, real: number) {
    this.#throughput = throughput;
    this.#rate = rateOf(throughput);
    this.#all = full(this.#rate, real);
    this.#campaigns = full(this.#campaignRate, real);
    this.#learnedAt = real;
  }

  /** The number's rate as the provider grants it; it may be raised at any time. */
  set throughput(perSecond: number) {
    if (perSecond === this.#throughput) return;
    this.#throughput = perSecond;
    this.#rate = rateOf(perSecond * this.#share);
  }

  /** Messages a second, as learned. */
  get perSecond(): number {
    return this.#rate.refillPerSecond;
  }

  /** How many messages to claim at once: half a second's worth, so that an answer is not far behind; one, to see whether a rest has helped. */
  get claimSize(): number {
    return this.#isProbing ? 1 : Math.min(LARGEST_CLAIM, Math.max(SMALLEST_CLAIM, Math.ceil(this.perSecond / 2)));
  }

  /** Takes one message's share, if it is there. @returns milliseconds to wait, 0 when it was taken */
  take(priority: number, address: string, real: number, business: number): number {
    this.#regain(real);
    this.#all = refill(this.#all, this.#rate, real);
    this.#campaigns = refill(this.#campaigns, this.#campaignRate, real);
    const isCampaign = priority === CAMPAIGN_PRIORITY;
    const wait = Math.max(
      waitFor(1, this.#all, this.#rate),
      isCampaign ? waitFor(1, this.#campaigns, this.#campaignRate) : 0,
    );
    if (wait > 0) return wait;
    this.#all = spend(this.#all);
    if (isCampaign) this.#campaigns = spend(this.#campaigns);
    const pair = this.#pair(address, business);
    this.#setPair(address, { ...pair, level: spend(pair.level) });
    if (this.#pairs.size > this.#sweepAbove) this.#sweep(business);
    return 0;
  }

  /** Gives back what was taken for a message that was not sent after all. */
  giveBack(priority: number, address: string): void {
    this.#all = { ...this.#all, tokens: this.#all.tokens + 1 };
    if (priority === CAMPAIGN_PRIORITY) this.#campaigns = { ...this.#campaigns, tokens: this.#campaigns.tokens + 1 };
    const pair = this.#pairs.get(address);
    if (pair) this.#pairs.set(address, { ...pair, level: { ...pair.level, tokens: pair.level.tokens + 1 } });
  }

  /** The provider refused for the number's or the account's rate: nothing leaves for a while, and less a second afterwards. */
  throttled(scope: 'number' | 'account', real: number): void {
    // Answers of one burst teach once.
    if (real < this.#restsUntil) return;
    this.#throttles++;
    this.#isProbing = true;
    this.#restsUntil = real + Math.min(LANE_REST.longest, LANE_REST.first * 2 ** (this.#throttles - 1));
    if (scope === 'number') this.#learn(Math.max(SLOWEST, this.#share * SLOWER), real);
  }

  /** Nothing leaves before that instant: a breaker is open. */
  rest(milliseconds: number, real: number): void {
    this.#isProbing = true;
    this.#restsUntil = Math.max(this.#restsUntil, real + milliseconds);
  }

  /** Milliseconds for which nothing leaves. */
  resting(real: number): number {
    return Math.max(0, this.#restsUntil - real);
  }

  accepted(address: string): void {
    this.#throttles = 0;
    this.#isProbing = false;
    const pair = this.#pairs.get(address);
    if (pair && pair.throttles > 0) this.#pairs.set(address, { ...pair, throttles: 0 });
  }

  recipientThrottled(address: string, business: number): void {
    const { throttles } = this.#pair(address, business);
    const rest = Math.min(PAIR_REST.longest, SECOND * PAIR_REST.factor ** throttles);
    this.#setPair(address, {
      level: { tokens: 0, at: business },
      throttles: throttles + 1,
      restsUntil: business + rest,
    });
  }

  /** Customers who may get nothing now, and how many milliseconds of business time until the first of them may. */
  restingRecipients(business: number): { addresses: string[]; wait: number | undefined } {
    let wait: number | undefined;
    for (const address of this.#low) {
      const pair = this.#pair(address, business);
      const rest = Math.max(waitFor(1, pair.level, PAIR), Math.min(PAIR_REST.longest, pair.restsUntil - business));
      if (rest <= 0) this.#low.delete(address);
      else wait = Math.min(wait ?? Infinity, rest);
    }
    return { addresses: [...this.#low], wait };
  }

  /** Nothing is remembered that a new one would not know. */
  isPristine(real: number, business: number): boolean {
    this.#sweep(business);
    const isFull = refill(this.#all, this.#rate, real).tokens >= this.#rate.capacity;
    return this.#pairs.size === 0 && this.#share === 1 && this.resting(real) === 0 && isFull;
  }

  get #campaignRate(): BucketRate {
    return {
      capacity: Math.max(1, this.#rate.capacity * CAMPAIGN_SHARE),
      refillPerSecond: this.#rate.refillPerSecond * CAMPAIGN_SHARE,
    };
  }

  #pair(address: string, business: number): Pair {
    const pair = this.#pairs.get(address);
    if (!pair) return { level: full(PAIR, business), throttles: 0, restsUntil: -Infinity };
    // A wall clock that was set back must not stop the bucket until it has caught up.
    return { ...pair, level: refill({ ...pair.level, at: Math.min(pair.level.at, business) }, PAIR, business) };
  }

  #setPair(address: string, pair: Pair): void {
    this.#pairs.set(address, pair);
    if (pair.level.tokens < 1) this.#low.add(address);
  }

  /** A pair that is full again is the same as one that was never used. */
  #sweep(business: number): void {
    for (const address of this.#pairs.keys()) {
      const { level, throttles } = this.#pair(address, business);
      if (level.tokens >= PAIR.capacity && throttles === 0) this.#pairs.delete(address);
    }
    this.#sweepAbove = Math.max(SWEEP_ABOVE, this.#pairs.size * 2);
  }

  #regain(real: number): void {
    if (this.#share < 1 && real - this.#learnedAt >= REGAIN.every)
      this.#learn(Math.min(1, this.#share + REGAIN.by), real);
  }

  #learn(share: number, real: number): void {
    this.#share = share;
    this.#learnedAt = real;
    this.#rate = rateOf(this.#throughput * share);
  }
}

function rateOf(perSecond: number): BucketRate {
  const refillPerSecond = perSecond * SHARE_OF_THROUGHPUT;
  return { capacity: Math.max(1, perSecond * BURST_SECONDS), refillPerSecond };
}

function spend(level: BucketLevel): BucketLevel {
  return { ...level, tokens: level.tokens - 1 };
}
