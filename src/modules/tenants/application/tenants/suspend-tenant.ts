import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { type TenantView, toTenantView } from './tenant-view.js';
import { Tenants } from './tenants.js';

/** Its people and API keys are refused with 403 TENANT_SUSPENDED; what its customers write is stored and waits. @throws TenantNotFound */
export class SuspendTenant extends Command<TenantView> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(SuspendTenant)
export class SuspendTenantHandler implements ICommandHandler<SuspendTenant> {
  constructor(
    private readonly tenants: Tenants,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: SuspendTenant): Promise<TenantView> {
    const tenant = await this.tenants.getForUpdate(id);
    tenant.suspend();
    await this.tenants.save(tenant);
    await this.audit.record({ action: 'tenant.suspended', subjectId: id });
    return toTenantView(tenant.state);
  }
}
