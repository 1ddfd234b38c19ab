import { DomainError } from '../../../kernel/domain-error.js';

export class CommitmentNotFound extends DomainError {
  readonly code = 'COMMITMENT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such promise.');
  }
}

export class CommitmentEnded extends DomainError {
  readonly code = 'COMMITMENT_ENDED';
  readonly kind = 'conflict';
  constructor() {
    super('This promise is not open any more.');
  }
}

export class PromiseDayNotAhead extends DomainError {
  readonly code = 'PROMISE_DAY_NOT_AHEAD';
  readonly kind = 'meaning';
  constructor() {
    super("A promise is for today or a later day within a year, by the customer's calendar.");
  }
}

export class NothingToPromise extends DomainError {
  readonly code = 'NOTHING_TO_PROMISE';
  readonly kind = 'conflict';
  constructor() {
    super('Nothing is left to be paid of this due.');
  }
}

export class PromiseAmountTooHigh extends DomainError {
  readonly code = 'PROMISE_AMOUNT_TOO_HIGH';
  readonly kind = 'meaning';
  constructor() {
    super('A promise is for more than nothing, and for what is left to be paid at most.');
  }
}

export class EitherAnswerOrDay extends DomainError {
  readonly code = 'EITHER_ANSWER_OR_DAY';
  readonly kind = 'meaning';
  constructor() {
    super('A promise is one of the answers, or for a day: give either.');
  }
}
