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

  /** Walks the customers' primary key; `u.id >=` lets it begin where the page before ended. */
  async page(after: ExportRow | undefined, limit: number): Promise<readonly ExportRow[]> {
    return this.unitOfWork.sql.query<ExportRow>(
      `select u.id as "customerId", u.reference, coalesce(c.name, c.profile_name) as name, u.language, u.timezone, t.name as "paymentTerm", u.currency,
         (select i.value from contact_identity i where i.tenant_id = u.tenant_id and i.contact_id = u.id and i.kind = 'phone'
          order by i.created_at, i.value limit 1) as phone,
         case when d.id is not null then jsonb_build_object('id', d.id, 'amountMinor', d.amount_minor,
           'outstandingMinor', d.amount_minor - d.paid_minor - d.written_off_minor, 'dueDate', d.due_date, 'reference', d.reference,
           'description', d.description) end as due
       from customer u
       join contact c on c.tenant_id = u.tenant_id and c.id = u.id
       left join payment_term t on t.tenant_id = u.tenant_id and t.id = u.payment_term_id
       left join due d on d.tenant_id = u.tenant_id and d.customer_id = u.id and d.settled_at is null
       where u.tenant_id = $1::uuid and u.archived_at is null
         and u.id >= $2::uuid and (u.id, coalesce(d.id, '${NO_DUE}')) > ($2::uuid, $3::uuid)
       order by u.id, coalesce(d.id, '${NO_DUE}') limit $4::int`,
      [this.scope.tenantId, after?.customerId ?? NO_DUE, after ? (after.due?.id ?? NO_DUE) : NO_DUE, limit],
    );
  }
}
