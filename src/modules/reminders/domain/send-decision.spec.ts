import fc from 'fast-check';
import {
  COOLDOWN_MS,
  CREDENTIALS_LOOK_AGAIN_MS,
  decide,
  type Gate,
  GATES,
  type ReminderFacts,
} from './send-decision.js';

const NOW = new Date('2026-11-20T04:00:00Z');
const HOUR = 3_600_000;
const inHours = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);
const DUE = { outstandingMinor: 500_000, settled: undefined, dueDate: '2026-11-23', pausedUntil: undefined } as const;

const OPEN: ReminderFacts = {
  now: NOW,
  scheduledFor: NOW,
  due: DUE,
  optedOutAt: undefined,
  isBlocked: false,
  isReplanned: false,
  supersededBy: undefined,
  lastSentAt: undefined,
  limitedUntil: undefined,
  contactableAt: NOW,
  lateAfterMinutes: 720,
  hasAddress: true,
  hasSender: true,
  template: 'interactive_before_due1',
  missingVariables: [],
};

/** For each gate, what shuts it. */
const SHUT: Record<Gate, Partial<ReminderFacts>> = {
  PAID: { due: { ...DUE, settled: 'PAID' } },
  WRITTEN_OFF: { due: { ...DUE, settled: 'WRITTEN_OFF' } },
  PAUSED: { due: { ...DUE, pausedUntil: inHours(24) } },
  OPTED_OUT: { optedOutAt: inHours(-1) },
  CONVERSATION_BLOCKED: { isBlocked: true },
  REPLANNED: { isReplanned: true },
  SUPERSEDED: { supersededBy: 'another' },
  TOO_LATE: { scheduledFor: inHours(-13) },
  COOLDOWN: { lastSentAt: inHours(-2) },
  DAILY_LIMIT: { limitedUntil: inHours(9) },
  QUIET_HOURS: { contactableAt: inHours(5) },
  NO_ADDRESS: { hasAddress: false },
  NO_CREDENTIALS: { hasSender: false },
  NO_TEMPLATE: { template: undefined },
  MISSING_VARIABLE: { missingVariables: ['name'] },
};

describe('The gates of a reminder (S0.46)', () => {
  it('let it go when all are open (S0.43)', () => {
    expect(decide(OPEN)).toEqual({ then: 'send' });
  });

  it('S0.37, S0.78: a paid due cancels it for good', () => {
    expect(decide({ ...OPEN, ...SHUT.PAID })).toEqual({ then: 'cancel', gate: 'PAID' });
  });

  it('S0.38, S0.76: a pause moves it to the end of the pause, not to the next minute', () => {
    expect(decide({ ...OPEN, ...SHUT.PAUSED })).toEqual({ then: 'defer', gate: 'PAUSED', until: inHours(24) });
    expect(decide({ ...OPEN, due: { ...DUE, pausedUntil: NOW } })).toEqual({ then: 'send' });
  });

  it('S1.92: who is blocked is not reminded; a pause that holds meanwhile goes before', () => {
    expect(decide({ ...OPEN, ...SHUT.CONVERSATION_BLOCKED })).toEqual({ then: 'cancel', gate: 'CONVERSATION_BLOCKED' });
    expect(decide({ ...OPEN, ...SHUT.CONVERSATION_BLOCKED, ...SHUT.PAUSED })).toMatchObject({ gate: 'PAUSED' });
  });

  it('S0.39, C24: the same stage within 24 hours moves it to when they are over', () => {
    const until = new Date(inHours(-2).getTime() + COOLDOWN_MS);
    expect(decide({ ...OPEN, ...SHUT.COOLDOWN })).toEqual({ then: 'defer', gate: 'COOLDOWN', until });
    expect(decide({ ...OPEN, lastSentAt: inHours(-24) })).toEqual({ then: 'send' });
    expect(decide({ ...OPEN, lastSentAt: inHours(-23.95) })).toEqual({ then: 'send' });
  });

  it('S0.40, C67: without a number that may send it waits, and is not given up', () => {
    const until = new Date(NOW.getTime() + CREDENTIALS_LOOK_AGAIN_MS);
    expect(decide({ ...OPEN, ...SHUT.NO_CREDENTIALS })).toEqual({ then: 'defer', gate: 'NO_CREDENTIALS', until });
  });

  it('S0.41: without a template it fails with that reason', () => {
    expect(decide({ ...OPEN, ...SHUT.NO_TEMPLATE })).toEqual({ then: 'fail', gate: 'NO_TEMPLATE' });
  });

  it('S0.42, C19: a variable that nothing fills is a refusal, never a blank', () => {
    expect(decide({ ...OPEN, ...SHUT.MISSING_VARIABLE })).toEqual({ then: 'fail', gate: 'MISSING_VARIABLE' });
  });

  it('D2: a reminder of a due date that is not the due date any more is cancelled', () => {
    expect(decide({ ...OPEN, ...SHUT.REPLANNED })).toEqual({ then: 'cancel', gate: 'REPLANNED' });
  });

  it('D7: quiet hours move it to their end, and drop nothing', () => {
    expect(decide({ ...OPEN, ...SHUT.QUIET_HOURS })).toEqual({ then: 'defer', gate: 'QUIET_HOURS', until: inHours(5) });
  });

  it('reliability 2.11: what is more than twelve hours late is not sent any more', () => {
    expect(decide({ ...OPEN, ...SHUT.TOO_LATE })).toEqual({ then: 'expire', gate: 'TOO_LATE' });
    expect(decide({ ...OPEN, scheduledFor: inHours(-12) })).toEqual({ then: 'send' });
  });

  it('S0.46: of several that are shut, the first in the fixed order decides', () => {
    const shut = fc.subarray([...GATES], { minLength: 1 });
    fc.assert(
      fc.property(shut, (gates) => {
        const dues = gates.map((gate) => SHUT[gate].due).filter((due) => due !== undefined);
        const due = Object.assign({ ...DUE }, ...dues.toReversed().map((one) => onlyShut(one))) as ReminderFacts['due'];
        const facts = Object.assign({ ...OPEN }, ...gates.map((gate) => SHUT[gate]), { due }) as ReminderFacts;
        expect(decide(facts)).toMatchObject({ gate: gates[0] });
      }),
    );
  });

  it('a reminder that hangs on no due knows neither payment nor pause (S3.28)', () => {
    const { due: _, ...withoutDue } = OPEN;
    expect(decide(withoutDue)).toEqual({ then: 'send' });
  });

  it('whatever they see, what is deferred is deferred to later', () => {
    const instant = fc.integer({ min: -100, max: 100 }).map(inHours);
    const facts = fc.record({
      scheduledFor: instant,
      optedOutAt: fc.option(instant, { nil: undefined }),
      lastSentAt: fc.option(instant, { nil: undefined }),
      limitedUntil: fc.option(instant, { nil: undefined }),
      contactableAt: fc.integer({ min: 0, max: 100 }).map(inHours),
      hasSender: fc.boolean(),
    });
    const due = fc.record({ pausedUntil: fc.option(instant, { nil: undefined }) });
    fc.assert(
      fc.property(facts, due, (some, about) => {
        const verdict = decide({ ...OPEN, ...some, due: { ...DUE, ...about } });
        if (verdict.then === 'defer') expect(verdict.until.getTime()).toBeGreaterThan(NOW.getTime());
      }),
    );
  });
});

/** The members of a due that differ from the open one. */
function onlyShut(due: NonNullable<ReminderFacts['due']>): object {
  return Object.fromEntries(Object.entries(due).filter(([key, value]) => value !== DUE[key as keyof typeof DUE]));
}
