import { explainCourse, type ReminderInCourse } from './explanation-of-course.js';
import { sentenceOf } from './explanation-of-period.js';

describe('A period of reminders in one line (D4)', () => {
  it('says what became of them and how often they were put off', () => {
    const line = sentenceOf(
      [
        { status: 'cancelled', reason: 'PAID', count: 4 },
        { status: 'sent', reason: null, count: 12 },
      ],
      [
        { reason: 'QUIET_HOURS', count: 31 },
        { reason: 'COOLDOWN', count: 1 },
      ],
    );
    expect(line).toBe('12 sent, 4 cancelled (PAID); put off 31 times (QUIET_HOURS), 1 time (COOLDOWN).');
  });

  it('says so when there were none', () => expect(sentenceOf([], [])).toBe('No reminders were planned.'));
});

describe('Why nothing goes out about a due (D4)', () => {
  const reminder: ReminderInCourse = {
    reminderId: 'r',
    stage: 'before_due',
    status: 'pending',
    reason: null,
    scheduledFor: new Date('2026-11-22T03:30:00Z'),
    sentAt: null,
  };
  const course = { optedOutAt: null, isBlocked: false, next: null, last: null };
  const sent = { ...reminder, status: 'sent' as const, sentAt: new Date('2026-11-22T03:31:00Z') };

  it.each([
    [{ ...course, next: reminder }, 'The next reminder is planned for 22 Nov 2026, 09:00.'],
    [
      { ...course, next: { ...reminder, status: 'rescheduled' as const, reason: 'PAUSED' } },
      'The next reminder waits until 22 Nov 2026, 09:00. Reminders of this due are paused.',
    ],
    [{ ...course, next: { ...reminder, status: 'queued' as const } }, 'A reminder is on its way.'],
    [{ ...course, last: sent }, 'No further reminder is planned. The last one was sent on 22 Nov 2026, 09:01.'],
    [
      { ...course, last: { ...reminder, status: 'cancelled' as const, reason: 'CANCELLED_BY_USER' } },
      'No further reminder is planned. The last one was not sent. It was cancelled by hand.',
    ],
    [
      { ...course, next: reminder, optedOutAt: new Date('2026-11-20T03:30:00Z') },
      'The customer asked on 20 Nov 2026, 09:00 to hear no more: nothing is sent.',
    ],
    [
      { ...course, next: reminder, isBlocked: true },
      'The conversation with the customer is blocked: nothing is sent until somebody lifts that.',
    ],
  ])('%#', (given, sentence) => expect(explainCourse(given, 'Asia/Kolkata')).toBe(sentence));
});
