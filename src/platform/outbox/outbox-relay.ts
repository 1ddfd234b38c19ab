import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Clock } from '../../kernel/clock.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DeadLetters } from '../dead-letters/dead-letters.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../lanes/lane-drain.js';
import { OUTBOX_BACKOFF, OUTBOX_LANE, shardOfLane } from './outbox-lane-key.js';
import { type DeliveredEvent, Reaction, ReactsTo } from './reaction.js';

const BATCH = 200;
const TRIES = OUTBOX_BACKOFF.length + 1;

interface Row {
  id: string;
  type: string;
  aggregate_id: string;
  occurred_at: Date;
  payload: Record<string, unknown>;
  tries: number;
}

/**
 * Delivers events to reactions, in order within an aggregate. A failing event holds back its own aggregate while it is retried;
 * after its last try it is a dead letter and the aggregate goes on.
 */
@Injectable()
@DrainsLane(OUTBOX_LANE)
export class OutboxRelay extends LaneDrain {
  readonly concurrency = 4;
  readonly #logger = new Logger(OutboxRelay.name);
  #reactions: Map<string, Reaction[]> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
    private readonly deadLetters: DeadLetters,
  ) {
    super();
  }

  async drain({ key, signal }: LaneTurn): Promise<Date | undefined> {
    const shard = shardOfLane(key);
    while (!signal.aborted) {
      const due = await this.#due(shard);
      if (due.length === 0) break;
      for (const event of due) {
        if (signal.aborted) break;
        await this.#deliver(event);
      }
    }
    return this.#nextDue(shard);
  }

  /** The oldest undelivered event of each aggregate of the shard, when its time has come. */
  #due(shard: number): Promise<Row[]> {
    return this.unitOfWork.runSql((sql) =>
      sql.query<Row>(
        `select * from (
           select distinct on (aggregate_id) id, seq, type, aggregate_id, occurred_at, payload, tries, next_at
           from (select * from outbox_event where tenant_id = $1 and shard = $2 and state = 'pending' order by seq limit 5000) pending
           order by aggregate_id, seq) head
         where next_at <= business_now() order by seq limit ${BATCH}`,
        [this.scope.tenantId, shard],
      ),
    );
  }

  async #deliver(row: Row): Promise<void> {
    const event: DeliveredEvent = {
      id: row.id,
      type: row.type,
      aggregateId: row.aggregate_id,
      occurredAt: row.occurred_at,
      payload: row.payload,
    };
    try {
      for (const reaction of this.#for(row.type)) await this.#once(reaction, event);
      await this.#settle(row, 'delivered');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`${row.type} ${row.id} not delivered (try ${row.tries + 1}): ${message}`);
      await this.#postpone(row, message);
    }
  }

  /** The reaction's effect and the record that it happened commit together. */
  #once(reaction: Reaction, event: DeliveredEvent): Promise<void> {
    return this.unitOfWork.run(async () => {
      const fresh = await this.unitOfWork.sql.query(
        `insert into outbox_delivery (tenant_id, event_id, reaction, at) values ($1::uuid, $2::uuid, $3, now())
         on conflict do nothing returning reaction`,
        [this.scope.tenantId, event.id, reaction.constructor.name],
      );
      if (fresh.length > 0) await reaction.on(event);
    });
  }

  async #settle(row: Row, state: 'delivered' | 'dead'): Promise<void> {
    await this.unitOfWork.runSql((sql) =>
      sql.query(`update outbox_event set state = $3 where tenant_id = $1 and id = $2`, [
        this.scope.tenantId,
        row.id,
        state,
      ]),
    );
  }

  async #postpone(row: Row, error: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const tries = row.tries + 1;
      const dead = tries >= TRIES;
      const nextAt = new Date(this.clock.now().getTime() + (OUTBOX_BACKOFF[tries - 1] ?? 0) * 1000);
      await this.unitOfWork.sql.query(
        `update outbox_event set tries = $3, next_at = $4::timestamptz, state = $5 where tenant_id = $1::uuid and id = $2::uuid`,
        [this.scope.tenantId, row.id, tries, nextAt.toISOString(), dead ? 'dead' : 'pending'],
      );
      if (dead)
        await this.deadLetters.bury({
          kind: OUTBOX_LANE,
          subjectId: row.id,
          reason: `${row.type} was refused ${tries} times`,
          lastError: error,
        });
    });
  }

  async #nextDue(shard: number): Promise<Date | undefined> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<{ next_at: Date | null }>(
        `select min(next_at) as next_at from outbox_event where tenant_id = $1 and shard = $2 and state = 'pending'`,
        [this.scope.tenantId, shard],
      ),
    );
    return rows[0]?.next_at ?? undefined;
  }

  #for(type: string): readonly Reaction[] {
    this.#reactions ??= this.#discover();
    return this.#reactions.get(type) ?? [];
  }

  #discover(): Map<string, Reaction[]> {
    const found = new Map<string, Reaction[]>();
    for (const wrapper of this.discovery.getProviders()) {
      const types = this.discovery.getMetadataByDecorator(ReactsTo, wrapper) ?? [];
      for (const type of types) found.set(type, [...(found.get(type) ?? []), wrapper.instance as Reaction]);
    }
    return found;
  }
}
