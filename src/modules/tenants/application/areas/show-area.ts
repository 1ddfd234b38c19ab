import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AreaNotFound } from '../../domain/area-errors.js';
import type { AreaView } from './areas.js';

/** @throws AreaNotFound */
export class ShowArea extends Query<AreaView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowArea)
export class ShowAreaHandler implements IQueryHandler<ShowArea> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ id }: ShowArea): Promise<AreaView> {
    const row = await this.unitOfWork.prisma.area.findUnique({
      where: { tenantId_id: { tenantId: this.scope.tenantId, id } },
      select: { id: true, name: true, createdAt: true },
    });
    if (!row) throw new AreaNotFound();
    return row;
  }
}
