import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DatabasePools } from '../../../src/platform/database/pools.js';
import { DrainsLane, LaneDrain } from '../../../src/platform/lanes/lane-drain.js';
import { LanesModule } from '../../../src/platform/lanes/lanes.module.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { startApplication } from '../http/application.js';

@Injectable()
@DrainsLane('test-failing')
class FailingDrain extends LaneDrain {
  readonly concurrency = 2;

  drain(): Promise<Date | undefined> {
    return Promise.reject(new Error('always'));
  }
}

describe('A drain that always throws (S2.78)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), {
      imports: [LanesModule.forKinds('test-failing')],
      providers: [FailingDrain],
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const failures = async (): Promise<number> => {
    const text = await app.get(Metrics, { strict: false }).registry.metrics();
    return Number(/nodue_lane_failures_total\{kind="test-failing"\} (\d+)/.exec(text)![1]);
  };

  it('is counted from zero on, though its lane is never late for long', async () => {
    expect(await failures()).toBe(0);
    const { requests } = app.get(DatabasePools, { strict: false });
    await requests.query(`insert into lane_ring (kind, key, due_at) values ('test-failing', 'a', now())`);
    await until(async () => (await failures()) >= 2, { within: 15_000 });
  });

  it('is tried again ever later', async () => {
    const { requests } = app.get(DatabasePools, { strict: false });
    const wait = async (): Promise<number> => {
      const { rows } = await requests.query<{ wait: number | null }>(
        `select extract(epoch from due_at - now())::float8 as wait from lane where kind = 'test-failing' and key = 'a' and lease_until is null`,
      );
      return rows[0]?.wait ?? 0;
    };
    await until(async () => (await wait()) > 2, { within: 15_000 });
  });
});
