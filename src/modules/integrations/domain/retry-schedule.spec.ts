import fc from 'fast-check';
import { askedWait, ATTEMPTS, waitAfter } from './retry-schedule.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe('A delivery that failed is tried again on the schedule of Svix (F65, D18)', () => {
  it('after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, eight times in all', () => {
    const waits = Array.from({ length: ATTEMPTS }, (_, n) => waitAfter(n + 1, undefined, 0.5));
    expect(waits).toEqual([
      5 * SECOND,
      300 * SECOND,
      1800 * SECOND,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      10 * HOUR,
      undefined,
    ]);
  });

  it('a tenth sooner or later, never sooner than the receiver asks, who may ask for an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: ATTEMPTS - 1 }),
        fc.option(fc.nat(100 * HOUR), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failed, asked, chance) => {
          const planned = waitAfter(failed, undefined, 0.5)!;
          const wait = waitAfter(failed, asked, chance)!;
          expect(wait).toBeGreaterThanOrEqual(Math.max(planned * 0.9 - 1, Math.min(asked ?? 0, HOUR)));
          expect(wait).toBeLessThanOrEqual(Math.max(planned * 1.1 + 1, Math.min(asked ?? 0, HOUR)));
        },
      ),
    );
  });

  it('reads what Retry-After says in seconds or as a date, and passes over what it cannot read', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    expect(askedWait('120', now)).toBe(120 * SECOND);
    expect(askedWait('Sat, 21 Nov 2026 10:01:00 GMT', now)).toBe(60 * SECOND);
    expect(askedWait('Sat, 21 Nov 2026 09:00:00 GMT', now)).toBe(0);
    for (const nonsense of [undefined, '', 'soon', '-1']) expect(askedWait(nonsense, now)).toBeUndefined();
  });
});
