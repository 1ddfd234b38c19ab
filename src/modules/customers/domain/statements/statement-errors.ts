import { DomainError } from '../../../../kernel/domain-error.js';

export class PeriodBackwards extends DomainError {
  readonly code = 'PERIOD_BACKWARDS';
  readonly kind = 'invalid';
  constructor() {
    super('A period ends on the day on which it begins, or later.');
  }
}
