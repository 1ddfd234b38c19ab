import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ExportPages, type ExportRow } from '../../application/imports/export-customers.js';

/** Sorts before every due. */
const NO_DUE = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class SqlExportPages extends ExportPages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  /**
   * Walks the customers' primary key, no more customers than rows are wanted, and looks the rest up by key (`limit 1` and `offset 0`
   * keep the planner from joining whole tables, and from the index of all open dues, where there are no statistics yet).
   */
  async page(after: ExportRow | undefined, limit: number): Promise<readonly ExportRow[]> {
    return this.unitOfWork.sql.query<ExportRow>(
      `select u.id as "customerId", u.reference, coalesce(c.name, c.profile_name) as name, u.language, u.timezone, t.name as "paymentTerm", u.currency,
         (select i.value from contact_identity i where i.tenant_id = u.tenant_id and i.contact_id = u.id and i.kind = 'phone'
          order by i.created_at, i.value limit 1) as phone,
         case when d.id is not null then jsonb_build_object('id', d.id, 'amountMinor', d.amount_minor,
           'outstandingMinor', d.amount_minor - d.paid_minor - d.written_off_minor, 'dueDate', d.due_date, 'reference', d.reference,
           'description', d.description) end as due
       from (select * from customer where tenant_id = $1::uuid and archived_at is null and id >= $2::uuid order by id limit $4::int + 1) as u
       cross join lateral (select * from contact where tenant_id = $1::uuid and id = u.id limit 1) as c
       left join lateral (select * from payment_term where tenant_id = $1::uuid and id = u.payment_term_id limit 1) as t on true
       left join lateral (select * from due where tenant_id = $1::uuid and customer_id = u.id offset 0) as d on d.settled_at is null
       where (u.id, coalesce(d.id, '${NO_DUE}')) > ($2::uuid, $3::uuid)
       order by u.id, coalesce(d.id, '${NO_DUE}') limit $4::int`,
      [this.scope.tenantId, after?.customerId ?? NO_DUE, after?.due?.id ?? NO_DUE, limit],
    );
  }
}
