import { DomainError } from '../../../../kernel/domain-error.js';

export class TooManyDues extends DomainError {
  readonly code = 'TOO_MANY_DUES';
  readonly kind = 'meaning';
  constructor(limit: number) {
    super(`A simulation takes ${limit} open dues at most: name some customers.`);
  }
}

export class SimulationStartsInThePast extends DomainError {
  readonly code = 'SIMULATION_STARTS_IN_THE_PAST';
  readonly kind = 'meaning';
  constructor() {
    super('The books are as they are now: a simulation starts now, or within a year from now.');
  }
}

/** Each takes a processor for seconds, so a process does one at a time. */
export class SimulationRuns extends DomainError {
  readonly code = 'SIMULATION_RUNS';
  readonly kind = 'rate';
  readonly retryAfterMs = 5000;
  constructor() {
    super('Another simulation is running. Try again when it is done.');
  }
}

export class InvalidResponseModel extends DomainError {
  readonly code = 'INVALID_RESPONSE_MODEL';
  readonly kind = 'meaning';
}
