import { DomainError } from '../../../kernel/domain-error.js';

export class FlowVersionNotFound extends DomainError {
  readonly code = 'FLOW_VERSION_NOT_FOUND';
  readonly kind = 'not-found';
  constructor(version: number) {
    super(`The flow has no version ${version}.`);
  }
}
