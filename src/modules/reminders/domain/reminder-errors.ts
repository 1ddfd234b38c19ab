import { DomainError } from '../../../kernel/domain-error.js';
import type { ReminderStatus } from './assessment.js';

export class ReminderNotFound extends DomainError {
  readonly code = 'REMINDER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such reminder.');
  }
}

/** The due has a reminder of this stage for this day already (S0.24). */
export class ReminderExists extends DomainError {
  readonly code = 'REMINDER_EXISTS';
  readonly kind = 'conflict';
  override readonly extensions: { readonly reminderId: string; readonly status: ReminderStatus };
  constructor(reminderId: string, status: ReminderStatus) {
    super(`The due has a reminder for that day already; it is ${status}.`);
    this.extensions = { reminderId, status };
  }
}

export class ReminderNotAhead extends DomainError {
  readonly code = 'REMINDER_NOT_AHEAD';
  readonly kind = 'meaning';
  constructor() {
    super('A reminder is scheduled for an instant that is still to come, within two years.');
  }
}

export class ReminderNotWaiting extends DomainError {
  readonly code = 'REMINDER_NOT_WAITING';
  readonly kind = 'conflict';
  override readonly extensions: { readonly status: ReminderStatus };
  constructor(status: ReminderStatus) {
    super(`Only a reminder that is pending or rescheduled can be moved; this one is ${status}.`);
    this.extensions = { status };
  }
}

/** What is on the wire cannot be called back. */
export class ReminderSent extends DomainError {
  readonly code = 'REMINDER_SENT';
  readonly kind = 'conflict';
  constructor() {
    super('The reminder is on its way or was sent already.');
  }
}

export class DueIsSettled extends DomainError {
  readonly code = 'DUE_SETTLED';
  readonly kind = 'conflict';
  constructor() {
    super('Nothing is left to be paid of this due: there is nothing to remind of.');
  }
}

/** Reminders about dues name a due; the others name a customer, and say what is to be said (S3.30). */
export class ReminderIncomplete extends DomainError {
  readonly code = 'REMINDER_INCOMPLETE';
  readonly kind = 'meaning';
  constructor(detail: string) {
    super(detail);
  }
}
