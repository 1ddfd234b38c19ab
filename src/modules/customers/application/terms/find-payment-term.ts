import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { PaymentTermNotFound } from '../../domain/terms/payment-term-errors.js';
import { PAYMENT_TERM_ROWS, type PaymentTermView } from './payment-term-view.js';

/** @throws PaymentTermNotFound */
export class FindPaymentTerm extends Query<PaymentTermView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(FindPaymentTerm)
export class FindPaymentTermHandler implements IQueryHandler<FindPaymentTerm> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ id }: FindPaymentTerm): Promise<PaymentTermView> {
    const [term] = await this.unitOfWork.sql.query<PaymentTermView>(`${PAYMENT_TERM_ROWS} and id = $2::uuid`, [
      this.scope.tenantId,
      id,
    ]);
    if (!term) throw new PaymentTermNotFound();
    return term;
  }
}
