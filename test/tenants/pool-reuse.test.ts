import { NestFactory } from '@nestjs/core';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { DatabasePools } from '../../src/platform/database/pools.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

const TENANTS = 200;
const AREAS = 600;
const TURNS = 4000;
/** No more than the smallest pool serves without a wait. */
const AT_ONCE = 10;

describe('A connection that served one tenant tells the next nothing (F51)', () => {
  let database: TestDatabase;
  let context: INestApplicationContext;

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = testConfig(database);
    @Module({ imports: [ConfigModule.of(config), DatabaseModule] })
    class OnlyTheDatabase {}
    context = await NestFactory.createApplicationContext(OnlyTheDatabase, { logger: false });
  });
  afterAll(async () => {
    await context.close();
    await database.drop();
  });

  it(`${TENANTS} tenants, ${TURNS} transactions that end well, by a throw, by a broken statement or in the middle of a wait`, async () => {
    const [scope, unitOfWork, pools] = [context.get(TenantScope), context.get(UnitOfWork), context.get(DatabasePools)];
    const tenants = Array.from({ length: TENANTS }, () => tenantId(newId()));
    const fill = `insert into area (tenant_id, id, name, created_at) select $1::uuid, gen_random_uuid(), 'area ' || n, now() from generate_series(1, ${AREAS}) n`;
    for (const tenant of tenants) await scope.run(tenant, () => unitOfWork.runSql((sql) => sql.query(fill, [tenant])));

    let [own, foreign, aborted, seed] = [0, 0, 0, 20_261_121];
    /** A repeatable dice: mulberry32. */
    const dice = (sides: number): number => {
      seed = (seed + 0x6d2b79f5) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
    };
    const look = async (tenant: TenantId, end: number): Promise<void> => {
      const [seen] = await unitOfWork.sql.query<{ own: number; foreign: number }>(
        `select count(*) filter (where tenant_id = $1::uuid)::int as own, count(*) filter (where tenant_id <> $1::uuid)::int as "foreign" from area`,
        [tenant],
      );
      own += seen!.own;
      foreign += seen!.foreign;
      if (end === 0) throw new Error('thrown');
      if (end === 1) await unitOfWork.sql.query('select 1 / 0 as impossible');
      if (end === 2)
        await unitOfWork.sql.query(
          `insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, 'forged', now())`,
          [newId(), newId()],
        );
      if (end === 3)
        await unitOfWork.sql.query(`select set_config('app.tenant_id', $1, true)`, [tenants[dice(TENANTS)]]);
    };
    const turn = async (): Promise<void> => {
      const [tenant, end, kind] = [tenants[dice(TENANTS)]!, dice(8), dice(3)];
      const run = <T>(work: () => Promise<T>): Promise<T> =>
        kind === 0 ? unitOfWork.run(work) : unitOfWork.runSql(work);
      const served = kind === 2 ? lookWithoutScope() : scope.run(tenant, () => run(() => look(tenant, end)));
      await served.catch(() => aborted++);
    };
    const lookWithoutScope = async (): Promise<void> => {
      for (const pool of [pools.requests, pools.background])
        foreign += (await pool.query('select 1 from area')).rows.length;
    };
    let left = TURNS;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) await turn();
      }),
    );

    expect(foreign).toBe(0);
    expect(own).toBeGreaterThan(1_000_000);
    expect(aborted).toBeGreaterThan(TURNS / 10);
    for (const tenant of tenants) {
      const [kept] = await scope.run(tenant, () =>
        unitOfWork.runSql((sql) => sql.query<{ n: number }>('select count(*)::int as n from area')),
      );
      expect(kept!.n).toBe(AREAS);
    }
  });
});
