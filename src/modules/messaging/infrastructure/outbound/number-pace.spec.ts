import fc from 'fast-check';
import { NumberPace } from './number-pace.js';

const SECOND = 1000;

/** How many of endless messages leave within each window of a second. */
function perSecond(pace: NumberPace, priority: number, seconds: number): number[] {
  const counts: number[] = [];
  for (let second = 0; second < seconds; second++) {
    let count = 0;
    for (let ms = 0; ms < SECOND; ms++)
      while (pace.take(priority, `to-${second}-${ms}-${count}`, second * SECOND + ms, 0) === 0) count++;
    counts.push(count);
  }
  return counts;
}

describe("A number's pace (reliability 2.8)", () => {
  it.each([20, 80, 1000])('is nearly its throughput and never above it: %i a second', (throughput) => {
    for (const count of perSecond(new NumberPace(throughput, 0), 0, 5)) {
      expect(count).toBeGreaterThan(throughput * 0.9);
      expect(count).toBeLessThanOrEqual(throughput);
    }
  });

  it('leaves three tenths to answers while a campaign runs', () => {
    for (const count of perSecond(new NumberPace(100, 0), 2, 5)) expect(count).toBeLessThanOrEqual(70);
  });

  it('falls when the provider throttles, and comes back slowly (130429)', () => {
    const pace = new NumberPace(100, 0);
    const before = pace.perSecond;
    pace.throttled('number', 0);
    expect(pace.resting(0)).toBe(SECOND);
    expect(pace.claimSize).toBe(1);
    pace.throttled('number', 500);
    expect(pace.perSecond).toBeCloseTo(before * 0.7);
    pace.throttled('number', 2 * SECOND);
    expect(pace.resting(2 * SECOND)).toBe(2 * SECOND);
    pace.accepted('1');
    expect(pace.claimSize).toBeGreaterThan(1);
    for (let at = 10; at <= 130; at += 10) pace.take(0, '1', at * SECOND, 0);
    expect(pace.perSecond).toBeCloseTo(before);
  });

  it('lets a chat with one customer run without waiting, and holds a flood to one in six seconds (131056)', () => {
    const pace = new NumberPace(1000, 0);
    let sent = 0;
    for (let second = 0; second < 600; second++) {
      if (pace.restingRecipients(second * SECOND).addresses.length > 0) continue;
      if (pace.take(0, 'customer', second * SECOND, second * SECOND) === 0) sent++;
      if (second === 30) expect(sent).toBe(31);
    }
    expect(sent).toBeLessThanOrEqual(45 + 100);
    expect(sent).toBeGreaterThan(120);
  });

  it('waits four times longer for a customer after each refusal, for that customer only', () => {
    const pace = new NumberPace(1000, 0);
    const waits: number[] = [];
    let now = 0;
    for (let refusal = 0; refusal < 5; refusal++) {
      pace.recipientThrottled('customer', now);
      const { addresses, wait } = pace.restingRecipients(now);
      expect(addresses).toEqual(['customer']);
      waits.push(wait!);
      now += wait!;
      expect(pace.restingRecipients(now).addresses).toEqual([]);
    }
    expect(waits).toEqual([6, 6, 16, 64, 256].map((seconds) => seconds * SECOND));
  });

  it('does not stop when the wall clock is set back (F45)', () => {
    const pace = new NumberPace(1000, 0);
    for (let n = 0; n < 40; n++) pace.take(0, 'customer', 0, 7_200_000);
    expect(pace.restingRecipients(0).wait).toBeLessThanOrEqual(6 * SECOND);
  });

  it('is pristine again when all its buckets are full, whatever was sent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ to: fc.constantFrom('a', 'b', 'c'), campaign: fc.boolean() }), { maxLength: 50 }),
        (sends) => {
          const pace = new NumberPace(1000, 0);
          sends.forEach(({ to, campaign }) => pace.take(campaign ? 2 : 0, to, 0, 0));
          expect(pace.isPristine(400 * SECOND, 400 * SECOND)).toBe(true);
        },
      ),
    );
  });
});
