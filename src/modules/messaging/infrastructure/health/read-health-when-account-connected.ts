import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { PHONE_HEALTH } from '../../application/health/phone-health-lane.js';

/** The first reading of a number; the lane goes on daily from there. */
@Injectable()
@ReactsTo(['messaging.account-connected'])
export class ReadHealthWhenAccountConnected extends Reaction {
  constructor(
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ payload }: DeliveredEvent): Promise<void> {
    const { phoneNumberIds } = payload as { phoneNumberIds: readonly string[] };
    const { tenantId } = this.scope;
    const dueAt = this.clock.now();
    await this.lanes.ring(
      PHONE_HEALTH,
      phoneNumberIds.map((key) => ({ key, tenantId, dueAt })),
    );
  }
}
