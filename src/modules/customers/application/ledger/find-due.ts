import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DueNotFound } from '../../domain/ledger/ledger-errors.js';
import { DUE_ROWS, type DueRow, type DueView, toDueView } from './due-view.js';

/** @throws DueNotFound */
export class FindDue extends Query<DueView> {
  constructor(readonly dueId: string) {
    super();
  }
}

@QueryHandler(FindDue)
export class FindDueHandler implements IQueryHandler<FindDue> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ dueId }: FindDue): Promise<DueView> {
    const [row] = await this.unitOfWork.sql.query<DueRow>(`${DUE_ROWS} and d.id = $2::uuid`, [
      this.scope.tenantId,
      dueId,
    ]);
    if (!row) throw new DueNotFound();
    return toDueView(row, this.clock.now());
  }
}
