/** Sessions live by the wall clock: whoever moves the sandbox's business clock by a week stays logged in. */
export abstract class SessionClock {
  abstract now(): Date;
}
