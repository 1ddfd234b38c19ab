import { DomainError } from '../../../../kernel/domain-error.js';

/** A program is not notified, so it mutes nothing. */
export class OnlyForUsers extends DomainError {
  readonly code = 'ONLY_FOR_USERS';
  readonly kind = 'forbidden';
  constructor() {
    super('Only a user who is logged in can do this.');
  }
}
