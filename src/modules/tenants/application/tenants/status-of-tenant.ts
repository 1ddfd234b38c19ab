import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { TenantStatus } from '../../domain/tenant.js';

/**
 * Whether the current tenant may work: what comes in for a suspended one is stored and waits for `tenants.tenant-resumed`.
 * Undefined for a tenant that does not exist. Asks by `UnitOfWork.sql`, so it may join a transaction of either kind.
 */
export class StatusOfTenant extends Query<TenantStatus | undefined> {}

@QueryHandler(StatusOfTenant)
export class StatusOfTenantHandler implements IQueryHandler<StatusOfTenant> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute(): Promise<TenantStatus | undefined> {
    const rows = await this.unitOfWork.sql.query<{ status: TenantStatus }>(
      'select status from tenant where id = $1::uuid',
      [this.scope.tenantId],
    );
    return rows[0]?.status;
  }
}
