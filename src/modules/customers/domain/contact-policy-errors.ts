import { DomainError } from '../../../kernel/domain-error.js';

/** A policy under which some customer could hardly ever be contacted would keep reminders waiting for good. */
export class PolicyNeverAllows extends DomainError {
  readonly code = 'POLICY_NEVER_ALLOWS';
  readonly kind = 'meaning';
  constructor() {
    super('This policy leaves a year or more without a single hour in which customers may be contacted.');
  }
}
