import fc from 'fast-check';
import { addDays, type CalendarDate, daysBetween, localDate, localTime } from '../../../kernel/local-time.js';
import { occurrencesOf, stepReached, type Term } from './reminder-schedule.js';

const KOLKATA = 'Asia/Kolkata';
const TERM: Term = { reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00' };
const DUE: { dueDate: CalendarDate } = { dueDate: '2026-12-10' };
const at = (text: string): Date => new Date(text);
const planned = (term: Term, now: string, overdueOn: CalendarDate[] = [], zone = KOLKATA): string[] =>
  occurrencesOf(DUE, term, zone, at(now), overdueOn).map(
    ({ stage, step, localDate: day, at: instant }) => `${stage} ${step} ${day} ${instant.toISOString()}`,
  );

describe('A due is reminded of when its payment term says (S0.19)', () => {
  it('so many days before the due date, and on it, at nine (S0.20, S0.21, S0.22)', () => {
    expect(planned(TERM, '2026-11-21T10:00:00Z')).toEqual([
      'before_due 7 2026-12-03 2026-12-03T03:30:00.000Z',
      'before_due 3 2026-12-07 2026-12-07T03:30:00.000Z',
      'due_today 0 2026-12-10 2026-12-10T03:30:00.000Z',
    ]);
  });

  it("at nine of the customer's own clock, the week that it is changed too (C25)", () => {
    const [first] = occurrencesOf({ dueDate: '2026-03-08' }, TERM, 'America/New_York', at('2026-02-01T00:00:00Z'));
    const last = occurrencesOf({ dueDate: '2026-03-08' }, TERM, 'America/New_York', at('2026-02-01T00:00:00Z')).at(-1);
    expect([first!.at.toISOString(), last!.at.toISOString()]).toEqual([
      '2026-03-01T14:00:00.000Z',
      '2026-03-08T13:00:00.000Z',
    ]);
  });

  it('skips what is past, and nothing else (S0.23)', () => {
    expect(planned(TERM, '2026-12-03T03:30:00.000Z')).toHaveLength(3);
    expect(planned(TERM, '2026-12-03T03:30:00.001Z')).toHaveLength(2);
    expect(planned(TERM, '2026-12-10T18:00:00Z')).toEqual([]);
  });

  it('once overdue, at once or at nine (S0.29, S0.30)', () => {
    expect(planned(TERM, '2026-12-11T02:00:00Z')).toEqual(['after_due 1 2026-12-11 2026-12-11T03:30:00.000Z']);
    expect(planned(TERM, '2026-12-11T12:00:00Z')).toEqual(['after_due 1 2026-12-11 2026-12-11T12:00:00.000Z']);
    expect(planned(TERM, '2026-12-25T12:00:00Z')).toEqual(['after_due 15 2026-12-25 2026-12-25T12:00:00.000Z']);
  });

  it("overdue begins with the customer's midnight, not ours", () => {
    expect(planned(TERM, '2026-12-10T18:29:59Z')).toEqual([]);
    expect(planned(TERM, '2026-12-10T18:30:00Z')).toHaveLength(1);
    expect(planned(TERM, '2026-12-10T18:30:00Z', [], 'America/New_York')).toEqual([]);
  });

  it('once only, unless the ladder has further steps (C23)', () => {
    expect(planned(TERM, '2026-12-25T12:00:00Z', ['2026-12-11'])).toEqual([]);
    const ladder = { ...TERM, overdueSteps: [1, 7, 30] };
    expect(planned(ladder, '2026-12-16T12:00:00Z', ['2026-12-11'])).toEqual([]);
    expect(planned(ladder, '2026-12-17T02:00:00Z', ['2026-12-11'])).toEqual([
      'after_due 7 2026-12-17 2026-12-17T03:30:00.000Z',
    ]);
    expect(planned(ladder, '2026-12-20T02:00:00Z', ['2026-12-11', '2026-12-18'])).toEqual([]);
  });

  it('one that a person scheduled for a later day does not stand for a step of today', () => {
    expect(planned(TERM, '2026-12-11T02:00:00Z', ['2026-12-20'])).toHaveLength(1);
  });

  it('a merchant may want no reminder after the due date', () => {
    expect(planned({ ...TERM, overdueSteps: [] }, '2026-12-25T12:00:00Z')).toEqual([]);
  });
});

const day = fc.integer({ min: 0, max: 2400 }).map((days) => addDays('2024-01-01', days));
const terms = fc
  .record({
    reminderOffsets: fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }),
    overdueSteps: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 10 }),
    minute: fc.integer({ min: 0, max: 1439 }),
  })
  .map(({ minute, ...days }): Term => ({
    ...days,
    sendAt: new Date(minute * 60_000).toISOString().slice(11, 16) as Term['sendAt'],
  }));
const zones = fc.constantFrom(
  'Asia/Kolkata',
  'America/New_York',
  'Australia/Lord_Howe',
  'Europe/Athens',
  'Pacific/Apia',
);
const instants = fc
  .integer({ min: 0, max: 2500 * 86_400 })
  .map((seconds) => new Date(1_704_067_200_000 + seconds * 1000));

describe('Whatever the term, the zone and the moment', () => {
  it('nothing is planned for the past, nothing twice, and each on its own day', () => {
    fc.assert(
      fc.property(day, terms, zones, instants, (dueDate, term, zone, now) => {
        const all = occurrencesOf({ dueDate }, term, zone, now);
        expect(new Set(all.map(({ stage, step, localDate: date }) => `${stage} ${step} ${date}`)).size).toBe(
          all.length,
        );
        for (const { at: instant, localDate: date, step, stage } of all) {
          expect(instant >= now).toBe(true);
          expect(localDate(instant, zone)).toBe(date);
          expect(daysBetween(dueDate, date)).toBe(stage === 'after_due' ? step : -step || 0);
          if (instant > now) expect(localTime(instant, zone) >= term.sendAt).toBe(true);
        }
        expect(all.filter(({ stage }) => stage === 'after_due').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of a ladder looked at each day, each step is taken once, on its day', () => {
    fc.assert(
      fc.property(day, terms, zones, (dueDate, term, zone) => {
        const taken: CalendarDate[] = [];
        for (let days = 1; days <= 65; days++) {
          const noon = new Date(`${addDays(dueDate, days)}T12:00:00Z`);
          const today = localDate(noon, zone);
          const due = occurrencesOf({ dueDate }, term, zone, noon, taken).filter(({ stage }) => stage === 'after_due');
          taken.push(...due.map((occurrence) => occurrence.localDate));
          if (due.length > 0) expect(due[0]!.localDate).toBe(today);
        }
        const firstDay = localDate(new Date(`${addDays(dueDate, 1)}T12:00:00Z`), zone);
        const steps = term.overdueSteps.toSorted((a, b) => a - b);
        const late = daysBetween(dueDate, firstDay) - 1;
        const days = [...new Set(steps.map((step) => addDays(dueDate, Math.max(step, late + 1))))];
        expect(taken).toEqual(days);
        if (steps.length > 0) expect(stepReached(dueDate, term, addDays(dueDate, 400))).toBe(steps.at(-1));
      }),
      { numRuns: 40 },
    );
  });
});
