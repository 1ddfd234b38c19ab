import { DomainError } from '../../../kernel/domain-error.js';

export class ContactNotFound extends DomainError {
  readonly code = 'CONTACT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such contact.');
  }
}
