import type { Role } from '../../../kernel/access.js';
import { DomainEvent } from '../../../kernel/domain-event.js';

export class UserCreated extends DomainEvent {
  readonly type = 'tenants.user-created';
  constructor(
    readonly aggregateId: string,
    readonly payload: { role: Role },
  ) {
    super();
  }
}

export class UserRoleChanged extends DomainEvent {
  readonly type = 'tenants.user-role-changed';
  constructor(
    readonly aggregateId: string,
    readonly payload: { role: Role },
  ) {
    super();
  }
}

/** They work in other areas now. */
export class UserAreasChanged extends DomainEvent {
  readonly type = 'tenants.user-areas-changed';
  readonly payload: { readonly areaIds: readonly string[] };
  constructor(
    readonly aggregateId: string,
    areaIds: readonly string[],
  ) {
    super();
    this.payload = { areaIds };
  }
}

export class UserDisabled extends DomainEvent {
  readonly type = 'tenants.user-disabled';
  readonly payload = {};
  constructor(readonly aggregateId: string) {
    super();
  }
}

export class UserEnabled extends DomainEvent {
  readonly type = 'tenants.user-enabled';
  readonly payload = {};
  constructor(readonly aggregateId: string) {
    super();
  }
}
