import { addDays, type CalendarDate, daysBetween, instantAt, type LocalTime } from '../../../kernel/local-time.js';
import { type ReminderStage, stageOn, stepOn } from './assessment.js';
import { LocalDays } from './local-days.js';

/** When a due is reminded of (S0.19-22, C23). */
export interface Term {
  /** Days before the due date; 0 is the due date itself. */
  readonly reminderOffsets: readonly number[];
  /** Days after the due date. */
  readonly overdueSteps: readonly number[];
  readonly sendAt: LocalTime;
}

/** One reminder of a due that is to be. A due has at most one of a stage, step and day (S0.24). */
export interface Occurrence {
  readonly stage: ReminderStage;
  /** Whole days between the due date and `localDate`, either way. */
  readonly step: number;
  /** The customer's calendar day. */
  readonly localDate: CalendarDate;
  readonly at: Date;
}

/** The occurrence of a due on any day, at the term's hour. */
export function occurrenceOn(dueDate: CalendarDate, day: CalendarDate, sendAt: LocalTime, zone: string): Occurrence {
  return {
    stage: stageOn(dueDate, day),
    step: stepOn(dueDate, day),
    localDate: day,
    at: instantAt(day, sendAt, zone),
  };
}

/**
 * The reminders of an open due from `now` on, in order: those ahead of the due date and on it whose instant has not passed
 * (S0.20-23), and, once the customer's day is past the due date, the furthest step of the ladder that has been reached (S0.29, S0.30).
 * Steps that lie ahead are planned when their day comes.
 * @param zone the customer's, in which the days and the hour are meant (C25)
 * @param overdueOn days for which there is a reminder after the due date already: one on the step's day or later stands for the step
 */
export function occurrencesOf(
  { dueDate }: { readonly dueDate: CalendarDate },
  term: Term,
  zone: string,
  now: Date,
  overdueOn: readonly CalendarDate[] = [],
): Occurrence[] {
  const ahead = courseOf(dueDate, term, zone).filter(({ at }) => at >= now);
  const overdue = overdueOccurrence(dueDate, term, zone, now, overdueOn);
  return overdue ? [...ahead, overdue] : ahead;
}

/** The furthest step of the ladder that a due has reached on the customer's day; undefined before the first. */
export function stepReached(dueDate: CalendarDate, { overdueSteps }: Term, today: CalendarDate): number | undefined {
  const overdueFor = daysBetween(dueDate, today);
  const reached = overdueSteps.filter((step) => step <= overdueFor);
  return overdueFor > 0 && reached.length > 0 ? Math.max(...reached) : undefined;
}

const days = new LocalDays();
const courses = new Map<string, readonly Occurrence[]>();
const COURSES_KEPT = 5000;

/** All reminders up to the due date, past ones too. Dues of one date, term and zone have the same: an import plans thousands of them. */
function courseOf(dueDate: CalendarDate, { reminderOffsets, sendAt }: Term, zone: string): readonly Occurrence[] {
  const key = [dueDate, zone, sendAt, ...reminderOffsets].join();
  const known = courses.get(key);
  if (known) return known;
  const course = reminderOffsets
    .map((offset) => occurrenceOn(dueDate, addDays(dueDate, -offset), sendAt, zone))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  if (courses.size >= COURSES_KEPT) courses.clear();
  courses.set(key, course);
  return course;
}

function overdueOccurrence(
  dueDate: CalendarDate,
  term: Term,
  zone: string,
  now: Date,
  overdueOn: readonly CalendarDate[],
): Occurrence | undefined {
  const today = days.of(zone, now).date;
  const reached = stepReached(dueDate, term, today);
  if (reached === undefined) return undefined;
  const stepDay = addDays(dueDate, reached);
  if (overdueOn.some((day) => day >= stepDay && day <= today)) return undefined;
  const occurrence = occurrenceOn(dueDate, today, term.sendAt, zone);
  return occurrence.at < now ? { ...occurrence, at: now } : occurrence;
}
