import { DomainError } from '../../../kernel/domain-error.js';

export class ReminderNotFound extends DomainError {
  readonly code = 'REMINDER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such reminder.');
  }
}
