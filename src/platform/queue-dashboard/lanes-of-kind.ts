import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Queue } from 'bullmq';
import type { DatabasePools } from '../database/pools.js';
import type { Scrubber } from '../logging/scrubber.js';
import type { DueWork } from './due-work.js';

type Shown = Awaited<ReturnType<BullMQAdapter['getJobs']>>[number];
type Counts = Awaited<ReturnType<BullMQAdapter['getJobCounts']>>;
type State = 'active' | 'waiting' | 'delayed' | 'paused';

interface LaneRow {
  key: string;
  tenant_id: string | null;
  due_at: Date | null;
  lease_until: Date | null;
  deaths: number;
  state: State;
  /** How much is held. */
  held: number | null;
}

/** Paused: due, but held until something else happens. */
const STATES: readonly State[] = ['active', 'waiting', 'delayed', 'paused'];

/** Lanes, and rings that no worker has folded into one yet; then what is due ($2 to $5) and has neither. */
const LANES = `
  with work as (
    select key, tenant_id, due_at, lease_until, deaths from lane where kind = $1
    union all select key, (array_agg(tenant_id))[1], min(due_at), null, 0 from lane_ring where kind = $1 group by key)
  select key, tenant_id, due_at, lease_until, deaths,
    case when lease_until is not null then 'active' when due_at <= business_now() then 'waiting' else 'delayed' end as state, null::float8 as held
  from work
  union all select key, tenant_id, due_at, null, 0, 'paused', held
  from unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::float8[]) as due (key, tenant_id, due_at, held)
  where not exists (select from work where work.key = due.key)`;

/**
 * A kind of work as the dashboard shows it. A queue of BullMQ holds wake-ups that carry no truth, and are gone when they were heard; what is due, for
 * how long and with how many deaths stands in the lanes, on Redis and on PostgreSQL alike. Nothing can be changed here.
 */
export class LanesOfKind extends BullMQAdapter {
  readonly #kind: string;

  constructor(
    queue: Queue,
    private readonly pools: DatabasePools,
    private readonly scrubber: Scrubber,
    private readonly dueWork: DueWork | undefined,
  ) {
    super(queue, { readOnlyMode: true, allowRetries: false });
    this.#kind = queue.name;
  }

  override getStatuses(): ReturnType<BullMQAdapter['getStatuses']> {
    return ['latest', ...STATES] as ReturnType<BullMQAdapter['getStatuses']>;
  }

  override getJobStatuses(): ReturnType<BullMQAdapter['getJobStatuses']> {
    return [...STATES] as ReturnType<BullMQAdapter['getJobStatuses']>;
  }

  override async getJobCounts(): Promise<Counts> {
    const rows = await this.#ask<{ state: State; n: number }>(
      `select state, count(*)::int as n from (${LANES}) lanes group by state`,
    );
    const counted = new Map(rows.map(({ state, n }) => [state, n]));
    return Object.fromEntries(STATES.map((state) => [state, counted.get(state) ?? 0]));
  }

  /** The longest due first. */
  override async getJobs(states: string[], start = 0, end = 99): Promise<Shown[]> {
    const rows = await this.#ask<LaneRow>(
      `select * from (${LANES}) lanes where state = any($6::text[]) order by due_at nulls first, key limit $7::int offset $8::int`,
      [states, end - start + 1, start],
    );
    return rows.map((row) => this.#show(row));
  }

  override async getJob(key: string): Promise<Shown | undefined> {
    const rows = await this.#ask<LaneRow>(LANES);
    const row = rows.find((one) => this.#idOf(one) === key);
    return row && this.#show(row);
  }

  override getJobLogs(): Promise<string[]> {
    return Promise.resolve([]);
  }

  /** Nobody can tell: workers sleep in the database, too. */
  override getWorkers(): Promise<null> {
    return Promise.resolve(null);
  }

  async #ask<Row extends object>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const due = (await this.dueWork?.due()) ?? [];
    const held = [
      due.map(({ key }) => key),
      due.map(({ tenantId }) => tenantId),
      due.map(({ since }) => since.toISOString()),
      due.map(({ count }) => count),
    ];
    return (await this.pools.requests.query<Row>(statement, [this.#kind, ...held, ...parameters])).rows;
  }

  /** Keys of customers' lanes hold their numbers. */
  #idOf({ key }: LaneRow): string {
    return this.scrubber.text(key.replace(/(?<=:|^)\d{7,15}$/, (digits) => `+${digits}`));
  }

  #show(row: LaneRow): Shown {
    const { tenant_id: tenantId, due_at: dueAt, lease_until: leaseUntil, deaths, state, held } = row;
    const json = {
      ...{ id: this.#idOf(row), name: this.#kind, progress: 0, attemptsMade: deaths, opts: {} },
      timestamp: (dueAt ?? leaseUntil ?? new Date(0)).getTime(),
      ...{ failedReason: '', stacktrace: [], returnvalue: null },
      data: { tenantId, dueAt, leaseUntil, deaths, ...(held !== null && { held }) },
    };
    const never = (): Promise<never> => Promise.reject(new Error('The dashboard changes nothing'));
    return {
      opts: {},
      toJSON: () => json,
      getState: () => Promise.resolve(state),
      ...{ promote: never, remove: never, retry: never },
    } as unknown as Shown;
  }
}
