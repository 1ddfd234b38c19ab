import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import type { AreaView } from './areas.js';

/** Oldest first. */
export class ListAreas extends Query<Page<AreaView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListAreas)
export class ListAreasHandler implements IQueryHandler<ListAreas> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ page }: ListAreas): Promise<Page<AreaView>> {
    const after = cursor.read(page.cursor);
    const rows = await this.unitOfWork.prisma.area.findMany({
      where: { tenantId: this.scope.tenantId, ...(after && { id: { gt: after.id } }) },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      select: { id: true, name: true, createdAt: true },
    });
    return cursor.page(rows, page.limit, (row) => row);
  }
}
