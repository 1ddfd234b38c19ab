import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import { toUserView, USER_VIEW, type UserView } from './user-view.js';

/** Oldest first. */
export class ListUsers extends Query<Page<UserView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ page }: ListUsers): Promise<Page<UserView>> {
    const after = cursor.read(page.cursor);
    const rows = await this.unitOfWork.prisma.user.findMany({
      where: { tenantId: this.scope.tenantId, ...(after && { id: { gt: after.id } }) },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      select: USER_VIEW,
    });
    return cursor.page(rows, page.limit, toUserView);
  }
}
