/**
 * The business clock. It tells the wall clock's time except in the sandbox, where it can be moved forward.
 * Due times, windows and local dates come from here; leases come from the database's own clock; durations from `performance.now`.
 */
export abstract class Clock {
  abstract now(): Date;
}
