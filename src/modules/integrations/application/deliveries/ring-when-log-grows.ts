import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { FollowsTenantEvents, TenantEventFollower } from '../../../../platform/realtime/tenant-event-follower.js';
import { WebhookBell } from '../webhook-bell.js';

/** Wakes the workers of the tenant's endpoints as its log grows. */
@Injectable()
@FollowsTenantEvents()
export class RingWhenLogGrows extends TenantEventFollower {
  constructor(
    private readonly bell: WebhookBell,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async numbered(seq: number): Promise<void> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from webhook_endpoint where tenant_id = $1::uuid and status = 'enabled' and cursor < $2::bigint`,
      [this.scope.tenantId, seq],
    );
    await this.bell.ring(rows.map(({ id }) => id));
  }
}
