import type { ReminderStatus } from './assessment.js';
import { aboutCustomer, aboutDue, checkAhead, Reminder } from './reminder.js';
import { DueIsSettled, ReminderExists, ReminderNotAhead, ReminderNotWaiting, ReminderSent } from './reminder-errors.js';
import type { DueToPlan } from './reminder-plan.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const LATER = new Date('2026-12-08T04:00:00Z');
const DUE: DueToPlan = {
  id: 'due',
  customerId: 'customer',
  dueDate: '2026-12-10',
  settled: undefined,
  pausedUntil: undefined,
  term: { reminderOffsets: [7], overdueSteps: [1], sendAt: '09:00' },
  zone: 'Asia/Kolkata',
};
const byHand = (): Reminder => Reminder.byHand('reminder', aboutDue(DUE, LATER), LATER, undefined);
const as = (status: ReminderStatus, source: 'auto' | 'manual' = 'manual'): Reminder =>
  new Reminder({ ...byHand().state, status, source });

describe('A person schedules a reminder (S0.31, S3.28)', () => {
  it.each([
    ['2026-12-09T18:29:59Z', 'before_due', 1],
    ['2026-12-09T18:30:00Z', 'due_today', 0],
    ['2026-12-10T18:30:00Z', 'after_due', 1],
  ] as const)("at %s it is said %s, by the customer's calendar", (at, stage, step) => {
    expect(aboutDue(DUE, new Date(at))).toMatchObject({ stage, step, kind: 'PAYMENT_DUE', dueId: 'due' });
  });

  it('of something else than a due it has no stage (S3.29, C40)', () => {
    expect(aboutCustomer('customer', 'RESTOCK', 'Asia/Kolkata', LATER)).toEqual({
      customerId: 'customer',
      dueId: undefined,
      kind: 'RESTOCK',
      stage: undefined,
      step: 0,
      localDate: '2026-12-08',
    });
  });

  it('ahead, but not in another life', () => {
    for (const at of [NOW, new Date(0), new Date('2029-01-01T00:00:00Z')])
      expect(() => checkAhead(at, NOW)).toThrow(ReminderNotAhead);
    expect(() => checkAhead(new Date(NOW.getTime() + 1), NOW)).not.toThrow();
  });

  it('not of a due of which nothing is left', () => {
    expect(() => aboutDue({ ...DUE, settled: 'PAID' }, LATER)).toThrow(DueIsSettled);
  });
});

describe('A reminder can be moved and cancelled without touching the due (S0.33, S0.95)', () => {
  const there = new Date('2026-12-12T04:00:00Z');

  it("a person's own is then about its new day; the plan's keeps the day that it is meant for", () => {
    const [own, planned] = [as('pending'), as('pending', 'auto')];
    own.moveTo(there, NOW, aboutDue(DUE, there));
    planned.moveTo(there, NOW, aboutDue(DUE, there));
    expect(own.state).toMatchObject({ stage: 'after_due', step: 2, localDate: '2026-12-12', status: 'rescheduled' });
    expect(planned.state).toMatchObject({ stage: 'before_due', step: 2, localDate: '2026-12-08', scheduledFor: there });
    expect(planned.state.plannedFor).toEqual(LATER);
  });

  it.each(['queued', 'sent', 'failed', 'cancelled', 'expired'] as const)('one that is %s cannot be moved', (status) => {
    expect(() => as(status).moveTo(there, NOW, aboutDue(DUE, there))).toThrow(ReminderNotWaiting);
  });

  it.each(['pending', 'rescheduled', 'queued'] as const)('one that is %s is cancelled', (status) => {
    const reminder = as(status);
    reminder.cancel();
    reminder.cancel();
    expect(reminder.state).toMatchObject({ status: 'cancelled', reason: 'CANCELLED_BY_USER' });
  });

  it('one that was sent is not, and one that ended keeps its reason', () => {
    expect(() => as('sent').cancel()).toThrow(ReminderSent);
    const failed = as('failed');
    failed.cancel();
    expect(failed.state.status).toBe('failed');
  });
});

describe('A person wants a reminder now (S0.32)', () => {
  it.each(['pending', 'rescheduled', 'failed', 'cancelled', 'expired'] as const)(
    'one that is %s goes now',
    (status) => {
      const reminder = as(status);
      reminder.sendNow(NOW);
      expect(reminder.state).toMatchObject({ status: 'pending', reason: undefined, scheduledFor: NOW });
    },
  );

  it('one that is on its way is left alone, one that was sent today is not sent again', () => {
    const queued = as('queued');
    queued.sendNow(NOW);
    expect(queued.state.status).toBe('queued');
    expect(() => as('sent').sendNow(NOW)).toThrow(ReminderExists);
  });

  it.each(['pending', 'rescheduled', 'queued', 'sent'] as const)(
    'what is %s is not scheduled a second time',
    (status) => {
      expect(() => as(status).takeUpAgain(LATER, undefined)).toThrow(ReminderExists);
    },
  );
});
