import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import { FindCustomer } from '../people/find-customer.js';
import type { ConsentSource } from './consents.js';

/** A line of the evidence. */
export interface ConsentEventView {
  readonly id: string;
  readonly kind: 'opted_out' | 'opted_in';
  readonly source: ConsentSource;
  readonly wamid: string | null;
  readonly said: string | null;
  readonly actorId: string | null;
  readonly at: Date;
}

/** What a customer allows, and the evidence for it. */
export interface ConsentView extends Page<ConsentEventView> {
  /** Since when nothing may be sent unasked; null: it may. */
  readonly optedOutAt: Date | null;
}

/** Newest evidence first. @throws CustomerNotFound */
export class ConsentOf extends Query<ConsentView> {
  constructor(
    readonly customerId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ConsentOf)
export class ConsentOfHandler implements IQueryHandler<ConsentOf> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly queries: Queries,
  ) {}

  async execute({ customerId, page }: ConsentOf): Promise<ConsentView> {
    const { id, optedOutAt } = await this.queries.execute(new FindCustomer(customerId));
    const rows = await this.unitOfWork.sql.query<ConsentEventView>(
      `select id, kind, source, wamid, said, actor_id as "actorId", at from consent_event
       where tenant_id = $1::uuid and customer_id = $2::uuid and ($3::uuid is null or id < $3::uuid) order by id desc limit $4::int`,
      [this.scope.tenantId, id, cursor.read(page.cursor)?.id ?? null, page.limit + 1],
    );
    return { optedOutAt, ...cursor.page(rows, page.limit, (row) => row) };
  }
}
