import type { Scope } from '../../kernel/access.js';
import { DomainError } from '../../kernel/domain-error.js';

export class Unauthenticated extends DomainError {
  readonly code = 'UNAUTHENTICATED';
  readonly kind = 'unauthenticated';
  constructor(detail = 'Send Authorization: Bearer with an access token, an API key or the platform key.') {
    super(detail);
  }
}

export class Forbidden extends DomainError {
  readonly code = 'FORBIDDEN';
  readonly kind = 'forbidden';

  static scope(scope: Scope): Forbidden {
    return new Forbidden(`This credential lacks the scope ${scope}.`);
  }
}

export class TenantSuspended extends DomainError {
  readonly code = 'TENANT_SUSPENDED';
  readonly kind = 'forbidden';
  constructor() {
    super('This merchant is suspended. The platform operator can resume it.');
  }
}

export class TenantNotFound extends DomainError {
  readonly code = 'TENANT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such tenant.');
  }
}

export class TenantRequired extends DomainError {
  readonly code = 'TENANT_REQUIRED';
  readonly kind = 'invalid';
  constructor() {
    super('Name a tenant by its id in X-Tenant-Id: this route works for one tenant.');
  }
}
