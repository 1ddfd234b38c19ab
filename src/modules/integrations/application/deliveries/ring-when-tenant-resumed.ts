import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { WebhookBell } from '../webhook-bell.js';

/** A suspended merchant's systems are told nothing; what waited goes when the merchant may work again. */
@Injectable()
@ReactsTo(['tenants.tenant-resumed'])
export class RingWhenTenantResumed extends Reaction {
  constructor(
    private readonly bell: WebhookBell,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async on(): Promise<void> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from webhook_endpoint where tenant_id = $1::uuid and status = 'enabled'`,
      [this.scope.tenantId],
    );
    await this.bell.ring(rows.map(({ id }) => id));
  }
}
