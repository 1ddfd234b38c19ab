import fc from 'fast-check';
import { addDays, type CalendarDate, instantAt, localDate, localTime } from '../../../../kernel/local-time.js';
import { LocalDays } from '../local-days.js';
import type { SimulatedCustomer, SimulatedDue } from './books.js';
import { CHANCES, type ResponseModel, scripted, seeded, SILENCE } from './responses.js';
import { simulate, type SimulationOutcome } from './simulate.js';
import type { Happening, TimelineEntry } from './timeline.js';

const ZONES = ['Asia/Kolkata', 'Europe/Berlin', 'America/New_York'];
const FROM = new Date('2027-03-01T05:00:00Z');
const DAY_MS = 86_400_000;

function contactableAt(zone: string, now: Date): Date {
  const time = localTime(now, zone);
  if (time >= '08:00' && time < '19:00') return now;
  const day = localDate(now, zone);
  return instantAt(time < '08:00' ? day : addDays(day, 1), '08:00', zone);
}

function customer(id: string, more: Partial<SimulatedCustomer> = {}): SimulatedCustomer {
  return {
    id,
    name: 'Asha',
    zone: 'Asia/Kolkata',
    locale: 'en',
    optedOutAt: undefined,
    isBlocked: false,
    hasAddress: true,
    windowOpenUntil: undefined,
    ...more,
  };
}

function due(id: string, dueDate: CalendarDate, more: Partial<SimulatedDue> = {}): SimulatedDue {
  return {
    id,
    customerId: 'c',
    dueDate,
    settled: undefined,
    pausedUntil: undefined,
    term: { reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00' },
    zone: 'Asia/Kolkata',
    amountMinor: 500_000,
    paidMinor: 0,
    writtenOffMinor: 0,
    currency: 'INR',
    ...more,
  };
}

interface Trial {
  customers?: SimulatedCustomer[];
  dues: SimulatedDue[];
  responses?: ResponseModel;
  maxPerDay?: number;
  days?: number;
}

function live({
  customers = [customer('c')],
  dues,
  responses = SILENCE,
  maxPerDay,
  days = 30,
}: Trial): SimulationOutcome {
  const run = simulate({
    books: { customers, dues, reminders: [], promises: [] },
    from: FROM,
    until: new Date(FROM.getTime() + days * DAY_MS),
    house: {
      policyVersion: 0,
      maxPerDay,
      lateAfterMinutes: 720,
      contactableAt,
      hasSender: true,
      days: new LocalDays(),
    },
    words: () => ({ template: 'reminder', missingVariables: [] }),
    responses,
    laterAnswerReplaces: false,
    timelineLimit: 100_000,
  });
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** `2027-03-05 09:00 sent before_due 3`, with times of the customer's clock. */
function story({ timeline }: SimulationOutcome, zone = 'Asia/Kolkata'): string[] {
  return timeline
    .filter(({ what }) => what !== 'planned')
    .map(({ at, what, stage, step, reason }) =>
      [`${localDate(at, zone)} ${localTime(at, zone)}`, what, stage, step, reason]
        .filter((part) => part !== null)
        .join(' '),
    );
}

describe('A month is tried out before anybody is written to (D5)', () => {
  it('silence: every reminder of the plan, and the one step after the due date (S0.20-S0.23, S0.29, C23)', () => {
    const outcome = live({ dues: [due('d', '2027-03-09')] });
    expect(story(outcome)).toEqual([
      '2027-03-02 09:00 sent before_due 7',
      '2027-03-06 09:00 sent before_due 3',
      '2027-03-09 09:00 sent due_today 0',
      '2027-03-10 09:00 sent after_due 1',
    ]);
    expect(outcome.summary).toMatchObject({
      planned: 4,
      sent: 4,
      waiting: 0,
      customersReminded: 1,
      businessInitiated: 4,
    });
    expect(outcome.summary.perDay[0]).toEqual({ day: '2027-03-02', sent: 1 });
  });

  it('a broken promise: the pause, and the reminder that waited goes out when it ends (S0.69, D3)', () => {
    const responses = scripted([{ onReminder: 3, afterMinutes: 20, answer: 'PAY_TODAY' }]);
    expect(story(live({ dues: [due('d', '2027-03-09')], responses })).slice(2)).toEqual([
      '2027-03-09 09:00 sent due_today 0',
      '2027-03-09 09:20 answered PAY_TODAY',
      '2027-03-10 09:00 deferred after_due 1 PAUSED',
      '2027-03-10 09:20 promise-broken broken',
      '2027-03-10 09:20 sent after_due 1',
    ]);
  });

  it('a kept one: paid, and silence (S0.37, S0.78)', () => {
    const responses = scripted([
      { onReminder: 1, afterMinutes: 5, answer: 'PAY_WEEK' },
      { onReminder: 1, afterMinutes: 2000, pay: 1 },
    ]);
    expect(story(live({ dues: [due('d', '2027-03-09')], responses }))).toEqual([
      '2027-03-02 09:00 sent before_due 7',
      '2027-03-02 09:05 answered PAY_WEEK',
      '2027-03-03 18:20 paid',
      '2027-03-03 18:20 promise-kept',
      '2027-03-03 18:20 cancelled before_due 3 PAID',
      '2027-03-03 18:20 cancelled due_today 0 PAID',
    ]);
  });

  it('STOP: what was planned is cancelled when its time comes, and nothing else is planned for', () => {
    const responses = scripted([{ onReminder: 1, afterMinutes: 5, stop: true }]);
    expect(story(live({ dues: [due('d', '2027-03-09')], responses })).slice(1, 3)).toEqual([
      '2027-03-02 09:05 opted-out',
      '2027-03-06 09:00 cancelled before_due 3 OPTED_OUT',
    ]);
  });

  it('two dues of a customer and one reminder a day: one goes out, the other the next day (D7)', () => {
    const outcome = live({ dues: [due('d', '2027-03-04'), due('e', '2027-03-04')], maxPerDay: 1, days: 3.5 });
    expect(story(outcome)).toEqual([
      '2027-03-04 09:00 sent due_today 0',
      '2027-03-04 09:00 deferred due_today 0 DAILY_LIMIT',
    ]);
    expect(outcome.summary).toMatchObject({ sent: 1, waiting: 1 });
  });

  it('answers open the window, in which messages cost nothing', () => {
    const responses = scripted([{ onReminder: 3, dueId: 'd', afterMinutes: 120, answer: 'NEED_STATEMENT' }]);
    const { summary } = live({ dues: [due('d', '2027-03-09'), due('e', '2027-03-10')], responses });
    expect(summary.sent).toBe(summary.businessInitiated + summary.inWindow);
    expect(summary.inWindow).toBeGreaterThan(0);
  });

  it('the timeline is cut, the counts are not', () => {
    const outcome = live({ dues: [due('d', '2027-03-09')] });
    expect(outcome.isTruncated).toBe(false);
    expect(outcome.summary.counts).toEqual([
      { what: 'planned', reason: null, count: 4 },
      { what: 'sent', reason: null, count: 4 },
    ]);
  });
});

const TERMINAL: readonly Happening[] = ['sent', 'cancelled', 'expired', 'failed'];

const arbitraryTrial = fc
  .record({
    seed: fc.string({ minLength: 1, maxLength: 8 }),
    zones: fc.array(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 4 }),
    dues: fc.array(
      fc.record({
        customer: fc.nat(3),
        days: fc.integer({ min: -20, max: 30 }),
        offsets: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }),
        steps: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
        sendAt: fc.constantFrom('00:30', '02:30', '09:00', '18:59', '23:15'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    weights: fc.array(fc.nat(10), { minLength: CHANCES.length, maxLength: CHANCES.length }),
    delayMinutes: fc.integer({ min: 1, max: 4000 }),
    maxPerDay: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
  })
  .map(({ seed, zones, dues, weights, delayMinutes, maxPerDay }) => {
    const customers = zones.map((zone, index) => customer(`c${index}`, { zone }));
    const probabilities = Object.fromEntries(CHANCES.map((chance, index) => [chance, weights[index]! / 100]));
    return {
      customers,
      dues: dues.map((one, index) => {
        const owner = customers[one.customer % customers.length]!;
        const dueDate = addDays(localDate(FROM, owner.zone), one.days);
        const term = {
          reminderOffsets: one.offsets,
          overdueSteps: one.steps,
          sendAt: one.sendAt as `${number}:${number}`,
        };
        return due(`d${index}`, dueDate, { customerId: owner.id, zone: owner.zone, term });
      }),
      responses: seeded({ seed, probabilities, delayMinutes }),
      ...(maxPerDay === undefined ? {} : { maxPerDay }),
    };
  });

describe('Whatever customers do', () => {
  const always = (claim: (outcome: SimulationOutcome, zoneOf: (entry: TimelineEntry) => string) => void): void => {
    fc.assert(
      fc.property(arbitraryTrial, (trial) => {
        const zones = new Map(trial.customers.map(({ id, zone }) => [id, zone]));
        claim(live(trial), ({ customerId }) => zones.get(customerId)!);
      }),
      { numRuns: 60 },
    );
  };

  it('nothing is sent in quiet hours', () =>
    always(({ timeline }, zoneOf) => {
      for (const entry of timeline.filter(({ what }) => what === 'sent'))
        expect(contactableAt(zoneOf(entry), entry.at)).toEqual(entry.at);
    }));

  it('nothing is sent after STOP, nor of a due that was paid', () =>
    always(({ timeline }) => {
      const stopped = new Set<string>();
      const openUntilPaid = new Map<string, boolean>();
      for (const { what, customerId, dueId, reason } of timeline) {
        if (what === 'opted-out') stopped.add(customerId);
        if (what === 'cancelled' && reason === 'PAID') openUntilPaid.set(dueId!, false);
        if (what !== 'sent') continue;
        expect(stopped.has(customerId)).toBe(false);
        expect(openUntilPaid.get(dueId!)).not.toBe(false);
      }
    }));

  it('nothing is sent while the customer has time (S0.38)', () =>
    always(({ timeline }) => {
      const hours: Record<string, number> = { PAY_TODAY: 24, WILL_PAY_TODAY: 24, PAY_SOON: 72, NEED_STATEMENT: 48 };
      const pausedUntil = new Map<string, number>();
      for (const { what, dueId, at, reason } of timeline) {
        if (what === 'sent') expect(at.getTime()).toBeGreaterThanOrEqual(pausedUntil.get(dueId!) ?? 0);
        // The first promise stands while it runs (C58); a statement never shortens a pause.
        const pause = what === 'answered' ? hours[reason!] : undefined;
        if (pause !== undefined && (pausedUntil.get(dueId!) ?? 0) <= at.getTime())
          pausedUntil.set(dueId!, at.getTime() + pause * 3_600_000);
      }
    }));

  it('no stage and step of a due goes out twice (S0.24, S0.79)', () =>
    always(({ timeline }) => {
      const sent = timeline.filter(({ what }) => what === 'sent');
      const occurrences = sent.map(({ dueId, stage, step }) => `${dueId} ${stage} ${step}`);
      expect(new Set(occurrences).size).toBe(occurrences.length);
    }));

  it('of the same stage, a day lies between two (S0.39)', () =>
    always(({ timeline }) => {
      const last = new Map<string, number>();
      for (const { what, dueId, stage, localDate: day, at } of timeline) {
        if (what !== 'sent' || day === null) continue;
        const key = `${dueId} ${stage}`;
        expect(at.getTime() - (last.get(key) ?? 0)).toBeGreaterThanOrEqual(DAY_MS);
        last.set(key, at.getTime());
      }
    }));

  it('each planned reminder comes to one end with one reason, or still waits', () =>
    always(({ timeline, summary }) => {
      const ends = new Map<string, number>();
      for (const { what, reason, dueId, stage, step, localDate: day } of timeline) {
        if (!TERMINAL.includes(what)) continue;
        expect(reason === null).toBe(what === 'sent');
        const key = `${dueId} ${stage} ${step} ${day}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
      expect([...ends.values()].every((times) => times === 1)).toBe(true);
      expect(summary.planned).toBe(ends.size + summary.waiting);
    }));

  it('time runs forward, and the same trial has the same outcome', () =>
    fc.assert(
      fc.property(arbitraryTrial, (trial) => {
        const { timeline } = live(trial);
        expect(timeline.every(({ at }, index) => index === 0 || timeline[index - 1]!.at <= at)).toBe(true);
        expect(live(trial).timeline).toEqual(timeline);
      }),
      { numRuns: 30 },
    ));
});
