import fc from 'fast-check';
import { addDays, type CalendarDate, type LocalTime } from '../../../kernel/local-time.js';
import { allowsContact, type ContactPolicy, contactableAt, HOUSE_POLICY, isContactable } from './contact-policy.js';

const ZONES = [
  'Asia/Kolkata',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Beirut',
  'America/Godthab',
  'America/Scoresbysund',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Europe/Athens',
  'America/Havana',
];
const MINUTE_MS = 60_000;
const FIRST = Date.parse('2024-01-01T00:00:00Z');
const MINUTES = (Date.parse('2030-12-31T00:00:00Z') - FIRST) / MINUTE_MS;

const at = (text: string): Date => new Date(text);
const minuteOfDay = (minute: number): LocalTime =>
  minute === 1440 ? '24:00' : (new Date(minute * MINUTE_MS).toISOString().slice(11, 16) as LocalTime);

const policies = fc
  .record({
    from: fc.integer({ min: 0, max: 1430 }),
    length: fc.integer({ min: 10, max: 1440 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    holidays: fc.uniqueArray(fc.integer({ min: 0, max: 2500 }), { maxLength: 30 }),
  })
  .map(({ from, length, weekdays, holidays }): ContactPolicy => ({
    ...HOUSE_POLICY,
    allowedFrom: minuteOfDay(from),
    allowedUntil: minuteOfDay(Math.min(1440, from + length)),
    weekdays,
    holidays: holidays.map((days) => addDays('2024-01-01', days)),
  }));

/** Instants anywhere in seven years, and densely around the changes of the clocks. */
const instants = fc.oneof(
  fc.integer({ min: 0, max: MINUTES }).map((minute) => new Date(FIRST + minute * MINUTE_MS + 17_000)),
  fc
    .tuple(
      fc.constantFrom('2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2024-03-30', '2026-04-05', '2026-10-04'),
      fc.integer({ min: -1440, max: 2880 }),
    )
    .map(([day, minute]) => new Date(Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS)),
);

describe('A customer is contacted in their own waking hours (D7)', () => {
  it('at once inside the hours, else at their first instant: it is allowed, and nothing before it is', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...ZONES), instants, (policy, zone, now) => {
        const opens = contactableAt(policy, zone, now);
        expect(isContactable(policy, zone, opens)).toBe(true);
        expect(opens >= now).toBe(true);
        const next = Math.floor(now.getTime() / MINUTE_MS + 1) * MINUTE_MS;
        const allowed: string[] = [];
        for (
          let minute = Math.max(next, opens.getTime() - 3 * 1440 * MINUTE_MS);
          minute < opens.getTime();
          minute += 10 * MINUTE_MS
        )
          if (isContactable(policy, zone, new Date(minute))) allowed.push(new Date(minute).toISOString());
        expect(allowed).toEqual([]);
        if (opens > now) expect(isContactable(policy, zone, new Date(opens.getTime() - 1))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['in the evening: the next morning', '2026-11-21T19:00:00+05:30', '2026-11-22T08:00:00+05:30'],
    ['a millisecond before the end: at once', '2026-11-21T18:59:59.999+05:30', '2026-11-21T18:59:59.999+05:30'],
    ['in the night: the same morning', '2026-11-21T03:00:00+05:30', '2026-11-21T08:00:00+05:30'],
    ['on the minute: at once', '2026-11-21T08:00:00+05:30', '2026-11-21T08:00:00+05:30'],
  ])('%s', (_, now, opens) => {
    expect(contactableAt(HOUSE_POLICY, 'Asia/Kolkata', at(now))).toEqual(at(opens));
  });

  it('waits over weekends and holidays, and drops nothing', () => {
    const policy: ContactPolicy = {
      ...HOUSE_POLICY,
      weekdays: [1, 2, 3, 4, 5],
      holidays: ['2026-11-23', '2026-11-24'],
    };
    expect(contactableAt(policy, 'Asia/Kolkata', at('2026-11-20T20:00:00+05:30'))).toEqual(
      at('2026-11-25T08:00:00+05:30'),
    );
  });

  it('opens after the gap when the clocks skip the hour, and again when they show it twice', () => {
    const policy: ContactPolicy = { ...HOUSE_POLICY, allowedFrom: '02:30', allowedUntil: '04:00' };
    expect(contactableAt(policy, 'America/New_York', at('2026-03-08T06:59:00Z'))).toEqual(at('2026-03-08T07:00:00Z'));
    const twice: ContactPolicy = { ...HOUSE_POLICY, allowedFrom: '01:00', allowedUntil: '01:30' };
    expect(contactableAt(twice, 'America/New_York', at('2026-11-01T05:30:00Z'))).toEqual(at('2026-11-01T06:00:00Z'));
  });

  it('remembers no answer beyond its minute, its zone or its policy', () => {
    const [before, after] = [at('2026-11-21T18:59:30+05:30'), at('2026-11-21T19:00:00+05:30')];
    expect(contactableAt(HOUSE_POLICY, 'Asia/Kolkata', before)).toEqual(before);
    expect(contactableAt(HOUSE_POLICY, 'Asia/Kolkata', after)).toEqual(at('2026-11-22T08:00:00+05:30'));
    expect(contactableAt(HOUSE_POLICY, 'Asia/Kathmandu', after)).toEqual(at('2026-11-22T08:00:00+05:45'));
    expect(contactableAt({ ...HOUSE_POLICY, allowedUntil: '20:00' }, 'Asia/Kolkata', after)).toEqual(after);
  });
});

describe('A policy that would keep reminders waiting for good is refused', () => {
  it('when its hours are none', () => {
    expect(allowsContact({ ...HOUSE_POLICY, allowedFrom: '19:00', allowedUntil: '08:00' })).toBe(false);
    expect(allowsContact({ ...HOUSE_POLICY, allowedFrom: '08:00', allowedUntil: '08:00' })).toBe(false);
    expect(allowsContact({ ...HOUSE_POLICY, weekdays: [] })).toBe(false);
    expect(allowsContact({ ...HOUSE_POLICY, allowedFrom: '00:00', allowedUntil: '24:00' })).toBe(true);
  });

  it('when holidays fill a year, and not when they leave a day a month', () => {
    const mondays = Array.from({ length: 60 }, (_, week) => addDays('2026-11-23', 7 * week));
    expect(allowsContact({ ...HOUSE_POLICY, weekdays: [1], holidays: mondays })).toBe(false);
    const most: CalendarDate[] = mondays.filter((_, week) => week % 4 !== 3);
    expect(allowsContact({ ...HOUSE_POLICY, weekdays: [1], holidays: most })).toBe(true);
  });
});
