import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import type { TenantProfile } from '../../domain/tenant.js';
import { type TenantView, toTenantView } from './tenant-view.js';
import { Tenants } from './tenants.js';

/** @throws TenantNotFound, UnknownWord */
export class ChangeTenant extends Command<TenantView> {
  constructor(
    readonly id: string,
    readonly profile: Partial<TenantProfile>,
  ) {
    super();
  }
}

@CommandHandler(ChangeTenant)
export class ChangeTenantHandler implements ICommandHandler<ChangeTenant> {
  constructor(
    private readonly tenants: Tenants,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id, profile }: ChangeTenant): Promise<TenantView> {
    const tenant = await this.tenants.getForUpdate(id);
    tenant.change(profile);
    await this.tenants.save(tenant);
    await this.audit.record({ action: 'tenant.changed', subjectId: id, details: { ...profile } });
    return toTenantView(tenant.state);
  }
}
