import { DomainError } from '../../../kernel/domain-error.js';

/** A step that is switched off is neither sent nor branched to (S2.100). */
export class StepInactive extends DomainError {
  readonly code = 'FLOW_TEMPLATE_INACTIVE';
  readonly kind = 'meaning';
  constructor(key: string) {
    super(`The flow template "${key}" is switched off.`);
  }
}
