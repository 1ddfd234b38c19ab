import type { SimulatedBooks } from './books.js';
import { CustomerCourse, type World } from './customer-course.js';
import { DueCourse } from './due-course.js';
import { NEW_ID } from './simulated-reminder.js';
import { type SimulationSummary, Timeline, type TimelineEntry } from './timeline.js';
import { VisitQueue } from './visit-queue.js';

export interface Simulation extends Omit<World, 'timeline'> {
  readonly books: SimulatedBooks;
  readonly from: Date;
  readonly until: Date;
  /** C58 */
  readonly laterAnswerReplaces: boolean;
  /** Entries that the timeline keeps; all of them are counted. */
  readonly timelineLimit: number;
}

export interface SimulationOutcome {
  readonly summary: SimulationSummary;
  /** In order of time. */
  readonly timeline: readonly TimelineEntry[];
  readonly isTruncated: boolean;
}

/** Customers that are looked at before the caller may do something else. */
const STRIDE = 100;

/**
 * Lives through a stretch of time with a copy of a merchant's books (D5): an event loop over a virtual clock, which stops where something
 * comes up, and decides there with the functions that decide in earnest. Pure: the same simulation has the same outcome. Whoever runs
 * it decides when to go on after each stride.
 */
export function* simulate({
  books,
  from,
  until,
  timelineLimit,
  laterAnswerReplaces,
  ...world
}: Simulation): Generator<undefined, SimulationOutcome> {
  const timeline = new Timeline(timelineLimit);
  const courses = coursesOf(books, { ...world, timeline }, laterAnswerReplaces, from);
  const queue = new VisitQueue();
  const enqueue = (who: number): void => {
    const at = courses[who]!.nextAt;
    if (at && at <= until) queue.push(at, who);
  };
  for (const [who, course] of courses.entries()) {
    course.begin(from);
    enqueue(who);
    if (who % STRIDE === 0) yield;
  }
  let visits = 0;
  for (let visit = queue.pop(); visit; visit = queue.pop()) {
    courses[visit.who]!.visit(visit.at);
    enqueue(visit.who);
    if (++visits % STRIDE === 0) yield;
  }
  const waiting = courses.reduce((sum, course) => sum + course.waiting, 0);
  return { summary: timeline.summary(waiting), timeline: timeline.entries, isTruncated: timeline.isTruncated };
}

function coursesOf(books: SimulatedBooks, world: World, laterAnswerReplaces: boolean, now: Date): CustomerCourse[] {
  let made = 0;
  const rules = { laterAnswerReplaces, newId: () => `${NEW_ID}${String(++made).padStart(9, '0')}` };
  // As the planner takes them.
  const dues = books.dues.toSorted((a, b) => (a.dueDate + a.id < b.dueDate + b.id ? -1 : 1));
  const duesOf = Map.groupBy(dues, ({ customerId }) => customerId);
  const isOpen = new Set(books.dues.map(({ id }) => id));
  const remindersOf = Map.groupBy(books.reminders, ({ customerId, dueId }) =>
    dueId !== undefined && isOpen.has(dueId) ? dueId : customerId,
  );
  const promiseOf = new Map(books.promises.map((promise) => [promise.dueId, promise]));
  return books.customers.map(
    (customer) =>
      new CustomerCourse(
        customer,
        (tell) =>
          (duesOf.get(customer.id) ?? []).map(
            (due) => new DueCourse(due, remindersOf.get(due.id) ?? [], promiseOf.get(due.id), rules, tell),
          ),
        remindersOf.get(customer.id) ?? [],
        world,
        now,
      ),
  );
}
