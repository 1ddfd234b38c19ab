import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM } from '../../../../kernel/ids.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { WebhookEvents } from '../../application/inbound/webhook-events.js';
import { SPLIT_LANE } from './lane-kinds.js';

const PREFIX = 'unrouted:';
const ACCOUNT = 'waba:';

/** What came for a number or an account before anybody had connected it: taken apart again once somebody has. */
@Injectable()
export class UnroutedEvents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WebhookEvents,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  /** Called in the transaction that connects the account and its numbers. */
  async awaitRouting(wabaId: string, phoneNumberIds: readonly string[]): Promise<void> {
    const dueAt = this.clock.now();
    await this.lanes.ring(
      SPLIT_LANE,
      [`${ACCOUNT}${wabaId}`, ...phoneNumberIds].map((id) => ({ key: `${PREFIX}${id}`, dueAt })),
    );
  }

  /** @param laneKey `unrouted:<phone_number_id>` or `unrouted:waba:<waba_id>`; runs in the platform's scope */
  async splitAgain(laneKey: string): Promise<undefined> {
    const id = laneKey.slice(PREFIX.length);
    const isAccount = id.startsWith(ACCOUNT);
    const found = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string }>(
        `select id from webhook_event where state = 'unrouted' and tenant_id = $1::uuid
           and ${isAccount ? 'waba_id = $2 and phone_number_id is null' : 'phone_number_id = $2'}`,
        [PLATFORM, isAccount ? id.slice(ACCOUNT.length) : id],
      ),
    );
    if (found.length > 0) await this.events.replay({ ids: found.map(({ id }) => id) });
  }
}
