import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  addDays,
  type CalendarDate,
  clockChangesOn,
  daysBetween,
  formatDate,
  instantAt,
  instantsAt,
  isCalendarDate,
  isLocalTime,
  isTimeZone,
  localDate,
  localTime,
  type LocalTime,
  weekdayOf,
} from './local-time.js';

const ZONES = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
const FIRST_DAY: CalendarDate = '2024-01-01';
const END = Temporal.PlainDate.from('2031-01-01');
const MINUTE_MS = 60_000;

interface Change {
  readonly zone: string;
  /** The day on which the clock is set, as it is called before. */
  readonly day: CalendarDate;
}

/** Each time that the clocks of a zone are set in 2024-2030: where the mistakes are. */
const CHANGES: Change[] = ZONES.flatMap((zone) => {
  const changes: Change[] = [];
  let at = Temporal.PlainDate.from(FIRST_DAY).toZonedDateTime(zone).getTimeZoneTransition('next');
  for (; at && Temporal.PlainDate.compare(at.toPlainDate(), END) < 0; at = at.getTimeZoneTransition('next'))
    changes.push({ zone, day: at.subtract({ minutes: 1 }).toPlainDate().toString() as CalendarDate });
  return changes;
});

const zone = fc.constantFrom(...ZONES);
const day = fc.integer({ min: 0, max: daysBetween(FIRST_DAY, '2030-12-31') }).map((days) => addDays(FIRST_DAY, days));
const time = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => new Date(minute * MINUTE_MS).toISOString().slice(11, 16) as LocalTime);
const dayOfChange = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -1, max: 1 }))
  .map(([change, days]) => ({ zone: change.zone, day: addDays(change.day, days) }));

/** The minutes around a day with what the clock on the wall shows, told by another calendar than the one under test. */
function wallClock(zone: string, day: CalendarDate): { at: Date; shows: string }[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const noon = Date.parse(`${day}T12:00:00Z`);
  return Array.from({ length: 3 * 1440 }, (_, minute) => new Date(noon + (minute - 2160) * MINUTE_MS)).map((at) => ({
    at,
    shows: format.format(at).replace(' ', 'T'),
  }));
}

describe('A time of day in a zone is exactly one instant of that day (F46, S0.22, C25)', () => {
  it('on any day of 2024-2030 in any zone of the IANA database', () => {
    fc.assert(
      fc.property(zone, day, time, (name, date, at) => {
        const instant = instantAt(date, at, name);
        const [found, next] = [localDate(instant, name), addDays(date, 1)];
        // Greenland once sets its clocks from 23:00 to midnight: that day has no last hour.
        expect(
          found === date || (found === next && clockChangesOn(next, name)[0]?.getTime() === instant.getTime()),
        ).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(instantAt('2024-03-30', '23:30', 'America/Nuuk').toISOString()).toBe('2024-03-31T01:00:00.000Z');
    for (const name of ZONES) expect(localDate(instantAt('2028-02-29', '09:00', name), name)).toBe('2028-02-29');
  });

  it('where clocks are set: the first of two, the first after a gap', () => {
    expect(CHANGES.length).toBeGreaterThan(1000);
    fc.assert(
      fc.property(dayOfChange, fc.array(time, { minLength: 20, maxLength: 20 }), ({ zone: name, day: date }, times) => {
        const clock = wallClock(name, date);
        for (const at of times) {
          const expected = clock.find(({ shows }) => shows >= `${date}T${at}`);
          expect([name, date, at, instantAt(date, at, name)]).toEqual([name, date, at, expected?.at]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('and every instant at which the clock shows it is found, if the clock shows it at all', () => {
    fc.assert(
      fc.property(dayOfChange, fc.array(time, { minLength: 20, maxLength: 20 }), ({ zone: name, day: date }, times) => {
        const clock = wallClock(name, date);
        for (const at of times) {
          const shown = clock.filter(({ shows }) => shows === `${date}T${at}`).map((minute) => minute.at);
          expect(instantsAt(date, at, name)).toEqual(shown.length > 0 ? shown : [instantAt(date, at, name)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a gap in New York', '2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['an hour that New York has twice', '2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['a midnight that Beirut skips', '2026-03-29', '00:00', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
    ['half an hour on Lord Howe Island', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['Nepal, 5:45 ahead', '2026-11-21', '09:00', 'Asia/Kathmandu', '2026-11-21T03:15:00.000Z'],
    ['Kiritimati, 14 hours ahead', '2026-11-21', '09:00', 'Pacific/Kiritimati', '2026-11-20T19:00:00.000Z'],
  ] as const)('%s', (_, date, at, name, instant) => {
    expect(instantAt(date, at, name).toISOString()).toBe(instant);
  });

  it('the changes of a day are those that happen on it', () => {
    for (const { zone: name, day: date } of CHANGES.filter((_, index) => index % 7 === 0)) {
      const found = [...clockChangesOn(date, name), ...clockChangesOn(addDays(date, 1), name)];
      expect(found.length).toBeGreaterThan(0);
      expect(clockChangesOn(addDays(date, -3), name)).toEqual([]);
    }
    expect(clockChangesOn('2026-03-08', 'America/New_York')).toEqual([new Date('2026-03-08T07:00:00Z')]);
    expect(clockChangesOn('2026-11-21', 'Asia/Kolkata')).toEqual([]);
  });
});

describe('The calendar', () => {
  it('counts days whatever the clocks do', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -800, max: 800 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
        expect(weekdayOf(addDays(date, 7))).toBe(weekdayOf(date));
      }),
    );
    expect(weekdayOf('2026-11-23')).toBe(1);
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  });

  it('reads an instant as the people of a zone do', () => {
    const instant = new Date('2026-11-21T20:15:59.999Z');
    expect([localDate(instant, 'Asia/Kolkata'), localTime(instant, 'Asia/Kolkata')]).toEqual(['2026-11-22', '01:45']);
  });

  it('writes a date as the reminders do (S0.51)', () => {
    expect(formatDate('2026-02-25')).toBe('25 Feb 2026');
    expect(formatDate('2026-02-25', 'hi-IN')).toBe('25 फ़र॰ 2026');
  });

  it('knows what is a date, a time and a zone, and what only looks like one', () => {
    expect(['2026-02-28', '2028-02-29'].every(isCalendarDate)).toBe(true);
    expect(['2026-02-29', '2026-2-1', '2026-13-01', 'tomorrow', '2026-02-28T00:00'].some(isCalendarDate)).toBe(false);
    expect(['00:00', '23:59'].every(isLocalTime)).toBe(true);
    expect(['24:00', '9:00', '09:60', '09:00:00'].some(isLocalTime)).toBe(false);
    expect(['Asia/Kolkata', 'UTC', 'America/Argentina/Buenos_Aires'].every(isTimeZone)).toBe(true);
    expect(['+05:30', 'Mars/Olympus', '', 'IST (India)'].some(isTimeZone)).toBe(false);
  });
});
