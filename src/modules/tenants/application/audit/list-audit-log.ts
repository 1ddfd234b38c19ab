import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';

/** One act of a person, a key or the platform operator (C32). */
export interface AuditEntryView {
  readonly id: string;
  readonly at: Date;
  /** `system` where no request stood behind it. */
  readonly actor: { readonly kind: string; readonly id: string | null };
  readonly action: string;
  readonly subjectId: string | null;
  readonly details: unknown;
  readonly requestId: string | null;
}

/** Newest first. */
export class ListAuditLog extends Query<Page<AuditEntryView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ at: 'instant', id: 'uuid' });

@QueryHandler(ListAuditLog)
export class ListAuditLogHandler implements IQueryHandler<ListAuditLog> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ page }: ListAuditLog): Promise<Page<AuditEntryView>> {
    const before = cursor.read(page.cursor);
    const rows = await this.unitOfWork.prisma.auditEntry.findMany({
      where: {
        tenantId: this.scope.tenantId,
        ...(before && { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }] }),
      },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: page.limit + 1,
    });
    return cursor.page(rows, page.limit, ({ id, at, actorKind, actorId, action, subjectId, details, requestId }) => ({
      id,
      at,
      actor: { kind: actorKind, id: actorId },
      action,
      subjectId,
      details,
      requestId,
    }));
  }
}
