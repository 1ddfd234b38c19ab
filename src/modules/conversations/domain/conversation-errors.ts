import { DomainError } from '../../../kernel/domain-error.js';

export class ConversationNotFound extends DomainError {
  readonly code = 'CONVERSATION_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such conversation.');
  }
}
