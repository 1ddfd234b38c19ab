import fc from 'fast-check';
import pg from 'pg';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import type { DatabasePools } from '../../src/platform/database/pools.js';
import { SystemClock } from '../../src/platform/clock/system-clock.js';
import { LaneLoop } from '../../src/platform/lanes/lane-loop.js';
import { type ClaimedLane, LaneTable } from '../../src/platform/lanes/lane-table.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

const KIND = 'test-turns';

describe('Tenants take turns at the lanes of a kind (F54, D15)', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.databaseUrl, max: 4 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(() => pool.query('delete from lane; delete from lane_ring'));

  const table = (): LaneTable => new LaneTable({ background: pool } as unknown as DatabasePools);
  const fill = (tenant: TenantId | null, count: number, ageSeconds: number): Promise<unknown> =>
    pool.query(
      `insert into lane (kind, key, tenant_id, due_at) select $1, $2 || ':' || n, $3::uuid, now() - make_interval(secs => $4) from generate_series(1, $5::int) n`,
      [KIND, tenant ?? 'nobody', tenant, ageSeconds, count],
    );
  const tenants = (count: number): TenantId[] => Array.from({ length: count }, () => tenantId(newId()));
  /** Claims one after another, as a busy process does when one place becomes free. */
  const drain = async (lanes: LaneTable, claims: number, size = 1): Promise<ClaimedLane[]> => {
    const claimed: ClaimedLane[] = [];
    for (let n = 0; n < claims; n++) {
      const some = await lanes.claim(KIND, size);
      claimed.push(...some);
      await Promise.all(some.map((lane) => lanes.release(lane, undefined)));
    }
    return claimed;
  };

  it('one with twenty thousand lanes that wait longer keeps nobody waiting', async () => {
    const [hot, ...others] = tenants(10) as [TenantId, ...TenantId[]];
    await fill(hot, 20_000, 3600);
    for (const other of others) await fill(other, 5, 1);
    const claimed = await drain(table(), 70);
    const places = others.map((other) => claimed.findIndex((lane) => lane.tenantId === other));
    expect(Math.max(...places)).toBeLessThan(16);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    // Five rounds: each has had all of its five, and the hot one has had its turns as well.
    for (const other of others) expect(claimed.filter((lane) => lane.tenantId === other)).toHaveLength(5);
    expect(claimed.filter((lane) => lane.tenantId === hot).length).toBeGreaterThan(5);
  });

  it('whatever they have: whoever waits is served within two rounds, and every lane once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 30 }), age: fc.integer({ min: 1, max: 5000 }) }), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 3 }),
        async (loads, size) => {
          await pool.query('delete from lane');
          const all = tenants(loads.length);
          for (const [index, { count, age }] of loads.entries()) await fill(all[index]!, count, age);
          const total = loads.reduce((sum, { count }) => sum + count, 0);
          const claimed = await drain(table(), Math.ceil(total / size) + 1, size);
          expect(claimed).toHaveLength(total);
          expect(new Set(claimed.map(({ key }) => key)).size).toBe(total);
          // The first claim is by age; then rounds, of which one claim in eight goes by age again.
          for (const tenant of all)
            expect(claimed.findIndex((lane) => lane.tenantId === tenant)).toBeLessThanOrEqual(
              2 * all.length * size + size,
            );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('and what belongs to nobody, or was left by a dead process, is not forgotten meanwhile', async () => {
    const [a, b] = tenants(2) as [TenantId, TenantId];
    await fill(a, 200, 60);
    await fill(b, 200, 60);
    await fill(null, 1, 3600);
    await pool.query(
      `insert into lane (kind, key, tenant_id, lease_until, drain_token) values ($1, 'left', $2, now() - interval '1 minute', gen_random_uuid())`,
      [KIND, a],
    );
    const claimed = await drain(table(), 30);
    expect(claimed.map(({ key }) => key)).toEqual(expect.arrayContaining(['nobody:1', 'left']));
    expect(claimed.find(({ key }) => key === 'left')).toMatchObject({ deaths: 1 });
  });

  it('and several processes never hold the same', async () => {
    const all = tenants(6);
    for (const tenant of all) await fill(tenant, 50, 10);
    const workers = [table(), table(), table()];
    const claimed: string[] = [];
    await Promise.all(
      workers.map(async (lanes) => {
        for (let n = 0; n < 25; n++) claimed.push(...(await lanes.claim(KIND, 4)).map(({ key }) => key));
      }),
    );
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(claimed).toHaveLength(300);
  });

  it('a tenant has no more places than its share, so that others find theirs free', async () => {
    const [hot, other] = tenants(2) as [TenantId, TenantId];
    await fill(hot, 20, 3600);
    let open = (): void => undefined;
    const gate = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
    const holders: (TenantId | undefined)[] = [];
    const places: number[] = [];
    const held = (): number => holders.filter((holder) => holder === hot).length;
    const loop = new LaneLoop(
      KIND,
      table(),
      new SystemClock(),
      { concurrency: 4, concurrencyPerTenant: 3 },
      async (lane) => {
        holders.push(lane.tenantId);
        places.push(held());
        await gate;
        holders.splice(holders.indexOf(lane.tenantId), 1);
        return undefined;
      },
    );
    loop.start();
    await until(() => held() === 3);
    await fill(other, 1, 0);
    loop.poke();
    await until(() => holders.includes(other));
    open();
    await until(async () => (await pool.query('select from lane')).rowCount === 0);
    await loop.stop();
    expect(Math.max(...places)).toBe(3);
    expect(places).toHaveLength(21);
  });

  it('at the price of one probe a tenant, however many lanes they have', async () => {
    const [hot, other] = tenants(2) as [TenantId, TenantId];
    await fill(hot, 20_000, 3600);
    await fill(other, 1, 1);
    await pool.query('analyze lane');
    const lanes = table();
    await lanes.claim(KIND, 1);
    const asked: string[] = [];
    const query = pool.query.bind(pool);
    const spied = {
      background: {
        query: (text: string, values: unknown[]) => {
          asked.push(text);
          return query(text, values);
        },
      },
    } as unknown as DatabasePools;
    const watched = new LaneTable(spied);
    await watched.claim(KIND, 1);
    await watched.claim(KIND, 1);
    const hop = asked.find((text) => text.includes('recursive turn'))!;
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off, timing off) ${hop}`, [
      KIND,
      '00000000-0000-0000-0000-000000000000',
      8,
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('lane_turn');
    expect(plan).not.toContain('Seq Scan on lane');
    // The hot tenant has twenty thousand; no part of the plan gives so much as a hundred.
    expect(plan).not.toMatch(/actual rows=\d{3,}/);
  });
});
