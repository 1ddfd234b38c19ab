import { addDays, type CalendarDate, isCalendarDate, weekdayOf } from '../../../../kernel/local-time.js';

/** A day as a customer names it, before it is known which day of the calendar that is. */
export type NamedDay =
  | { readonly kind: 'in-days'; readonly days: number }
  /** ISO: 1 is Monday. `next`: not today. */
  | { readonly kind: 'weekday'; readonly weekday: number; readonly next: boolean }
  /** `20 ko`, `25 Nov`. */
  | { readonly kind: 'date'; readonly day: number; readonly month: number | undefined }
  | { readonly kind: 'month-end' };

/** What lies further ahead is no promise that anybody waits for; people see to it. */
const FURTHEST_DAYS = 92;

/**
 * The day that the customer means: the first that fits from today on, for nobody promises the past. @returns undefined when there is none
 * within three months
 */
export function dayOf(named: NamedDay, today: CalendarDate): CalendarDate | undefined {
  switch (named.kind) {
    case 'in-days':
      return named.days <= FURTHEST_DAYS ? addDays(today, named.days) : undefined;
    case 'weekday': {
      const ahead = (named.weekday - weekdayOf(today) + 7) % 7;
      return addDays(today, ahead === 0 && named.next ? 7 : ahead);
    }
    case 'date':
      return firstFrom(today, (date) => fits(date, named.day, named.month));
    case 'month-end':
      return firstFrom(today, (date) => addDays(date, 1).endsWith('-01'));
  }
}

function firstFrom(today: CalendarDate, isIt: (date: CalendarDate) => boolean): CalendarDate | undefined {
  for (let days = 0; days <= FURTHEST_DAYS; days++) {
    const date = addDays(today, days);
    if (isIt(date)) return date;
  }
  return undefined;
}

function fits(date: CalendarDate, day: number, month: number | undefined): boolean {
  return (
    isCalendarDate(date) &&
    Number(date.slice(8)) === day &&
    (month ?? Number(date.slice(5, 7))) === Number(date.slice(5, 7))
  );
}
