import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { DomainEvent } from '../../kernel/domain-event.js';
import { newId } from '../../kernel/ids.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Lanes } from '../lanes/lanes.js';
import { laneKeyOf, OUTBOX_LANE, shardOf } from './outbox-lane-key.js';

/** Where aggregates' events go, in the transaction that saves the aggregate. */
@Injectable()
export class Outbox {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  async append(events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const tenantId = this.scope.tenantId;
    const now = this.clock.now();
    await this.unitOfWork.sql.query(
      `insert into outbox_event (tenant_id, id, aggregate_id, shard, type, payload, occurred_at, next_at)
       select $1::uuid, id, aggregate_id, shard, type, payload, $2::timestamptz, $2::timestamptz
       from unnest($3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::jsonb[]) with ordinality as e (id, aggregate_id, shard, type, payload, n) order by n`,
      [
        tenantId,
        now.toISOString(),
        events.map(() => newId()),
        events.map((event) => event.aggregateId),
        events.map((event) => shardOf(event.aggregateId)),
        events.map((event) => event.type),
        events.map((event) => JSON.stringify(event.payload)),
      ],
    );
    const keys = new Set(events.map((event) => laneKeyOf(tenantId, event.aggregateId)));
    await this.lanes.ring(
      OUTBOX_LANE,
      [...keys].map((key) => ({ key, tenantId, dueAt: now })),
    );
  }
}
