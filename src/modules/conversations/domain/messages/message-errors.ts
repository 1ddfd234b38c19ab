import { DomainError } from '../../../../kernel/domain-error.js';

/** A template that can be sent instead. */
export interface UsableTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: string;
}

/** The customer has not written within 24 hours: only an approved template reaches them (S1.10, S1.88, C56). */
export class WindowClosed extends DomainError {
  readonly code = 'WINDOW_CLOSED';
  readonly kind = 'meaning';
  override readonly extensions: { readonly closedAt: Date | null; readonly usableTemplates: readonly UsableTemplate[] };
  /** @param closedAt undefined when the customer never wrote to this number */
  constructor(closedAt: Date | undefined, usableTemplates: readonly UsableTemplate[]) {
    super('The customer has not written within the last 24 hours: only an approved template may be sent.');
    this.extensions = { closedAt: closedAt ?? null, usableTemplates };
  }
}

export class ConversationBlocked extends DomainError {
  readonly code = 'CONVERSATION_BLOCKED';
  readonly kind = 'conflict';
  constructor() {
    super('The conversation is blocked: nothing is sent until somebody lifts that.');
  }
}

/** A message that another one names is not one of this conversation. */
export class MessageNotInConversation extends DomainError {
  readonly code = 'MESSAGE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such message in this conversation.');
  }
}

/** WhatsApp knows a message only once it has accepted it. */
export class MessageNotSentYet extends DomainError {
  readonly code = 'MESSAGE_NOT_SENT_YET';
  readonly kind = 'conflict';
  constructor() {
    super('The message has not been accepted by WhatsApp yet: nothing can refer to it.');
  }
}

export class CustomerNotReachable extends DomainError {
  readonly code = 'CUSTOMER_NOT_REACHABLE';
  readonly kind = 'conflict';
  constructor() {
    super('Neither a phone number nor a user id of this customer is known.');
  }
}

/** A conversation is answered from its own number, or from one that is kept for retargeting (S1.24, S1.40). */
export class NumberNotForThis extends DomainError {
  readonly code = 'NUMBER_NOT_FOR_RETARGETING';
  readonly kind = 'conflict';
  constructor() {
    super('A conversation is answered from its own number, or from one whose purpose is retarget.');
  }
}
