import { Injectable } from '@nestjs/common';
import { DrainsLane, LaneDrain, type LaneTurn } from '../lanes/lane-drain.js';
import { NumberTenantEvents } from './number-tenant-events.js';
import { TENANT_EVENTS } from './tenant-events-lane.js';

/** Works off a tenant's events that are not numbered yet. */
@Injectable()
@DrainsLane(TENANT_EVENTS)
export class NumberTenantEventsDrain extends LaneDrain {
  readonly concurrency = 4;

  constructor(private readonly events: NumberTenantEvents) {
    super();
  }

  async drain({ signal }: LaneTurn): Promise<undefined> {
    for (let more = true; more && !signal.aborted;) ({ more } = await this.events.number());
  }
}
