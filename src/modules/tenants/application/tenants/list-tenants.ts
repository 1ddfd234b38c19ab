import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import { type TenantView, toTenantView } from './tenant-view.js';

/** All tenants for the platform operator, itself for a tenant: row security decides. Oldest first. */
export class ListTenants extends Query<Page<TenantView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListTenants)
export class ListTenantsHandler implements IQueryHandler<ListTenants> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ page }: ListTenants): Promise<Page<TenantView>> {
    const after = cursor.read(page.cursor);
    const rows = await this.unitOfWork.prisma.tenant.findMany({
      where: after ? { id: { gt: after.id } } : {},
      orderBy: { id: 'asc' },
      take: page.limit + 1,
    });
    return cursor.page(rows, page.limit, toTenantView);
  }
}
