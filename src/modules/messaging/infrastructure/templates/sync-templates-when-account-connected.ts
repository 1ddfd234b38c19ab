import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { TEMPLATE_SYNC } from '../../application/templates/template-sync-lane.js';

/** A merchant who has just connected finds the templates that are there. */
@Injectable()
@ReactsTo(['messaging.account-connected'])
export class SyncTemplatesWhenAccountConnected extends Reaction {
  constructor(
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ aggregateId }: DeliveredEvent): Promise<void> {
    await this.lanes.ring(TEMPLATE_SYNC, [
      { key: aggregateId, tenantId: this.scope.tenantId, dueAt: this.clock.now() },
    ]);
  }
}
