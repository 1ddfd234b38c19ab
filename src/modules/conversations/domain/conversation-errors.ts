import { DomainError } from '../../../kernel/domain-error.js';

export class ConversationNotFound extends DomainError {
  readonly code = 'CONVERSATION_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such conversation.');
  }
}

/** The caller sees the conversation, and may not do this with it. */
export class ActNotAllowed extends DomainError {
  readonly code = 'ACT_NOT_ALLOWED';
  readonly kind = 'forbidden';
  constructor() {
    super('Your role may read this conversation, and not do this with it.');
  }
}
