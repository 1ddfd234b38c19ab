import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { type TenantView, toTenantView } from './tenant-view.js';
import { Tenants } from './tenants.js';

/** Ends a suspension; the event tells others to go on with what waited. @throws TenantNotFound */
export class ResumeTenant extends Command<TenantView> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(ResumeTenant)
export class ResumeTenantHandler implements ICommandHandler<ResumeTenant> {
  constructor(
    private readonly tenants: Tenants,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: ResumeTenant): Promise<TenantView> {
    const tenant = await this.tenants.getForUpdate(id);
    tenant.resume();
    await this.tenants.save(tenant);
    await this.audit.record({ action: 'tenant.resumed', subjectId: id });
    return toTenantView(tenant.state);
  }
}
