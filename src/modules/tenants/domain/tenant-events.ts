import { DomainEvent } from '../../../kernel/domain-event.js';

abstract class TenantEvent extends DomainEvent {
  readonly payload = {};
  constructor(readonly aggregateId: string) {
    super();
  }
}

export class TenantRegistered extends TenantEvent {
  readonly type = 'tenants.tenant-registered';
}

/** `fields` of the merchant's profile are others now. */
export class TenantChanged extends DomainEvent {
  readonly type = 'tenants.tenant-changed';
  readonly payload: { readonly fields: readonly string[] };
  constructor(
    readonly aggregateId: string,
    fields: readonly string[],
  ) {
    super();
    this.payload = { fields };
  }
}

export class TenantSuspended extends TenantEvent {
  readonly type = 'tenants.tenant-suspended';
}

export class TenantResumed extends TenantEvent {
  readonly type = 'tenants.tenant-resumed';
}
