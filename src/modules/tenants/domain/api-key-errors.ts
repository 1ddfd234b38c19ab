import { DomainError } from '../../../kernel/domain-error.js';

export class ApiKeyNotFound extends DomainError {
  readonly code = 'API_KEY_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such API key.');
  }
}
