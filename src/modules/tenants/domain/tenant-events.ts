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

export class TenantChanged extends TenantEvent {
  readonly type = 'tenants.tenant-changed';
}

export class TenantSuspended extends TenantEvent {
  readonly type = 'tenants.tenant-suspended';
}

export class TenantResumed extends TenantEvent {
  readonly type = 'tenants.tenant-resumed';
}
