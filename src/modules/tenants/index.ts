/** The public face of tenants: what other modules may use; nothing else is importable. */
export { TenantsModule } from './tenants.module.js';
export { AreaExists } from './application/areas/area-exists.js';
export { InboxSettings, type InboxSettingsView } from './application/inbox-settings/inbox-settings.js';
export { RegisterTenant, type FirstAdmin, type RegisteredTenant } from './application/tenants/register-tenant.js';
export { ShowTenant } from './application/tenants/show-tenant.js';
export { StatusOfTenant } from './application/tenants/status-of-tenant.js';
export { EVERY_AREA } from './domain/area-errors.js';
export type { TenantView } from './application/tenants/tenant-view.js';
export type { TenantProfile, TenantStatus } from './domain/tenant.js';
