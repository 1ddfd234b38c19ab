import { ValidateBy } from 'class-validator';
import { isCalendarDate } from '../../kernel/local-time.js';

/** A field that holds a day of a calendar, `YYYY-MM-DD`; a day that no calendar has is refused. */
export function IsCalendarDate(): PropertyDecorator {
  return ValidateBy({
    name: 'isCalendarDate',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isCalendarDate(value),
      defaultMessage: () => '$property must be a calendar date, e.g. 2026-11-21',
    },
  });
}
