import { DomainError } from '../../../../kernel/domain-error.js';

export class PresetNotFound extends DomainError {
  readonly code = 'FLOW_PRESET_NOT_FOUND';
  readonly kind = 'not-found';
  constructor(name: string) {
    super(`There is no preset "${name}".`);
  }
}
