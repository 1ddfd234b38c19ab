import { addDays, instantAt } from '../../../kernel/local-time.js';
import {
  assess,
  type House,
  isFurther,
  type ReminderStage,
  type Sibling,
  type Situation,
  stageOn,
} from './assessment.js';
import { LocalDays } from './local-days.js';

const ZONE = 'Asia/Kolkata';
const at = (day: `${number}-${number}-${number}`, time: `${number}:${number}` = '09:00'): Date =>
  instantAt(day, time, ZONE);
const HOUSE: House = {
  policyVersion: 1,
  maxPerDay: undefined,
  lateAfterMinutes: 720,
  contactableAt: (_, now) => now,
  hasSender: true,
  days: new LocalDays(),
};
const WORDS = { template: 'interactive_due_today', missingVariables: [] };
const DUE = { outstandingMinor: 500_000, settled: undefined, dueDate: '2026-11-23', pausedUntil: undefined } as const;

function reminder(stage: ReminderStage, step: number, scheduledFor: Date, more: Partial<Sibling> = {}): Sibling {
  const id = `${stage} ${step}`;
  return { id, stage, step, status: 'pending', source: 'auto', scheduledFor, leftAt: undefined, ...more };
}

function situation(own: Sibling, siblings: readonly Sibling[], more: Partial<Situation> = {}): Situation {
  const localDate = addDays(DUE.dueDate, own.stage === 'after_due' ? own.step : -own.step);
  const reminder = { ...own, kind: 'PAYMENT_DUE' as const, localDate };
  return {
    reminder,
    zone: ZONE,
    due: DUE,
    siblings,
    optedOutAt: undefined,
    isBlocked: false,
    sentToday: 0,
    hasAddress: true,
    ...more,
  };
}

describe('After a pause only the most advanced reminder of a due survives (C24)', () => {
  const resumed = at('2026-11-23', '15:00');
  const three = reminder('before_due', 3, resumed, { status: 'rescheduled' });
  const today = reminder('due_today', 0, resumed, { status: 'rescheduled' });

  it('the others give it their place', () => {
    expect(assess(situation(three, [today]), WORDS, HOUSE, resumed).supersededBy).toBe(today.id);
    expect(assess(situation(today, [three]), WORDS, HOUSE, resumed).supersededBy).toBeUndefined();
  });

  it('also to one that comes later the same day, but not to one of another day', () => {
    const seven = reminder('before_due', 7, at('2026-11-20', '07:00'), { status: 'rescheduled' });
    const sameDay = reminder('before_due', 3, at('2026-11-20'));
    expect(assess(situation(seven, [sameDay]), WORDS, HOUSE, at('2026-11-20', '07:00')).supersededBy).toBe(sameDay.id);
    expect(assess(situation(seven, [sameDay]), WORDS, HOUSE, at('2026-11-19', '07:00')).supersededBy).toBeUndefined();
  });

  it('a delay that makes it another stage is no second message of that stage', () => {
    const sent = { ...today, status: 'sent' as const, leftAt: at('2026-11-23') };
    expect(assess(situation(three, [sent]), WORDS, HOUSE, resumed).supersededBy).toBe(sent.id);
  });

  it('what a person scheduled stands on its own', () => {
    const byHand = reminder('before_due', 3, resumed, { source: 'manual' });
    expect(assess(situation(byHand, [today]), WORDS, HOUSE, resumed).supersededBy).toBeUndefined();
    expect(
      assess(situation(three, [{ ...today, source: 'manual' }]), WORDS, HOUSE, resumed).supersededBy,
    ).toBeUndefined();
  });
});

describe('The stage of a reminder is that of the day on which it goes out (C24, S0.20, S0.21, S0.31)', () => {
  it.each([
    ['2026-11-22', 'before_due'],
    ['2026-11-23', 'due_today'],
    ['2026-11-24', 'after_due'],
  ] as const)('%s is %s', (day, stage) => expect(stageOn('2026-11-23', day)).toBe(stage));

  it("by the customer's calendar, not the server's", () => {
    const lateEvening = new Date('2026-11-22T19:00:00Z');
    const sent = reminder('due_today', 0, lateEvening, { status: 'sent', leftAt: new Date('2026-11-22T18:45:00Z') });
    const own = reminder('before_due', 1, lateEvening, { source: 'manual' });
    expect(assess(situation(own, [sent]), WORDS, HOUSE, lateEvening).lastSentAt).toEqual(sent.leftAt);
    const inBerlin = assess(situation(own, [sent], { zone: 'Europe/Berlin' }), WORDS, HOUSE, lateEvening);
    expect(inBerlin.lastSentAt).toBeUndefined();
  });
});

describe('A due that has another date by now (D2)', () => {
  it('knows which reminders were planned for the old one', () => {
    const now = at('2026-11-20');
    const planned = situation(reminder('before_due', 3, now), []);
    expect(assess(planned, WORDS, HOUSE, now).isReplanned).toBe(false);
    const moved = situation(reminder('before_due', 3, now), [], {});
    const due = { ...DUE, dueDate: '2026-12-23' } as const;
    expect(assess({ ...moved, due }, WORDS, HOUSE, now).isReplanned).toBe(true);
    const byHand = situation(reminder('before_due', 3, now, { source: 'manual' }), [], { due });
    expect(assess(byHand, WORDS, HOUSE, now).isReplanned).toBe(false);
  });
});

describe('A customer who had the allowance of the day (D7)', () => {
  const now = at('2026-11-23');
  it('is left alone until the next local midnight', () => {
    const full = situation(reminder('due_today', 0, now), [], { sentToday: 2 });
    expect(assess(full, WORDS, { ...HOUSE, maxPerDay: 2 }, now).limitedUntil).toEqual(at('2026-11-24', '00:00'));
    expect(assess(full, WORDS, { ...HOUSE, maxPerDay: 3 }, now).limitedUntil).toBeUndefined();
    expect(assess(full, WORDS, HOUSE, now).limitedUntil).toBeUndefined();
  });
});

describe('The course of a due', () => {
  it('leads from the early reminders over the day itself up the ladder', () => {
    const course = [
      ['before_due', 7],
      ['before_due', 3],
      ['due_today', 0],
      ['after_due', 1],
      ['after_due', 7],
    ] as const;
    course.forEach(([stage, step], index) =>
      course.forEach(([otherStage, otherStep], other) =>
        expect(isFurther({ stage, step }, { stage: otherStage, step: otherStep })).toBe(index > other),
      ),
    );
  });
});
