import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Redrive, Redrives } from '../dead-letters/redrive.js';
import { Lanes } from '../lanes/lanes.js';
import { laneKeyOf, OUTBOX_BACKOFF, OUTBOX_LANE } from './outbox-lane-key.js';

/** Delivers an event again that reactions refused; those that have dealt with it are not asked twice. */
@Injectable()
@Redrives(OUTBOX_LANE)
export class RedriveOutboxEvent extends Redrive {
  override readonly policies = [{ work: 'An event that parts of the house react to', waitsSeconds: OUTBOX_BACKOFF }];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {
    super();
  }

  async redrive(subjectId: string): Promise<boolean> {
    const tenantId = this.scope.tenantId;
    const now = this.clock.now();
    const rows = await this.unitOfWork.sql.query<{ aggregate_id: string }>(
      `update outbox_event set state = 'pending', tries = 0, next_at = $3::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and state = 'dead' returning aggregate_id`,
      [tenantId, subjectId, now.toISOString()],
    );
    const event = rows[0];
    if (event)
      await this.lanes.ring(OUTBOX_LANE, [{ key: laneKeyOf(tenantId, event.aggregate_id), tenantId, dueAt: now }]);
    return event !== undefined;
  }

  override async contentOf(subjectId: string): Promise<unknown> {
    const [event] = await this.unitOfWork.sql.query(
      `select e.type, e.aggregate_id as "aggregateId", e.payload, e.occurred_at as "occurredAt", e.tries
       from outbox_event e where e.tenant_id = $1::uuid and e.id = $2::uuid`,
      [this.scope.tenantId, subjectId],
    );
    return event;
  }
}
