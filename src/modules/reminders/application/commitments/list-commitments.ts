import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import type { CommitmentState } from '../../domain/commitment.js';
import { COMMITMENT_ROWS, type CommitmentRow, type CommitmentView, toCommitmentView } from './commitment-view.js';

export interface CommitmentFilter {
  readonly customerId?: string | undefined;
  readonly state?: CommitmentState | undefined;
  /** Promised days, both included. */
  readonly from?: CalendarDate | undefined;
  readonly to?: CalendarDate | undefined;
}

/** Promises, newest first. */
export class ListCommitments extends Query<Page<CommitmentView>> {
  constructor(
    readonly filter: CommitmentFilter,
    readonly page: PageQuery,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListCommitments)
export class ListCommitmentsHandler implements IQueryHandler<ListCommitments> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ filter, page }: ListCommitments): Promise<Page<CommitmentView>> {
    const rows = await this.unitOfWork.sql.query<CommitmentRow>(
      `${COMMITMENT_ROWS}
         and ($2::uuid is null or customer_id = $2::uuid) and ($3::text is null or state = $3::text)
         and ($4::date is null or promised_for >= $4::date) and ($5::date is null or promised_for <= $5::date)
         and ($6::uuid is null or id < $6::uuid)
       order by id desc limit $7::int`,
      [
        this.scope.tenantId,
        filter.customerId ?? null,
        filter.state ?? null,
        filter.from ?? null,
        filter.to ?? null,
        cursor.read(page.cursor)?.id ?? null,
        page.limit + 1,
      ],
    );
    return cursor.page(rows, page.limit, toCommitmentView);
  }
}
