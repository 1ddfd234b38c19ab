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

/** Somebody was quicker: two people took the same conversation. */
export class AlreadyAssigned extends DomainError {
  readonly code = 'ALREADY_ASSIGNED';
  readonly kind = 'conflict';
  constructor() {
    super('The conversation is somebody else’s by now.');
  }
}

/** No such colleague, one who is disabled, or one who would not see the conversation. */
export class AssigneeCannotSee extends DomainError {
  readonly code = 'ASSIGNEE_CANNOT_SEE';
  readonly kind = 'meaning';
  constructor() {
    super('There is no active colleague with this id who would see the conversation.');
  }
}

/** The merchant has no number that the caller sees and that may send. */
export class NumberNotSeen extends DomainError {
  readonly code = 'PHONE_NUMBER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such phone number.');
  }
}

export class NoteNotFound extends DomainError {
  readonly code = 'NOTE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such note.');
  }
}

export class LabelNotFound extends DomainError {
  readonly code = 'LABEL_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such label.');
  }
}

export class LabelNameTaken extends DomainError {
  readonly code = 'LABEL_NAME_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('A label has this name already.');
  }
}

export class InboxPresetNotFound extends DomainError {
  readonly code = 'INBOX_PRESET_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such preset.');
  }
}
