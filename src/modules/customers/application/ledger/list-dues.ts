import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { DueStatus } from '../../domain/ledger/due.js';
import { DUE_ROWS, type DueRow, type DueView, toDueView } from './due-view.js';

export interface DueFilter {
  readonly customerId?: string | undefined;
  readonly status?: DueStatus | undefined;
  /** Open dues whose date has passed by the customer's calendar, or all others. */
  readonly overdue?: boolean | undefined;
}

/** By due date. */
export class ListDues extends Query<Page<DueView>> {
  constructor(
    readonly filter: DueFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ dueDate: 'text', id: 'uuid' });

const OVERDUE = `(d.settled_at is null and d.due_date < ($2::timestamptz at time zone coalesce(c.timezone, t.timezone))::date)`;

/** What `statusOn` says, as conditions; a test holds the two together. */
const STATUS: Record<DueStatus, string> = {
  PAID: 'd.settled_at is not null and d.written_off_minor = 0',
  WRITTEN_OFF: 'd.settled_at is not null and d.written_off_minor > 0',
  OVERDUE,
  PARTIAL: `d.settled_at is null and d.paid_minor > 0 and not ${OVERDUE}`,
  PENDING: `d.settled_at is null and d.paid_minor = 0 and not ${OVERDUE}`,
};

@QueryHandler(ListDues)
export class ListDuesHandler implements IQueryHandler<ListDues> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ filter, limit, cursor: given }: ListDues): Promise<Page<DueView>> {
    const after = cursor.read(given);
    const now = this.clock.now();
    const rows = await this.unitOfWork.sql.query<DueRow>(
      `${DUE_ROWS}
         and ($2::timestamptz is not null) and ($3::uuid is null or d.customer_id = $3::uuid)
         and ($4::date is null or (d.due_date, d.id) > ($4::date, $5::uuid))
         ${filter.status ? `and ${STATUS[filter.status]}` : ''}
         ${filter.overdue === undefined ? '' : filter.overdue ? `and ${OVERDUE}` : `and not ${OVERDUE}`}
       order by d.due_date, d.id limit $6::int`,
      [
        this.scope.tenantId,
        now.toISOString(),
        filter.customerId ?? null,
        after?.dueDate ?? null,
        after?.id ?? null,
        limit + 1,
      ],
    );
    return cursor.page(rows, limit, (row) => toDueView(row, now));
  }
}
