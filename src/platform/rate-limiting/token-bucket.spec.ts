import fc from 'fast-check';
import { LocalTokenBuckets } from './local-token-buckets.js';
import { type BucketLevel, full, refill, waitFor } from './token-bucket.js';

const rates = fc.record({
  capacity: fc.integer({ min: 1, max: 100 }),
  refillPerSecond: fc.double({ min: 0.01, max: 50, noNaN: true }),
});

describe('A token bucket (S3.40)', () => {
  it('never holds more than its capacity, nor less than nothing', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.tuple(fc.nat(60_000), fc.integer({ min: 1, max: 5 }))), (rate, steps) => {
        let level: BucketLevel = full(rate, 0);
        let now = 0;
        for (const [pause, cost] of steps) {
          now += pause;
          level = refill(level, rate, now);
          if (waitFor(cost, level, rate) === 0) level = { tokens: level.tokens - cost, at: level.at };
          expect(level.tokens).toBeLessThanOrEqual(rate.capacity);
          expect(level.tokens).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('gives no more than capacity + rate x time, in any window', async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.array(fc.nat(5000), { maxLength: 300 }), async (rate, pauses) => {
        let now = 0;
        const buckets = new LocalTokenBuckets(() => now);
        const taken: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if ((await buckets.take([{ key: 'k', ...rate }])).allowed) taken.push(now);
        }
        taken.forEach((start, first) =>
          taken
            .slice(first)
            .forEach((end, later) =>
              expect(later + 1).toBeLessThanOrEqual(
                rate.capacity + ((end - start) / 1000) * rate.refillPerSecond + 1e-6,
              ),
            ),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('says when it will have enough, and has it then', () => {
    fc.assert(
      fc.property(
        rates,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        (rate, share, cost) => {
          const level = { tokens: rate.capacity * share, at: 0 };
          const wait = waitFor(cost, level, rate);
          if (cost > rate.capacity) expect(wait).toBe(level.tokens >= cost ? 0 : Infinity);
          else expect(waitFor(cost, refill(level, rate, wait + 1), rate)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('neither fills nor empties when the clock goes back', () => {
    fc.assert(
      fc.property(rates, fc.nat(10_000), fc.nat(10_000), (rate, at, back) => {
        const level = { tokens: 0.5, at };
        const later = refill(refill(level, rate, at - back), rate, at);
        expect(later).toEqual({ tokens: Math.min(rate.capacity, 0.5), at });
      }),
    );
  });
});

describe('Several buckets at once (C37)', () => {
  const perContact = { key: 'contact:1', capacity: 5, refillPerSecond: 0.5 };
  const perTenant = { key: 'tenant:1', capacity: 6, refillPerSecond: 1 };

  it('are taken from all or none: what one refuses costs the others nothing', async () => {
    let now = 0;
    const buckets = new LocalTokenBuckets(() => now);
    for (let n = 0; n < 5; n++) expect(await buckets.take([perContact, perTenant])).toEqual({ allowed: true });
    for (let n = 0; n < 10; n++)
      expect(await buckets.take([perContact, perTenant])).toEqual({
        allowed: false,
        key: 'contact:1',
        retryAfterMs: 2000,
      });
    expect(await buckets.take([perTenant])).toEqual({ allowed: true });
    expect(await buckets.take([perTenant])).toMatchObject({ allowed: false, key: 'tenant:1' });
    now = 2000;
    expect(await buckets.take([perContact, perTenant])).toEqual({ allowed: true });
  });

  it("lost levels start full where a refusal would lose something, empty where the limit is another's (reliability 2.7)", async () => {
    let now = 0;
    const buckets = new LocalTokenBuckets(() => now);
    const paced = { key: 'number:1', capacity: 80, refillPerSecond: 80, afterLoss: 'empty' } as const;
    expect(await buckets.take([paced, perContact])).toEqual({ allowed: true });
    buckets.lose();
    expect(await buckets.take([perContact])).toEqual({ allowed: true });
    expect(await buckets.take([paced])).toMatchObject({ allowed: false });
    now = 500;
    expect(await buckets.take([{ ...paced, cost: 40 }])).toEqual({ allowed: true });
    expect(await buckets.take([paced])).toMatchObject({ allowed: false });
  });
});
