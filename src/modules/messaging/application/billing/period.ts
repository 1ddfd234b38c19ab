import { DomainError } from '../../../../kernel/domain-error.js';
import { addDays, type CalendarDate, daysBetween, instantAt } from '../../../../kernel/local-time.js';

const LONGEST_DAYS = 400;

export class InvalidPeriod extends DomainError {
  readonly code = 'INVALID_PERIOD';
  readonly kind = 'invalid';
  constructor() {
    super(`A period begins no later than it ends and has at most ${LONGEST_DAYS} days.`);
  }
}

/** Days of the merchant's calendar, both included, as instants: the end is the first instant after them. @throws InvalidPeriod */
export function instantsOf(from: CalendarDate, to: CalendarDate, zone: string): { start: Date; end: Date } {
  const days = daysBetween(from, to);
  if (days < 0 || days >= LONGEST_DAYS) throw new InvalidPeriod();
  return { start: instantAt(from, '00:00', zone), end: instantAt(addDays(to, 1), '00:00', zone) };
}
