import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { FindCustomer } from '../../../customers/index.js';

/** What a customer's word was worth so far (D3). */
export interface ReliabilityView {
  readonly kept: number;
  readonly partKept: number;
  readonly broken: number;
  /** Promises that were judged: kept, kept in part or broken. */
  readonly judged: number;
  /** Kept of judged, 0 to 1; null while none was judged. */
  readonly score: number | null;
}

/** @throws CustomerNotFound */
export class ReliabilityOf extends Query<ReliabilityView> {
  constructor(readonly customerId: string) {
    super();
  }
}

@QueryHandler(ReliabilityOf)
export class ReliabilityOfHandler implements IQueryHandler<ReliabilityOf> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly queries: Queries,
  ) {}

  async execute({ customerId }: ReliabilityOf): Promise<ReliabilityView> {
    const { id } = await this.queries.execute(new FindCustomer(customerId));
    const [row] = await this.unitOfWork.sql.query<Omit<ReliabilityView, 'score'>>(
      `select count(*) filter (where state = 'kept')::int as kept, count(*) filter (where state = 'part_kept')::int as "partKept",
         count(*) filter (where state = 'broken')::int as broken, count(*) filter (where state in ('kept', 'part_kept', 'broken'))::int as judged
       from commitment where tenant_id = $1::uuid and customer_id = $2::uuid`,
      [this.scope.tenantId, id],
    );
    const counts = row!;
    return { ...counts, score: counts.judged === 0 ? null : counts.kept / counts.judged };
  }
}
