import fc from 'fast-check';
import { addDays } from '../../../kernel/local-time.js';
import { type DueToPlan, isWaiting, replan, type StandingReminder } from './reminder-plan.js';
import { occurrencesOf, type Term } from './reminder-schedule.js';

const TERM: Term = { reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00' };
const DUE: DueToPlan = {
  id: 'due',
  customerId: 'customer',
  dueDate: '2026-12-10',
  settled: undefined,
  pausedUntil: undefined,
  term: TERM,
  zone: 'Asia/Kolkata',
};
const NOW = new Date('2026-11-21T10:00:00Z');
const day = (date: string, time = '09:00'): Date => new Date(`${date}T${time}:00+05:30`);

let ids = 0;
/** Does what a plan says, as the database would. */
function carryOut(due: DueToPlan, standing: readonly StandingReminder[], now: Date): StandingReminder[] {
  const { added, changed } = replan(due, standing, now);
  const after = standing.map((one) => changed.find(({ id }) => id === one.id) ?? one);
  const made = added.map(({ at, ...occurrence }): StandingReminder => ({
    ...occurrence,
    id: String(ids++),
    plannedFor: at,
    scheduledFor: at,
    status: 'pending',
    reason: undefined,
    source: 'auto',
  }));
  return [...after, ...made].filter(({ reason }) => reason !== 'REPLANNED');
}

const summary = (standing: readonly StandingReminder[]): string[] =>
  standing.map(({ stage, step, status, reason, scheduledFor }) =>
    [stage, step, status, reason, scheduledFor.toISOString().slice(0, 16)]
      .filter((word) => word !== undefined)
      .join(' '),
  );

describe("A due's plan follows the due (S0.17, S0.24)", () => {
  const fresh = carryOut(DUE, [], NOW);

  it('is made once, however often it is asked for', () => {
    expect(fresh).toHaveLength(3);
    expect(replan(DUE, fresh, NOW)).toEqual({ added: [], changed: [] });
    expect(replan(DUE, fresh, day('2026-12-05'))).toEqual({ added: [], changed: [] });
  });

  it('moves with the due date: what no longer fits is replanned away, what fits stays', () => {
    const { added, changed } = replan({ ...DUE, dueDate: '2026-12-14' }, fresh, NOW);
    expect(changed.map(({ localDate, reason }) => [localDate, reason])).toEqual([
      ['2026-12-03', 'REPLANNED'],
      ['2026-12-07', 'REPLANNED'],
      ['2026-12-10', 'REPLANNED'],
    ]);
    expect(added.map(({ localDate }) => localDate)).toEqual(['2026-12-07', '2026-12-11', '2026-12-14']);
  });

  it('follows the term', () => {
    expect(
      summary(carryOut({ ...DUE, term: { ...TERM, reminderOffsets: [5, 0], sendAt: '18:00' } }, fresh, NOW)),
    ).toEqual(['due_today 0 pending 2026-12-10T12:30', 'before_due 5 pending 2026-12-05T12:30']);
  });

  it('follows the zone, and keeps the instant that a person chose', () => {
    const moved = fresh.map((one, index): StandingReminder =>
      index === 0 ? { ...one, status: 'rescheduled', scheduledFor: day('2026-12-04') } : one,
    );
    expect(summary(carryOut({ ...DUE, zone: 'Europe/Athens' }, moved, NOW))).toEqual([
      'before_due 7 rescheduled 2026-12-04T03:30',
      'before_due 3 pending 2026-12-07T07:00',
      'due_today 0 pending 2026-12-10T07:00',
    ]);
  });

  it('what an earlier hour has passed over goes now; what was due already is left alone', () => {
    const early = { ...DUE, term: { ...TERM, sendAt: '06:00' as const } };
    expect(summary(carryOut(early, fresh, day('2026-12-03', '07:00')))[0]).toBe(
      'before_due 7 pending 2026-12-03T01:30',
    );
    expect(replan(early, fresh, day('2026-12-03', '09:00')).changed.map(({ step }) => step)).toEqual([3, 0]);
  });

  it('leaves alone what was handed over, sent, or cancelled by a person, and does not make it again', () => {
    for (const [status, reason] of [
      ['queued', undefined],
      ['sent', undefined],
      ['failed', 'NO_TEMPLATE'],
      ['cancelled', 'CANCELLED_BY_USER'],
      ['expired', 'TOO_LATE'],
    ] as const) {
      const standing = fresh.map((one): StandingReminder => ({ ...one, status, reason }));
      expect(replan(DUE, standing, NOW)).toEqual({ added: [], changed: [] });
    }
  });

  it('leaves alone what a person scheduled', () => {
    const byHand = fresh.map((one): StandingReminder => ({ ...one, source: 'manual' }));
    expect(replan({ ...DUE, dueDate: '2026-12-20' }, byHand, NOW).changed).toEqual([]);
  });
});

describe('A due that is settled is not reminded of (S0.37)', () => {
  const fresh = carryOut(DUE, [], NOW);
  const byHand: StandingReminder = { ...fresh[0]!, id: 'hand', source: 'manual', localDate: '2026-12-05', step: 5 };

  it.each(['PAID', 'WRITTEN_OFF'] as const)('%s: all that waits is cancelled, whoever scheduled it', (settled) => {
    const after = carryOut({ ...DUE, settled }, [...fresh, byHand], NOW);
    expect(new Set(after.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set([`cancelled ${settled}`]),
    );
  });

  it('open again, its reminders are back as far as they lie ahead', () => {
    const settled = carryOut(
      { ...DUE, settled: 'PAID' },
      [...fresh, { ...byHand, scheduledFor: day('2026-12-05') }],
      NOW,
    );
    expect(summary(carryOut(DUE, settled, day('2026-12-04')))).toEqual([
      'before_due 7 cancelled PAID 2026-12-03T03:30',
      'before_due 3 pending 2026-12-07T03:30',
      'due_today 0 pending 2026-12-10T03:30',
      'before_due 5 pending 2026-12-05T03:30',
    ]);
  });

  it('a bounced payment of an overdue due is reminded of, though its step was cancelled as paid', () => {
    const overdue = carryOut(DUE, [], day('2026-12-11', '08:00'));
    const paid = carryOut({ ...DUE, settled: 'PAID' }, overdue, day('2026-12-11', '08:30'));
    expect(summary(carryOut(DUE, paid, day('2026-12-11', '12:00')))).toEqual(['after_due 1 pending 2026-12-11T06:30']);
    expect(summary(carryOut(DUE, paid, day('2026-12-15', '12:00')))).toEqual([
      'after_due 1 cancelled PAID 2026-12-11T03:30',
      'after_due 5 pending 2026-12-15T06:30',
    ]);
  });
});

describe('A reminder waits for the pause that there is (S0.38)', () => {
  const [first] = carryOut(DUE, [], NOW);
  const waiting: StandingReminder = {
    ...first!,
    status: 'rescheduled',
    reason: 'PAUSED',
    scheduledFor: day('2026-12-20', '00:00'),
  };
  const others = carryOut(DUE, [], NOW).slice(1);

  it.each([
    ['lifted before its time: as planned', undefined, day('2026-12-01'), '2026-12-03T03:30'],
    ['lifted after its time: now', undefined, day('2026-12-05'), '2026-12-05T03:30'],
    ['over: now', day('2026-12-05'), day('2026-12-05'), '2026-12-05T03:30'],
    ['shortened: its end', day('2026-12-09'), day('2026-12-05'), '2026-12-09T03:30'],
    ['lengthened: its end', day('2026-12-29'), day('2026-12-05'), '2026-12-29T03:30'],
  ])('%s', (_, pausedUntil, now, expected) => {
    const { changed } = replan({ ...DUE, pausedUntil }, [waiting, ...others], now);
    expect(changed.map(({ scheduledFor }) => scheduledFor.toISOString().slice(0, 16))).toEqual([expected]);
  });

  it('and what waits for something else goes on waiting', () => {
    expect(replan(DUE, [{ ...waiting, reason: 'QUIET_HOURS' }, ...others], day('2026-12-05')).changed).toEqual([]);
  });
});

type Happening =
  | { readonly what: 'time'; readonly hours: number }
  | { readonly what: 'date' | 'pause'; readonly days: number }
  | { readonly what: 'term'; readonly offsets: number[]; readonly steps: number[] }
  | { readonly what: 'settle' | 'reopen' | 'lift' | 'sweep' };

const happenings = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ what: fc.constantFrom('date' as const, 'pause' as const), days: fc.integer({ min: 1, max: 40 }) }),
    fc.record({
      what: fc.constant('term' as const),
      offsets: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }),
      steps: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
    }),
    fc.record({ what: fc.constantFrom('settle' as const, 'reopen' as const, 'lift' as const, 'sweep' as const) }),
  ),
  { minLength: 1, maxLength: 30 },
);

describe('Whatever happens to a due, in whatever order', () => {
  it('nothing waits that it does not ask for, nothing that it asks for is missing, nothing is there twice', () => {
    fc.assert(
      fc.property(happenings, (course: readonly Happening[]) => {
        let now = NOW;
        let due = DUE;
        let standing: StandingReminder[] = [];
        for (const happening of course) {
          now = happening.what === 'time' ? new Date(now.getTime() + happening.hours * 3_600_000) : now;
          due = changedBy(due, happening, now);
          if (happening.what === 'sweep') standing = sweep(standing, now);
          standing = carryOut(due, standing, now);

          const keys = standing.map(({ stage, step, localDate }) => `${stage} ${step} ${localDate}`);
          expect(new Set(keys).size).toBe(keys.length);
          expect(replan(due, standing, now)).toEqual({ added: [], changed: [] });
          const waiting = standing.filter(isWaiting);
          if (due.settled) expect(waiting).toEqual([]);
          else {
            const ahead = occurrencesOf(due, due.term, due.zone, now).filter(({ stage }) => stage !== 'after_due');
            for (const { stage, step, localDate } of ahead) expect(keys).toContain(`${stage} ${step} ${localDate}`);
          }
          if (!due.pausedUntil) expect(waiting.filter(({ reason }) => reason === 'PAUSED')).toEqual([]);
        }
      }),
    );
  });
});

function changedBy(due: DueToPlan, happening: Happening, now: Date): DueToPlan {
  switch (happening.what) {
    case 'date':
      return { ...due, dueDate: addDays('2026-11-21', happening.days) };
    case 'pause':
      return { ...due, pausedUntil: new Date(now.getTime() + happening.days * 86_400_000) };
    case 'lift':
      return { ...due, pausedUntil: undefined };
    case 'term':
      return { ...due, term: { ...due.term, reminderOffsets: happening.offsets, overdueSteps: happening.steps } };
    case 'settle':
      return { ...due, settled: 'PAID' };
    case 'reopen':
      return { ...due, settled: undefined };
    default:
      return due;
  }
}

/** What is due is sent or put off. */
function sweep(standing: readonly StandingReminder[], now: Date): StandingReminder[] {
  return standing.map((one, index): StandingReminder => {
    if (!isWaiting(one) || one.scheduledFor > now) return one;
    return index % 2 === 0
      ? { ...one, status: 'sent' }
      : { ...one, status: 'rescheduled', reason: 'PAUSED', scheduledFor: new Date(now.getTime() + 86_400_000) };
  });
}
