import fc from 'fast-check';
import { type AutomationAllowance, notice, take } from './automation-allowance.js';

const START = Date.UTC(2026, 10, 21);
const none: AutomationAllowance = { tookAt: [], noticeAt: undefined };
const at = (ms: number): Date => new Date(START + ms);

/** The instants, in milliseconds, of the messages that were taken. */
function taken(writtenAt: readonly number[]): number[] {
  const result: number[] = [];
  let allowance = none;
  for (const ms of writtenAt) {
    const after = take(allowance, at(ms));
    if (after) result.push(ms);
    allowance = after ?? allowance;
  }
  return result;
}

describe('What automation takes of one customer (S3.41, C37)', () => {
  it('is five messages in a second and thirty in a minute', () => {
    expect(taken(Array.from({ length: 100 }, (_, n) => n * 10))).toHaveLength(5);
    expect(taken(Array.from({ length: 100 }, (_, n) => n * 500))).toHaveLength(30);
    expect(taken(Array.from({ length: 31 }, (_, n) => n * 2000))).toHaveLength(31);
  });

  it('is never more than that in any second or minute, whatever the pace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 5000 })), {
          maxLength: 150,
        }),
        (gaps) => {
          let clock = 0;
          const instants = taken(gaps.map((gap) => (clock += gap)));
          for (const start of instants) {
            const within = (ms: number): number =>
              instants.filter((instant) => instant >= start && instant < start + ms).length;
            expect(within(1000)).toBeLessThanOrEqual(5);
            expect(within(60_000)).toBeLessThanOrEqual(30);
          }
        },
      ),
    );
  });

  it('is not more for messages that come out of order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 59_000 }), { maxLength: 80 }), (instants) => {
        expect(taken(instants).length).toBeLessThanOrEqual(30);
      }),
    );
  });

  it("takes an hour's messages that were delivered at once, because they were not written at once", () => {
    expect(taken(Array.from({ length: 60 }, (_, n) => n * 60_000))).toHaveLength(60);
  });
});

describe('The notice about it', () => {
  it('comes once a minute', () => {
    const told = notice(none, at(0))!;
    expect(told).toEqual({ tookAt: [], noticeAt: at(0) });
    expect(notice(told, at(59_999))).toBeUndefined();
    expect(notice(told, at(60_000))).toBeDefined();
  });
});
