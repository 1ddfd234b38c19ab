import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Money } from '../../../../kernel/money.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import type { DueView } from './due-view.js';
import { OpenDuesOf } from './open-dues-of.js';

export interface CurrentDueView {
  /** What the customer owes; negative: in credit. */
  readonly balance: Money;
  /** Oldest due date first. */
  readonly openDues: readonly DueView[];
}

/** What a customer owes (S0.68, S0.93); somebody without books owes nothing. */
export class CurrentDueOf extends Query<CurrentDueView> {
  constructor(readonly customerId: string) {
    super();
  }
}

@QueryHandler(CurrentDueOf)
export class CurrentDueOfHandler implements IQueryHandler<CurrentDueOf> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly queries: Queries,
  ) {}

  async execute({ customerId }: CurrentDueOf): Promise<CurrentDueView> {
    const [row] = await this.unitOfWork.sql.query<{ balanceMinor: number; currency: string }>(
      `select coalesce(c.balance_minor, 0)::float8 as "balanceMinor", coalesce(c.currency, t.currency) as currency
       from tenant t left join customer c on c.tenant_id = t.id and c.id = $2::uuid where t.id = $1::uuid`,
      [this.scope.tenantId, customerId],
    );
    return {
      balance: Money.of(row?.balanceMinor ?? 0, row?.currency ?? 'XXX'),
      openDues: await this.queries.execute(new OpenDuesOf(customerId)),
    };
  }
}
