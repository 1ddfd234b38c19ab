import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** Whether the current tenant has an area with this id. */
export class AreaExists extends Query<boolean> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(AreaExists)
export class AreaExistsHandler implements IQueryHandler<AreaExists> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ id }: AreaExists): Promise<boolean> {
    return (await this.unitOfWork.prisma.area.count({ where: { tenantId: this.scope.tenantId, id } })) > 0;
  }
}
