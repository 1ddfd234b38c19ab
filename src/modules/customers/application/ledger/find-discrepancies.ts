import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** Customers whose books do not add up (C68): always none. Reads all books of the merchant. @returns their ids, a hundred at most */
export class FindDiscrepancies extends Query<readonly string[]> {}

/** $1 is the tenant; what the query asks, for whoever has a connection and no application (npm run doctor). */
export const DISCREPANCIES = `
with paid as (
  select due_id, sum(amount_minor) as paid from payment_allocation where tenant_id = $1::uuid group by due_id),
owed as (
  select d.customer_id, sum(d.amount_minor - d.paid_minor - d.written_off_minor) as owed,
    bool_or((d.settled_at is null) <> (d.amount_minor > d.paid_minor + d.written_off_minor)) as unsettled,
    bool_or(d.paid_minor <> coalesce(p.paid, 0)) as unallocated
  from due d left join paid p on p.due_id = d.id where d.tenant_id = $1::uuid group by d.customer_id),
line as (
  select customer_id, balance_after_minor, amount_minor, sum(amount_minor) over (partition by customer_id order by seq) as balance
  from ledger_entry where tenant_id = $1::uuid),
lines as (
  select customer_id, sum(amount_minor) as balance, bool_or(balance_after_minor <> balance) as unordered from line group by customer_id)
select c.id from customer c left join owed on owed.customer_id = c.id left join lines on lines.customer_id = c.id
where c.tenant_id = $1::uuid and (
  c.balance_minor <> coalesce(lines.balance, 0) or c.balance_minor <> coalesce(owed.owed, 0) - c.credit_minor
  or (c.credit_minor > 0 and owed.owed > 0) or owed.unsettled or owed.unallocated or lines.unordered)
order by c.id limit 100`;

@QueryHandler(FindDiscrepancies)
export class FindDiscrepanciesHandler implements IQueryHandler<FindDiscrepancies> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute(): Promise<readonly string[]> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(DISCREPANCIES, [this.scope.tenantId]);
    return rows.map(({ id }) => id);
  }
}
