import { DomainError } from '../../../../kernel/domain-error.js';

export class ReplyRuleNotFound extends DomainError {
  readonly code = 'REPLY_RULE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such rule.');
  }
}

/** Two rules for one reply to one template would not agree. */
export class ReplyRuleTaken extends DomainError {
  readonly code = 'REPLY_RULE_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('There is a rule for this reply to this template already.');
  }
}
