import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantNotFound } from '../../../../platform/auth/auth-errors.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type TenantView, toTenantView } from './tenant-view.js';

/** A merchant's country, zone, currency and status. @throws TenantNotFound, also for one that the scope may not see */
export class ShowTenant extends Query<TenantView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowTenant)
export class ShowTenantHandler implements IQueryHandler<ShowTenant> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ id }: ShowTenant): Promise<TenantView> {
    const row = await this.unitOfWork.prisma.tenant.findUnique({ where: { id } });
    if (!row) throw new TenantNotFound();
    return toTenantView(row);
  }
}
