import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type Merchant, Merchants } from '../../application/engine/merchants.js';

@Injectable()
export class SqlMerchants extends Merchants {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async current(): Promise<Merchant> {
    const [row] = await this.unitOfWork.sql.query<Merchant>(
      'select name, locale, timezone, currency from tenant where id = $1::uuid',
      [this.scope.tenantId],
    );
    return row!;
  }
}
