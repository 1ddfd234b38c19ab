import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { collectDefaultMetrics, type Gauge } from 'prom-client';
import { PLATFORM } from '../../kernel/ids.js';
import { DatabasePools } from '../database/pools.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Redrives } from '../dead-letters/redrive.js';
import { LaneEngine } from '../lanes/lane-engine.js';
import { Metrics } from './metrics.js';

interface LaneRow {
  kind: string;
  due: string;
  waiting: string;
  running: string;
  orphaned: string;
  deaths: number;
  lag: number;
}

/** What an operator watches of the machinery itself (S2.77); read from the database when Prometheus asks. */
@Injectable()
export class OperationalMetrics {
  #asked: Promise<LaneRow[]> | undefined;

  constructor(
    metrics: Metrics,
    private readonly pools: DatabasePools,
    private readonly lanes: LaneEngine,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly discovery: DiscoveryService,
  ) {
    // Event-loop lag, memory, descriptors, garbage collection.
    collectDefaultMetrics({ register: metrics.registry, prefix: 'nodue_' });
    metrics.gauge('lane_lag_seconds', 'For how long the longest due lane of a kind has waited.', ['kind'], (gauge) =>
      this.#each(gauge, ({ lag }) => lag),
    );
    metrics.gauge(
      'lanes',
      'Lanes by kind: due now, waiting for their time, being drained by any process.',
      ['kind', 'state'],
      (gauge) => this.#lanes(gauge),
    );
    metrics.gauge(
      'lanes_orphaned',
      'Lanes whose drain gave no sign of life for a minute and that nobody has taken over: zombie jobs.',
      ['kind'],
      (gauge) => this.#each(gauge, ({ orphaned }) => Number(orphaned)),
    );
    metrics.gauge(
      'lane_deaths',
      'How many drains of one lane in a row ended with the death of their process; the worst lane of a kind.',
      ['kind'],
      (gauge) => this.#each(gauge, ({ deaths }) => deaths),
    );
    metrics.gauge('lanes_in_flight', 'Lanes that this process drains, by kind.', ['kind'], (gauge) =>
      this.lanes.inFlight.forEach((count, kind) => gauge.set({ kind }, count)),
    );
    metrics.counter(
      'lane_failures_total',
      'Drains of this process that ended with an error, by kind: their lanes are tried again.',
      ['kind'],
      (counter) => {
        counter.reset();
        this.lanes.failures.forEach((count, kind) => counter.inc({ kind }, count));
      },
    );
    metrics.gauge(
      'queue_depth',
      'Webhooks and their events that are not processed, by state.',
      ['queue', 'state'],
      (gauge) => this.#depths(gauge),
    );
    metrics.gauge('dead_letters', 'Open dead letters by kind.', ['kind'], (gauge) => this.#deadLetters(gauge));
    metrics.gauge(
      'database_connections',
      'Connections of this process by pool: in use, idle, and requests waiting for one.',
      ['pool', 'state'],
      (gauge) => this.#pools(gauge),
    );
  }

  async #lanes(lanes: Gauge<'kind' | 'state'>): Promise<void> {
    const rows = await this.#work();
    lanes.reset();
    for (const { kind, due, waiting, running } of rows) {
      lanes.set({ kind, state: 'due' }, Number(due));
      lanes.set({ kind, state: 'waiting' }, Number(waiting));
      lanes.set({ kind, state: 'running' }, Number(running));
    }
  }

  async #each(gauge: Gauge<'kind'>, read: (row: LaneRow) => number): Promise<void> {
    const rows = await this.#work();
    gauge.reset();
    for (const row of rows) gauge.set({ kind: row.kind }, read(row));
  }

  /**
   * All gauges of one answer tell of one moment. A lane that is drained does not wait: whatever rings for it meanwhile is done in the same
   * turn or the next. One whose drain has died is orphaned.
   */
  #work(): Promise<LaneRow[]> {
    this.#asked ??= this.pools.requests
      .query<LaneRow>(
        `select kind, count(*) filter (where due_at <= business_now() and lease_until is null) as due,
           count(*) filter (where due_at > business_now() and lease_until is null) as waiting, count(*) filter (where lease_until is not null) as running,
           count(*) filter (where lease_until < now() - interval '1 minute') as orphaned, coalesce(max(deaths), 0) as deaths,
           coalesce(extract(epoch from business_now() - min(due_at) filter (where due_at <= business_now() and lease_until is null)), 0)::float8 as lag
         from (select kind, due_at, lease_until, deaths from lane
               union all select kind, due_at, null, 0 from lane_ring r
                 where not exists (select from lane l where l.kind = r.kind and l.key = r.key and l.lease_until is not null)) work group by kind`,
      )
      .then(({ rows }) => rows)
      .finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  /** Each count rides a partial index or the nil tenant's few rows: what is processed is never counted. */
  async #depths(depths: Gauge<'queue' | 'state'>): Promise<void> {
    const rows = await this.#asPlatform<{ queue: string; state: string; n: string }>(
      `select 'webhook-inbox' as queue, 'pending' as state, count(*) as n from webhook_inbox where state = 'pending'
       union all select 'webhook-events', 'pending', count(*) from webhook_event where state = 'pending'
       union all select 'webhook-events', 'orphan', count(*) from webhook_event where state = 'orphan'
       union all select 'webhook-events', state, count(*) from webhook_event where tenant_id = '${PLATFORM}' and state in ('unrouted', 'quarantined') group by state`,
    );
    depths.reset();
    for (const { queue, state, n } of rows) depths.set({ queue, state }, Number(n));
  }

  async #deadLetters(letters: Gauge<'kind'>): Promise<void> {
    const rows = await this.#asPlatform<{ kind: string; n: string }>(
      `select kind, count(*) as n from dead_letter where state = 'open' group by kind`,
    );
    letters.reset();
    for (const kind of this.#redrivable()) letters.set({ kind }, 0);
    for (const { kind, n } of rows) letters.set({ kind }, Number(n));
  }

  /** A series that appears with its first letters has not grown, for Prometheus: each is there before. */
  #redrivable(): string[] {
    return this.discovery
      .getProviders()
      .map((wrapper) => this.discovery.getMetadataByDecorator(Redrives, wrapper))
      .filter((kind) => kind !== undefined);
  }

  #pools(connections: Gauge<'pool' | 'state'>): void {
    const { ingest, background, requests } = this.pools;
    for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries({ ingest, requests, background })) {
      connections.set({ pool, state: 'busy' }, totalCount - idleCount);
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'awaited' }, waitingCount);
    }
  }

  #asPlatform<Row extends object>(statement: string): Promise<Row[]> {
    return this.scope.run(PLATFORM, () => this.unitOfWork.runSql((sql) => sql.query<Row>(statement)));
  }
}
