import { addDays, type CalendarDate, instantAt, localDate } from '../../../kernel/local-time.js';

/** A calendar day of a zone, and the instants between which it lasts: the first included, the second not. */
export interface LocalDay {
  readonly date: CalendarDate;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** The calendar days of many customers in few zones: remembers each zone's latest, because the calendar is slow and the day is mostly the same. */
export class LocalDays {
  readonly #latest = new Map<string, LocalDay>();

  of(zone: string, instant: Date): LocalDay {
    const known = this.#latest.get(zone);
    if (known && known.startsAt <= instant && instant < known.endsAt) return known;
    const date = localDate(instant, zone);
    const day = { date, startsAt: instantAt(date, '00:00', zone), endsAt: instantAt(addDays(date, 1), '00:00', zone) };
    this.#latest.set(zone, day);
    return day;
  }
}
