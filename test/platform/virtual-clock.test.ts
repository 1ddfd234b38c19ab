import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Clock } from '../../src/kernel/clock.js';
import { PLATFORM } from '../../src/kernel/ids.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { VirtualClock } from '../../src/platform/clock/virtual-clock.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { DrainsLane, LaneDrain } from '../../src/platform/lanes/lane-drain.js';
import { Lanes } from '../../src/platform/lanes/lanes.js';
import { LanesModule } from '../../src/platform/lanes/lanes.module.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

const HOUR = 3_600_000;

/** What was done, by the business clock. */
const done: { errands: number[]; upkeep: number[] } = { errands: [], upkeep: [] };

@Injectable()
@DrainsLane('errands')
class Errands extends LaneDrain {
  readonly concurrency = 2;

  constructor(private readonly clock: Clock) {
    super();
  }

  drain(): Promise<undefined> {
    done.errands.push(this.clock.now().getTime());
    return Promise.resolve(undefined);
  }
}

@Injectable()
@DrainsLane('upkeep')
class HourlyUpkeep extends LaneDrain {
  readonly concurrency = 1;
  override readonly isUpkeep = true;

  constructor(private readonly clock: Clock) {
    super();
  }

  drain(): Promise<Date> {
    done.upkeep.push(this.clock.now().getTime());
    return Promise.resolve(new Date(this.clock.now().getTime() + HOUR));
  }
}

describe('A virtual clock that is moved over many days', () => {
  let database: TestDatabase;
  let engine: INestApplicationContext;

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = testConfig(database, { ROLE: 'all', SANDBOX: '1' });
    @Module({
      imports: [
        ConfigModule.of(config),
        DatabaseModule,
        ClockModule.of(config),
        QueueModule.forRoot(),
        LanesModule,
        LanesModule.forKinds('errands', 'upkeep'),
      ],
      providers: [Errands, HourlyUpkeep],
    })
    class Engine {}
    engine = await NestFactory.createApplicationContext(Engine, { logger: false });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('stops where something was asked for, does the hourly upkeep on the way, and does not stop for it', async () => {
    const clock = engine.get<VirtualClock>(Clock);
    const begun = clock.now().getTime();
    const asked = [5, 50, 500].map((hours) => begun + hours * HOUR);
    const work = async (): Promise<void> => {
      await engine.get(Lanes).ring(
        'errands',
        asked.map((at, n) => ({ key: `errand-${n}`, dueAt: new Date(at) })),
      );
      await engine.get(Lanes).ring('upkeep', [{ key: 'shelf', dueAt: new Date(begun + HOUR) }]);
    };
    await engine.get(TenantScope).run(PLATFORM, () => engine.get(UnitOfWork).run(work));
    await clock.advance(new Date(begun + 1000 * HOUR));
    expect(done.errands).toHaveLength(asked.length);
    done.errands.forEach((at, n) => expect(Math.abs(at - asked[n]!)).toBeLessThan(HOUR / 10));
    const stops = [...asked, begun + 1000 * HOUR];
    expect(done.upkeep).toHaveLength(stops.length);
    done.upkeep.forEach((at, n) => expect(Math.abs(at - stops[n]!)).toBeLessThan(HOUR / 10));
  });

  it('is as far in every drain as when its lane fell due, also where another process has moved it', async () => {
    const clock = engine.get<VirtualClock>(Clock);
    done.errands.length = 0;
    const dueAt = new Date(clock.now().getTime() + HOUR);
    await engine.get(TenantScope).run(PLATFORM, () =>
      engine.get(UnitOfWork).run(async () => {
        await engine.get(UnitOfWork).sql.query('update business_clock set offset_ms = offset_ms + $1', [HOUR]);
        await engine.get(Lanes).ring('errands', [{ key: 'late', dueAt }]);
      }),
    );
    await until(() => done.errands.length === 1);
    expect(done.errands[0]).toBeGreaterThanOrEqual(dueAt.getTime());
  });
});
