import { type CalendarDate, isCalendarDate } from '../../../../kernel/local-time.js';

/** Reads `2026-11-30`, `30/11/2026`, `30-11-2026`, `30.11.2026`: the day comes first. @returns undefined where it is no day of 1970 to 2199 */
export function readDate(text: string): CalendarDate | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  const date = year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) && date >= '1970' && date < '2200' ? date : undefined;
}
