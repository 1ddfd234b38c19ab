import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { TenantNotFound } from '../../../platform/auth/auth-errors.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Outbox } from '../../../platform/outbox/outbox.js';
import { toTenantView } from '../application/tenants/tenant-view.js';
import { Tenants } from '../application/tenants/tenants.js';
import { Tenant } from '../domain/tenant.js';

@Injectable()
export class PrismaTenants extends Tenants {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {
    super();
  }

  async add(tenant: Tenant): Promise<void> {
    await this.unitOfWork.prisma.tenant.create({ data: { ...tenant.state, updatedAt: this.clock.now() } });
    await this.outbox.append(tenant.releaseEvents());
  }

  async getForUpdate(id: string): Promise<Tenant> {
    await this.unitOfWork.sql.query('select 1 as one from tenant where id = $1::uuid for update', [id]);
    const row = await this.unitOfWork.prisma.tenant.findUnique({ where: { id } });
    if (!row) throw new TenantNotFound();
    return Tenant.restore(toTenantView(row));
  }

  async save(tenant: Tenant): Promise<void> {
    const { id, ...state } = tenant.state;
    await this.unitOfWork.prisma.tenant.update({ where: { id }, data: { ...state, updatedAt: this.clock.now() } });
    await this.outbox.append(tenant.releaseEvents());
  }
}
