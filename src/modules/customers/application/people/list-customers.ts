import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { CUSTOMER_ROWS, type CustomerRow, type CustomerView, toCustomerView } from './customer-view.js';

/** Newest first, without the archived. @param q part of a name, beginning of a reference, digits of a phone number */
export class ListCustomers extends Query<Page<CustomerView>> {
  constructor(
    readonly q: string | undefined,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListCustomers)
export class ListCustomersHandler implements IQueryHandler<ListCustomers> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ q, limit, cursor: given }: ListCustomers): Promise<Page<CustomerView>> {
    const digits = q?.replace(/[\s().+-]/g, '') ?? '';
    const rows = await this.unitOfWork.sql.query<CustomerRow>(
      `${CUSTOMER_ROWS} and c.archived_at is null and ($2::uuid is null or c.id < $2::uuid)
         and ($3::text is null or strpos(lower(p.name), lower($3::text)) > 0 or strpos(lower(p.profile_name), lower($3::text)) > 0
           or starts_with(lower(c.reference), lower($3::text))
           or ($4::text <> '' and exists (
             select 1 from contact_identity i
             where i.tenant_id = c.tenant_id and i.contact_id = c.id and i.kind in ('phone', 'wa_id') and strpos(i.value, $4::text) > 0)))
       order by c.id desc limit $5::int`,
      [
        this.scope.tenantId,
        cursor.read(given)?.id ?? null,
        q ?? null,
        /^\d{3,}$/.test(digits) ? digits : '',
        limit + 1,
      ],
    );
    return cursor.page(rows, limit, toCustomerView);
  }
}
