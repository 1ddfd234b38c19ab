import fc from 'fast-check';
import { type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import { ANSWERS, meaningOf, readTap, tapId } from './answer.js';

const HOUR = 3_600_000;
/** A quarter past eleven at night in Kolkata. */
const AT = new Date('2026-11-21T17:45:00Z');
const KOLKATA = 'Asia/Kolkata';

describe('What an answer means (S0.69-S0.73, S0.77)', () => {
  it.each([
    ['PAY_TODAY', 24, '2026-11-21', 'S0.69'],
    ['WILL_PAY_TODAY', 24, '2026-11-21', 'S0.69'],
    ['PAID_TODAY', 7 * 24, '2026-11-21', 'S0.70'],
    ['PAY_WEEK', 7 * 24, '2026-11-28', 'S0.71'],
    ['PAY_SOON', 72, '2026-11-24', 'S0.72'],
  ] as const)('%s pauses for %i hours and promises %s (%s, S0.77)', (answer, hours, promisedFor, _requirement) => {
    const meaning = meaningOf({ answer }, AT, KOLKATA);
    const until = new Date(AT.getTime() + hours * HOUR);
    expect(meaning).toEqual({
      pausedUntil: until,
      promise: { answer, promisedFor, judgedAt: until },
      tellsMerchant: answer === 'PAID_TODAY',
    });
  });

  it('a statement pauses for 48 hours and promises nothing; looking at the dues does neither (S0.68, S0.73, S0.77)', () => {
    expect(meaningOf({ answer: 'NEED_STATEMENT' }, AT, KOLKATA)).toEqual({
      pausedUntil: new Date(AT.getTime() + 48 * HOUR),
      promise: undefined,
      tellsMerchant: false,
    });
    expect(meaningOf({ answer: 'CHECK_CURRENT_DUE' }, AT, KOLKATA)).toMatchObject({
      pausedUntil: undefined,
      promise: undefined,
    });
  });

  it('a day pauses until it is over where the customer lives (D3)', () => {
    const day: CalendarDate = '2026-11-27';
    expect(meaningOf({ answer: 'PAY_ON_DATE', day }, AT, KOLKATA).pausedUntil).toEqual(
      new Date('2026-11-27T18:30:00Z'),
    );
    expect(meaningOf({ answer: 'PAY_ON_DATE', day }, AT, 'America/New_York').pausedUntil).toEqual(
      new Date('2026-11-28T05:00:00Z'),
    );
  });

  it('is judged exactly when its pause ends, after it was given and not before the promised day is over', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const at = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, at, fc.nat(60), (where, when, ahead) => {
        const day = localDate(new Date(when.getTime() + ahead * 24 * HOUR), where);
        const { pausedUntil, promise } = meaningOf({ answer: 'PAY_ON_DATE', day }, when, where);
        return (
          promise!.judgedAt === pausedUntil &&
          pausedUntil > when &&
          localDate(pausedUntil, where) > day &&
          localDate(new Date(pausedUntil.getTime() - 1), where) <= day
        );
      }),
      { numRuns: 300 },
    );
  });

  it('taps carry their due (C5)', () => {
    for (const answer of ANSWERS) expect(readTap(tapId(answer, 'due-1'))).toEqual({ answer, dueId: 'due-1' });
    expect(readTap('PAY_SOON')).toEqual({ answer: 'PAY_SOON', dueId: undefined });
    expect(readTap('PAY_NEVER:due-1')).toBeUndefined();
    expect(readTap('')).toBeUndefined();
  });
});
