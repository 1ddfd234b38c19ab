import type { Tenant } from '../../domain/tenant.js';

export abstract class Tenants {
  abstract add(tenant: Tenant): Promise<void>;
  /** Locks the tenant's row until the transaction ends. @throws TenantNotFound */
  abstract getForUpdate(id: string): Promise<Tenant>;
  abstract save(tenant: Tenant): Promise<void>;
}
