import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { OrphanStatuses } from '../../application/inbound/orphan-statuses.js';
import { STATUS_LANE } from './lane-kinds.js';

/**
 * Statuses whose message is not known (yet): of a wamid that is being stored at this moment, or of a message that another
 * system sent through the same number. They are found when the wamid is stored; the lane looks again by itself, since a status that
 * is set aside while the wamid commits is seen by neither side.
 */
@Injectable()
export class SqlOrphanStatuses extends OrphanStatuses {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {
    super();
  }

  async settleOrphans(phoneNumberId: string, wamids: readonly string[]): Promise<void> {
    if (wamids.length === 0) return;
    const { tenantId } = this.scope;
    const settled = await this.unitOfWork.sql.query(
      `update webhook_event set state = 'pending' where tenant_id = $1::uuid and phone_number_id = $2 and subject = any($3::text[]) and state = 'orphan' returning id`,
      [tenantId, phoneNumberId, wamids],
    );
    if (settled.length > 0)
      await this.lanes.ring(STATUS_LANE, [{ key: phoneNumberId, tenantId, dueAt: this.clock.now() }]);
  }

  /** Makes orphans whose message is known by now pending; the others are looked at later, and after five looks not any more. */
  async lookAgain(phoneNumberId: string): Promise<void> {
    await this.unitOfWork.runSql((sql) =>
      sql.query(
        `with due as (
           select event.id, event.tries, message.id is not null as known
           from webhook_event event
           left join message on message.tenant_id = event.tenant_id and message.phone_number_id = event.phone_number_id and message.wamid = event.subject
           where event.tenant_id = $1 and event.phone_number_id = $2 and event.state = 'orphan' and event.next_at <= (select business_now())
           limit 1000)
         update webhook_event event set
           state = case when due.known then 'pending' else 'orphan' end,
           tries = event.tries + 1,
           next_at = ${lookAfter('event.tries + 1')}
         from due where event.tenant_id = $1 and event.id = due.id`,
        [this.scope.tenantId, phoneNumberId],
      ),
    );
  }

  async nextLook(phoneNumberId: string): Promise<Date | undefined> {
    const [next] = await this.unitOfWork.runSql((sql) =>
      sql.query<{ due: Date | null }>(
        `select nullif(min(next_at), 'infinity') as due from webhook_event where tenant_id = $1 and phone_number_id = $2 and state = 'orphan'`,
        [this.scope.tenantId, phoneNumberId],
      ),
    );
    return next?.due ?? undefined;
  }
}

/** SQL for the next look after so many: 2 s, 10 s, 1 min, 10 min, 1 h, never. */
export function lookAfter(looks: string): string {
  return `coalesce((select business_now()) + (array['2 s', '10 s', '1 min', '10 min', '1 h'])[${looks} + 1]::interval, 'infinity')`;
}
