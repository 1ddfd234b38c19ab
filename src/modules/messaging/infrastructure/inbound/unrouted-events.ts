import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM } from '../../../../kernel/ids.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { WebhookEvents } from '../../application/inbound/webhook-events.js';
import { SPLIT_LANE } from './lane-kinds.js';

const PREFIX = 'unrouted:';

/** What came for a number before anybody had connected it: taken apart again once somebody has. */
@Injectable()
export class UnroutedEvents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WebhookEvents,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  /** Called in the transaction that connects the numbers. */
  async awaitRouting(phoneNumberIds: readonly string[]): Promise<void> {
    const dueAt = this.clock.now();
    await this.lanes.ring(
      SPLIT_LANE,
      phoneNumberIds.map((id) => ({ key: `${PREFIX}${id}`, dueAt })),
    );
  }

  /** @param laneKey `unrouted:<phone_number_id>`; runs in the platform's scope */
  async splitAgain(laneKey: string): Promise<undefined> {
    const found = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string }>(
        `select id from webhook_event where state = 'unrouted' and tenant_id = $1::uuid and phone_number_id = $2`,
        [PLATFORM, laneKey.slice(PREFIX.length)],
      ),
    );
    if (found.length > 0) await this.events.replay({ ids: found.map(({ id }) => id) });
  }
}
