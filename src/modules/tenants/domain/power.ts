import type { Scope } from '../../../kernel/access.js';
import { DomainError } from '../../../kernel/domain-error.js';

/** Nobody hands out power that he does not have himself. */
export class ExceedsOwnPower extends DomainError {
  readonly code = 'EXCEEDS_OWN_POWER';
  readonly kind = 'forbidden';
  constructor() {
    super('A credential gives, takes and manages no more than it may do itself.');
  }
}

/** @throws ExceedsOwnPower */
export function givesNoMoreThan(own: ReadonlySet<Scope>, given: Iterable<Scope>): void {
  for (const scope of given) if (!own.has(scope)) throw new ExceedsOwnPower();
}
