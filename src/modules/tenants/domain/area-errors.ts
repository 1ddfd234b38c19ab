import { DomainError } from '../../../kernel/domain-error.js';

/** An area of this name stands for every area (S1.23, C51). */
export const EVERY_AREA = 'all';

export class AreaNotFound extends DomainError {
  readonly code = 'AREA_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such area.');
  }
}

export class AreaNameTaken extends DomainError {
  readonly code = 'AREA_NAME_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('There is an area of this name already.');
  }
}

export class AreaInUse extends DomainError {
  readonly code = 'AREA_IN_USE';
  readonly kind = 'conflict';
  constructor() {
    super('A phone number belongs to this area: give it another one first.');
  }
}

export class UnknownAreas extends DomainError {
  readonly code = 'UNKNOWN_AREA';
  readonly kind = 'meaning';
  constructor(readonly unknown: readonly string[]) {
    super(`There is no area ${unknown.map((area) => `"${area}"`).join(', ')}.`);
  }
}
