import { Temporal } from 'temporal-polyfill';

/** A day of somebody's calendar, `YYYY-MM-DD`. */
export type CalendarDate = `${number}-${number}-${number}`;
/** A time of somebody's clock, `HH:MM`. */
export type LocalTime = `${number}:${number}`;

/** The calendar day that `instant` falls on in an IANA zone. */
export function localDate(instant: Date, zone: string): CalendarDate {
  return zoned(instant, zone).toPlainDate().toString() as CalendarDate;
}

/** The clock time of `instant` in an IANA zone, to the minute. */
export function localTime(instant: Date, zone: string): LocalTime {
  return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' }) as LocalTime;
}

/**
 * The instant at which a day's clock shows a time. A time that the day skips is the first instant after the gap; one that it has
 * twice is the first of the two (reliability 2.11).
 */
export function instantAt(date: CalendarDate, time: LocalTime, zone: string): Date {
  const asked = `${date} ${time} ${zone}`;
  let instant = instants.get(asked);
  if (instant === undefined) {
    if (instants.size >= MOST_INSTANTS) instants.clear();
    instants.set(asked, (instant = computedInstantAt(date, time, zone)));
  }
  return new Date(instant);
}

/** The calendar is slow, and plans ask for few days many times. */
const instants = new Map<string, number>();
const MOST_INSTANTS = 20_000;

function computedInstantAt(date: CalendarDate, time: LocalTime, zone: string): number {
  const local = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time));
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // In a gap `earlier` reads with the offset of after it, so it stands before the change.
  const afterGap = earlier.getTimeZoneTransition('next');
  return (afterGap ?? local.toZonedDateTime(zone)).epochMilliseconds;
}

/** Every instant at which a day's clock shows a time: two where the clock is set back over it, the first after the gap where it is skipped. */
export function instantsAt(date: CalendarDate, time: LocalTime, zone: string): readonly Date[] {
  const first = instantAt(date, time, zone);
  const local = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time));
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  const isSecond = later.epochMilliseconds > first.getTime() && later.toPlainDateTime().equals(local);
  return isSecond ? [first, new Date(later.epochMilliseconds)] : [first];
}

/** The instants of a day at which its clock is set forward or back. */
export function clockChangesOn(date: CalendarDate, zone: string): readonly Date[] {
  const changes: Date[] = [];
  let change = Temporal.PlainDate.from(date)
    .toZonedDateTime(zone)
    .subtract({ seconds: 1 })
    .getTimeZoneTransition('next');
  for (; change && change.toPlainDate().toString() <= date; change = change.getTimeZoneTransition('next'))
    changes.push(new Date(change.epochMilliseconds));
  return changes;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(midnight(date) + days * DAY_MS).toISOString().split('T')[0] as CalendarDate;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return (midnight(to) - midnight(from)) / DAY_MS;
}

/** ISO weekday, 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: CalendarDate): number {
  return new Date(midnight(date)).getUTCDay() || 7;
}

/** `25 Feb 2026` (S0.51). @param locale BCP 47 */
export function formatDate(date: CalendarDate, locale = 'en-GB'): string {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return dateFormat(locale).format(new Date(Date.UTC(year, month - 1, day)));
}

export function isCalendarDate(text: string): text is CalendarDate {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

export function isLocalTime(text: string): text is LocalTime {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

export function isTimeZone(text: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(text).timeZoneId !== '' && !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

const DAY_MS = 86_400_000;

/** Of a day in UTC: days are counted there, where all are of one length; the calendar of zones would be fifty times slower. */
function midnight(date: CalendarDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string): Intl.DateTimeFormat {
  let format = dateFormats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    dateFormats.set(locale, format);
  }
  return format;
}
