import fc from 'fast-check';
import {
  admits,
  begin,
  type Breaker,
  type BreakerLimits,
  type CallVerdict,
  CLOSED,
  conclude,
  isPristine,
  reset,
  restTimeElapsed,
} from './breaker.js';

const NUMBER: BreakerLimits = { failures: 5, witnesses: 1, successes: 2 };
const HOST: BreakerLimits = { failures: 5, witnesses: 3, successes: 2 };

function after(verdicts: readonly CallVerdict[], limits = NUMBER, from: Breaker = CLOSED): Breaker {
  return verdicts.reduce((breaker, verdict) => conclude(begin(breaker), breaker.era, verdict, 'n', limits), from);
}

describe('A breaker opens after five failures in a row (S3.46, C38)', () => {
  it('not after four, and not when a success lies between', () => {
    expect(after(['failing', 'failing', 'failing', 'failing']).phase).toBe('closed');
    expect(after(['failing', 'failing', 'failing', 'failing', 'healthy', 'failing']).phase).toBe('closed');
    expect(after(Array<CallVerdict>(5).fill('failing')).phase).toBe('open');
  });

  it('counts calls that were not made neither way', () => {
    expect(after(['failing', 'failing', 'untried', 'failing', 'failing', 'untried', 'failing']).phase).toBe('open');
  });

  it('opens for the host only when three different numbers fail', () => {
    const told = (numbers: string[]): Breaker =>
      numbers.reduce((breaker, number) => conclude(breaker, breaker.era, 'failing', number, HOST), CLOSED);
    expect(told(['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b']).phase).toBe('closed');
    expect(told(['a', 'b', 'c', 'a']).phase).toBe('closed');
    expect(told(['a', 'b', 'c', 'a', 'a']).phase).toBe('open');
  });
});

describe('A breaker that has rested probes, and closes after two successes (S3.46)', () => {
  const open = after(Array<CallVerdict>(5).fill('failing'));
  const halfOpen = restTimeElapsed(open);

  it('admits nothing while open, one probe at a time when half open', () => {
    expect(admits(open)).toBe(false);
    expect(admits(halfOpen)).toBe(true);
    expect(admits(begin(halfOpen))).toBe(false);
  });

  it('stays half open after one success, closes after the second', () => {
    expect(after(['healthy'], NUMBER, halfOpen)).toMatchObject({ phase: 'half-open', probing: false });
    expect(isPristine(after(['healthy', 'healthy'], NUMBER, halfOpen))).toBe(true);
  });

  it('opens again at the first failure, even after a success', () => {
    expect(after(['failing'], NUMBER, halfOpen).phase).toBe('open');
    expect(after(['healthy', 'failing'], NUMBER, halfOpen).phase).toBe('open');
  });

  it('lets another probe go when one was not made after all', () => {
    expect(admits(after(['untried'], NUMBER, halfOpen))).toBe(true);
  });

  it('is not moved by answers to calls that began before it opened', () => {
    for (const verdict of ['healthy', 'failing', 'untried'] as const) {
      expect(conclude(open, CLOSED.era, verdict, 'n', NUMBER)).toEqual(open);
      expect(conclude(halfOpen, CLOSED.era, verdict, 'n', NUMBER)).toEqual(halfOpen);
    }
  });

  it('closes when a person resets it (S3.48)', () => {
    expect(isPristine(reset(open))).toBe(true);
    expect(isPristine(reset(begin(halfOpen)))).toBe(true);
  });
});

describe('A breaker under any order of calls, answers and time', () => {
  type Step = { do: 'begin' } | { do: 'end'; pick: number; verdict: CallVerdict } | { do: 'rest' } | { do: 'reset' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ do: 'begin' }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        pick: fc.nat(),
        verdict: fc.constantFrom<CallVerdict>('healthy', 'failing', 'failing', 'untried'),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'rest' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'reset' }) },
  );

  it('never has two probes out, opens only by failures, closes only by probes or a person', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let breaker: Breaker = CLOSED;
        const running: { era: number; probe: boolean }[] = [];
        let failuresInRow = 0;
        let probesWell = 0;
        for (const move of steps) {
          const before = breaker;
          if (move.do === 'begin') {
            if (!admits(breaker)) continue;
            running.push({ era: breaker.era, probe: breaker.phase === 'half-open' });
            breaker = begin(breaker);
          } else if (move.do === 'end') {
            const [call] = running.length > 0 ? running.splice(move.pick % running.length, 1) : [];
            if (!call) continue;
            breaker = conclude(breaker, call.era, move.verdict, 'n', NUMBER);
            if (call.era === before.era && before.phase === 'closed')
              failuresInRow =
                move.verdict === 'failing' ? failuresInRow + 1 : move.verdict === 'healthy' ? 0 : failuresInRow;
            if (call.era === before.era && before.phase === 'half-open' && move.verdict === 'healthy') probesWell++;
            if (before.phase === 'closed' && breaker.phase === 'open') expect(failuresInRow).toBe(NUMBER.failures);
            if (before.phase === 'half-open' && breaker.phase === 'closed') expect(probesWell).toBe(NUMBER.successes);
          } else {
            breaker = move.do === 'rest' ? restTimeElapsed(breaker) : reset(breaker);
          }
          if (before.phase !== breaker.phase) [failuresInRow, probesWell] = [0, 0];
          if (move.do === 'reset') failuresInRow = 0;
          expect(running.filter(({ era, probe }) => probe && era === breaker.era).length).toBeLessThanOrEqual(1);
          expect(breaker.era).toBeGreaterThanOrEqual(before.era);
          if (breaker.phase === 'open') expect(admits(breaker)).toBe(false);
          if (breaker.phase === 'closed') expect(breaker.failures).toBeLessThan(NUMBER.failures);
        }
      }),
      { numRuns: 500 },
    );
  });
});
