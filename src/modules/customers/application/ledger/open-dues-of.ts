import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DUE_ROWS, type DueRow, type DueView, toDueView } from './due-view.js';

/** What a customer has still to pay, oldest due date first; nothing of somebody without books. */
export class OpenDuesOf extends Query<readonly DueView[]> {
  constructor(readonly customerId: string) {
    super();
  }
}

@QueryHandler(OpenDuesOf)
export class OpenDuesOfHandler implements IQueryHandler<OpenDuesOf> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ customerId }: OpenDuesOf): Promise<readonly DueView[]> {
    const rows = await this.unitOfWork.sql.query<DueRow>(
      `${DUE_ROWS} and d.customer_id = $2::uuid and d.settled_at is null order by d.due_date, d.id`,
      [this.scope.tenantId, customerId],
    );
    return rows.map((row) => toDueView(row, this.clock.now()));
  }
}
