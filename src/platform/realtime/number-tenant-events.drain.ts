import { Injectable } from '@nestjs/common';
import { TenantScope } from '../database/tenant-scope.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../lanes/lane-drain.js';
import { EventAnnouncer } from './event-announcer.js';
import { NumberTenantEvents } from './number-tenant-events.js';
import { TENANT_EVENTS } from './tenant-events-lane.js';

/** Works off a tenant's events that are not numbered yet, and announces how far its log reaches. */
@Injectable()
@DrainsLane(TENANT_EVENTS)
export class NumberTenantEventsDrain extends LaneDrain {
  readonly concurrency = 4;

  constructor(
    private readonly events: NumberTenantEvents,
    private readonly announcer: EventAnnouncer,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async drain({ signal }: LaneTurn): Promise<undefined> {
    for (let more = true; more && !signal.aborted;) {
      const numbered = await this.events.number();
      await this.announcer.announce({ about: 'events', tenantId: this.scope.tenantId, seq: numbered.seq });
      more = numbered.more;
    }
  }
}
