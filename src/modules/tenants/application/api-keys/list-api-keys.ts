import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Scope } from '../../../../kernel/access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import type { ApiKeyView } from './api-key-view.js';

/** Oldest first, revoked ones too. */
export class ListApiKeys extends Query<Page<ApiKeyView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ page }: ListApiKeys): Promise<Page<ApiKeyView>> {
    const after = cursor.read(page.cursor);
    const rows = await this.unitOfWork.prisma.apiKey.findMany({
      where: { tenantId: this.scope.tenantId, ...(after && { id: { gt: after.id } }) },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      select: { id: true, name: true, hint: true, scopes: true, createdAt: true, lastUsedAt: true, revokedAt: true },
    });
    return cursor.page(rows, page.limit, (row) => ({ ...row, scopes: row.scopes as Scope[] }));
  }
}
