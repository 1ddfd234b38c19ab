import fc from 'fast-check';
import { type CallEvent, isMissed, summaryOf, withEvent } from './call.js';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const event = (state: string, second: number, more: Partial<CallEvent> = {}): CallEvent => ({
  state,
  at: at(second),
  ...more,
});

describe('A call (S1.85)', () => {
  it('is what its events say together, in whatever order and however often they come', () => {
    const told = [
      event('connect', 0),
      event('ringing', 1),
      event('accepted', 3),
      event('terminate', 63, { outcome: 'COMPLETED', endedAt: at(63), durationS: 60 }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(told, { minLength: 4 }), fc.nat(3), (order, again) => {
        const events = [...order, told[again]!].reduce<readonly CallEvent[]>(withEvent, []);
        expect(events).toHaveLength(4);
        expect(summaryOf(events)).toEqual({
          state: 'terminate',
          startedAt: new Date(at(3)),
          endedAt: new Date(at(63)),
          durationS: 60,
        });
      }),
    );
  });

  it.each([
    ['rings', [event('connect', 0)], false],
    ['has ended without ever having begun', [event('connect', 0), event('terminate', 30, { outcome: 'FAILED' })], true],
    ['was rejected', [event('connect', 0), event('rejected', 2)], true],
    [
      'was talked on',
      [event('connect', 0), event('terminate', 30, { startedAt: at(2), endedAt: at(30), durationS: 28 })],
      false,
    ],
  ])('that %s: missed?', (_, events, missed) => {
    expect(isMissed('INBOUND', summaryOf(events))).toBe(missed);
    expect(isMissed('OUTBOUND', summaryOf(events))).toBe(false);
  });
});
