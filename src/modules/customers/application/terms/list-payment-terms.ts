import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page, type PageQuery } from '../../../../platform/http/pagination.js';
import { PAYMENT_TERM_ROWS, type PaymentTermView } from './payment-term-view.js';

/** Oldest first, without the archived. */
export class ListPaymentTerms extends Query<Page<PaymentTermView>> {
  constructor(readonly page: PageQuery) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListPaymentTerms)
export class ListPaymentTermsHandler implements IQueryHandler<ListPaymentTerms> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ page }: ListPaymentTerms): Promise<Page<PaymentTermView>> {
    const after = cursor.read(page.cursor);
    const rows = await this.unitOfWork.sql.query<PaymentTermView>(
      `${PAYMENT_TERM_ROWS} and archived_at is null and ($2::uuid is null or id > $2::uuid) order by id limit $3::int`,
      [this.scope.tenantId, after?.id ?? null, page.limit + 1],
    );
    return cursor.page(rows, page.limit, (term) => term);
  }
}
