import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { DatabasePools } from '../../src/platform/database/pools.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../src/platform/lanes/lane-drain.js';
import { Lanes } from '../../src/platform/lanes/lanes.js';
import { LanesModule } from '../../src/platform/lanes/lanes.module.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { describeOnEachQueueBackend } from '../setup/redis.js';
import { until } from '../setup/until.js';

/** What the drain of the test is told to do, and what it saw. Shared by all engines of the test. */
const script: {
  active: Map<string, number>;
  overlaps: number;
  turns: LaneTurn[];
  scopes: (string | undefined)[];
  behave: (turn: LaneTurn) => Promise<Date | undefined>;
} = {
  active: new Map(),
  overlaps: 0,
  turns: [],
  scopes: [],
  behave: () => Promise.resolve(undefined),
};

@Injectable()
@DrainsLane('test-lane')
class TestDrain extends LaneDrain {
  readonly concurrency = 8;

  constructor(private readonly scope: TenantScope) {
    super();
  }

  async drain(turn: LaneTurn): Promise<Date | undefined> {
    script.overlaps += script.active.get(turn.key) ?? 0;
    script.active.set(turn.key, 1);
    script.turns.push(turn);
    script.scopes.push(this.scope.current);
    try {
      return await script.behave(turn);
    } finally {
      script.active.set(turn.key, 0);
    }
  }
}

describeOnEachQueueBackend('A lane', (backend) => {
  const tenant: TenantId = tenantId(newId());
  let database: TestDatabase;
  let engines: INestApplicationContext[];

  const start = (role: 'all' | 'api' | 'worker'): Promise<INestApplicationContext> => {
    const config = testConfig(database, { ROLE: role, REDIS_URL: backend.redisUrl() });
    @Module({
      imports: [
        ConfigModule.of(config),
        DatabaseModule,
        ClockModule.of(config),
        QueueModule.forRoot(),
        LanesModule,
        LanesModule.forKinds('test-lane'),
      ],
      providers: [TestDrain],
    })
    class Engine {}
    return NestFactory.createApplicationContext(Engine, { logger: false });
  };
  const ring = (key: string, dueAt = new Date(), from = engines[0]!): Promise<void> =>
    from
      .get(TenantScope)
      .run(tenant, () => patiently(from, () => from.get(Lanes).ring('test-lane', [{ key, tenantId: tenant, dueAt }])));
  const patiently = (engine: INestApplicationContext, work: () => Promise<void>): Promise<void> =>
    engine.get(UnitOfWork).inBackground(() => engine.get(UnitOfWork).run(work));
  const rows = async (): Promise<number> => {
    const { rows } = await engines[0]!
      .get(DatabasePools)
      .requests.query<{ n: number }>(
        'select (select count(*) from lane)::int + (select count(*) from lane_ring)::int as n',
      );
    return rows[0]!.n;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    engines = [await start('api'), await start('worker'), await start('worker')];
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await database.drop();
  });
  beforeEach(async () => {
    script.behave = () => Promise.resolve(undefined);
    await until(async () => (await rows()) === 0);
    Object.assign(script, { active: new Map(), overlaps: 0, turns: [], scopes: [] });
  });

  it('that is rung in one process is drained in another, in the scope of its tenant (S2.66)', async () => {
    await ring('a');
    await until(() => script.turns.length === 1, { within: 3000 });
    expect(script.turns[0]).toMatchObject({ key: 'a', tenantId: tenant, deaths: 0 });
    expect(script.scopes).toEqual([tenant]);
    await until(async () => (await rows()) === 0);
  });

  it('is not drained when the transaction that rang it rolls back', async () => {
    const engine = engines[0]!;
    const work = engine.get(TenantScope).run(tenant, () =>
      engine.get(UnitOfWork).run(async () => {
        await engine.get(Lanes).ring('test-lane', [{ key: 'rolled-back', tenantId: tenant, dueAt: new Date() }]);
        throw new Error('no');
      }),
    );
    await expect(work).rejects.toThrow('no');
    await ring('committed');
    await until(() => script.turns.length > 0);
    expect(script.turns.map(({ key }) => key)).toEqual(['committed']);
  });

  it('has one active drain however often it is rung, and a ring during a drain leads to another turn', async () => {
    let done = 0;
    script.behave = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      done++;
      return undefined;
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => ring(`key-${n % 5}`)));
    await until(async () => done > 0 && (await rows()) === 0, { within: 15_000 });
    expect(script.overlaps).toBe(0);
    expect(new Set(script.turns.map(({ key }) => key)).size).toBe(5);
    const before = script.turns.length;
    let release = (): void => undefined;
    script.behave = () => new Promise((resolve) => (release = () => resolve(undefined)));
    await ring('late');
    await until(() => script.turns.length === before + 1);
    await ring('late');
    release();
    await until(() => script.turns.length === before + 2);
    release();
    await until(async () => (await rows()) === 0);
  });

  it('waits for the instant at which it is due', async () => {
    const due = new Date(Date.now() + 700);
    let ranAt = 0;
    script.behave = () => Promise.resolve(void (ranAt = Date.now()));
    await ring('later', due);
    await until(() => ranAt > 0);
    expect(ranAt).toBeGreaterThanOrEqual(due.getTime());
  });

  it('comes back when its drain asked for it, and when its drain failed', async () => {
    script.behave = (turn) =>
      script.turns.length === 1
        ? Promise.reject(new Error(`fault in ${turn.key}`))
        : Promise.resolve(script.turns.length < 3 ? new Date() : undefined);
    await ring('again');
    await until(async () => script.turns.length === 3 && (await rows()) === 0, { within: 15_000 });
  });

  it('is taken over, and says so, when the process that drained it is dead', async () => {
    // A process died in its drain: the claim is there, its lease is over, nobody is left.
    await engines[0]!
      .get(DatabasePools)
      .requests.query(
        `insert into lane (kind, key, tenant_id, drain_token, lease_until) values ('test-lane', 'orphaned', $1, gen_random_uuid(), now() - interval '1 second')`,
        [tenant],
      );
    await until(() => script.turns.length === 1, { within: 10_000 });
    expect(script.turns[0]).toMatchObject({ key: 'orphaned', deaths: 1 });
  });

  it('is found by the sweep when every wake-up was lost (S2.66)', async () => {
    await engines[0]!
      .get(DatabasePools)
      .requests.query(
        `insert into lane_ring (kind, key, tenant_id, due_at) values ('test-lane', 'unheard', $1, now())`,
        [tenant],
      );
    await until(() => script.turns.some(({ key }) => key === 'unheard'), { within: 10_000 });
  });

  it('does not hold up a process that is told to end while it starts', async () => {
    for (let n = 0; n < 3; n++) {
      const engine = await start('worker');
      await engine.close();
      await expect(engine.get(DatabasePools).background.query('select 1')).rejects.toThrow();
    }
  });
});
