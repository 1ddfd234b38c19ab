/** Numbers a tenant's events and announces them; its key: the tenant. */
export const TENANT_EVENTS = 'tenant-events';
