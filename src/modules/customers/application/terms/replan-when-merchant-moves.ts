import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { PlansOutdated } from '../../domain/terms/payment-term-events.js';

/** The merchant's zone is another: customers without one of their own live by it (C25). Emits PlansOutdated. */
@Injectable()
@ReactsTo(['tenants.tenant-changed'])
export class ReplanWhenMerchantMoves extends Reaction {
  constructor(
    private readonly scope: TenantScope,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async on({ payload }: DeliveredEvent): Promise<void> {
    if (!(payload as { fields: readonly string[] }).fields.includes('timezone')) return;
    await this.outbox.append([new PlansOutdated(this.scope.tenantId, { of: 'merchant' }, null)]);
  }
}
