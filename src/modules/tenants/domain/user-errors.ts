import { DomainError } from '../../../kernel/domain-error.js';

export class LastAdmin extends DomainError {
  readonly code = 'LAST_ADMIN';
  readonly kind = 'conflict';
  constructor() {
    super('The last active ADMIN stays one: make another user ADMIN first.');
  }
}

export class UserNotFound extends DomainError {
  readonly code = 'USER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such user.');
  }
}

/** E-mail addresses are unique over all tenants: a log-in names no tenant. */
export class EmailTaken extends DomainError {
  readonly code = 'EMAIL_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('A user with this e-mail address exists already.');
  }
}

/** Wrong password and unknown e-mail address, indistinguishably. */
export class InvalidCredentials extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';
  readonly kind = 'unauthenticated';
  constructor() {
    super('E-mail address or password is wrong.');
  }
}

/** Told only to those who know the password. */
export class UserIsDisabled extends DomainError {
  readonly code = 'USER_DISABLED';
  readonly kind = 'forbidden';
  constructor() {
    super('This user is disabled. An ADMIN can enable it.');
  }
}

export class WrongPassword extends DomainError {
  readonly code = 'WRONG_PASSWORD';
  readonly kind = 'forbidden';
  constructor() {
    super('The current password is another one.');
  }
}
