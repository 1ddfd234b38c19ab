import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId } from '../../../src/kernel/ids.js';
import { DatabasePools } from '../../../src/platform/database/pools.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { describeOnEachQueueBackend } from '../../setup/redis.js';
import { startApplication } from '../http/application.js';

interface Answer {
  status: number;
  body: unknown;
}

describeOnEachQueueBackend('Health', (backend) => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  const get = async (url: string): Promise<Answer> => {
    const response = await app.inject({ method: 'GET', url });
    return { status: response.statusCode, body: response.json() };
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database, { REDIS_URL: backend.redisUrl() }), {});
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  it('is live without asking anybody (S2.45, S2.75)', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { ok: true } });
    expect(await get('/health/live')).toEqual({ status: 200, body: { ok: true } });
  });

  it('is ready when the database, its migrations and the queue are there', async () => {
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: { ready: true, checks: { database: 'ok', migrations: 'ok', queue: 'ok', lifecycle: 'ok' } },
    });
    expect(await get('/whatsapp/health')).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        services: {
          messageHandler: 'operational',
          redis: backend.kind === 'redis' ? 'operational' : 'not-used',
          database: 'operational',
        },
      },
    });
  });

  it('is live but not ready when the database is gone', async () => {
    await app.inject('/health/ready');
    await database.drop();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { ready: false, checks: { database: 'failed' } },
    });
    expect(await get('/whatsapp/health')).toMatchObject({
      status: 503,
      body: { status: 'unhealthy', services: { database: 'down', messageHandler: 'down' } },
    });
    expect(await get('/health/live')).toMatchObject({ status: 200 });
  });

  it('says that messages are delayed while due work waits for more than a minute', async () => {
    await app
      .get(DatabasePools)
      .requests.query(
        `insert into lane_ring (kind, key, due_at) values ('webhook-inbound', 'k', now() - interval '2 minutes')`,
      );
    expect(await get('/whatsapp/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', services: { messageHandler: 'delayed' } },
    });
    expect(await get('/health/ready')).toMatchObject({ status: 200 });
  });

  it('is not ready from the first step of stopping on, while requests are still answered (reliability 2.12)', async () => {
    const seen: Answer[] = [];
    // Lanes are stopped in this phase, with the server still open.
    const pools = app.get<DatabasePools & { beforeApplicationShutdown?: () => Promise<void> }>(DatabasePools);
    pools.beforeApplicationShutdown = async () => void seen.push(await get('/health/ready'), await get('/health/live'));
    await app.close();
    expect(seen).toEqual([
      {
        status: 503,
        body: { ready: false, checks: { database: 'ok', migrations: 'ok', queue: 'ok', lifecycle: 'failed' } },
      },
      { status: 200, body: { ok: true } },
    ]);
  });
});

describe('Health when Redis is down', () => {
  it('stays ready: work goes on by the sweep (F32)', async () => {
    const database = await createTestDatabase();
    const app = await startApplication(testConfig(database, { REDIS_URL: 'redis://127.0.0.1:1' }), {});
    expect((await app.inject('/health/ready')).json()).toEqual({
      ready: true,
      checks: { database: 'ok', migrations: 'ok', queue: 'degraded', lifecycle: 'ok' },
    });
    expect((await app.inject('/whatsapp/health')).json()).toMatchObject({
      status: 'degraded',
      services: { redis: 'down', database: 'operational' },
    });
    await app.close();
    await database.drop();
  });
});

describe('Metrics (S2.77)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), {});
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const read = async (): Promise<string> =>
    (await app.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' })).body;

  it('tell of lanes, queues, dead letters, requests, connections and the event loop', async () => {
    const { requests } = app.get(DatabasePools);
    const tenant = newId();
    await requests.query(
      `insert into lane_ring (kind, key, due_at) values ('webhook-split', 'a', now() - interval '90 seconds'), ('webhook-split', 'b', now() + interval '1 hour')`,
    );
    await requests.query(
      `insert into lane (kind, key, lease_until, drain_token) values ('outbox', 'c', now() + interval '30 seconds', gen_random_uuid())`,
    );
    await requests.query(`begin; select set_config('app.tenant_id', '${tenant}', true);
      insert into dead_letter (tenant_id, id, kind, subject_id, reason, first_at, last_at) values ('${tenant}', gen_random_uuid(), 'webhook-event', 's', 'r', now(), now()); commit`);
    await app.inject('/v1/nothing');
    const text = await read();
    expect(text).toContain('nodue_lanes{kind="webhook-split",state="due"} 1');
    expect(text).toContain('nodue_lanes{kind="webhook-split",state="waiting"} 1');
    expect(text).toContain('nodue_lanes{kind="outbox",state="running"} 1');
    expect(Number(/nodue_lane_lag_seconds\{kind="webhook-split"\} ([\d.]+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(
      90,
    );
    expect(text).toContain('nodue_dead_letters{kind="webhook-event"} 1');
    expect(text).toContain('nodue_queue_depth{queue="webhook-inbox",state="pending"} 0');
    expect(text).toMatch(/nodue_http_request_duration_seconds_count\{method="GET",route="unmatched",status="404"\} 1/);
    expect(text).toMatch(/nodue_database_connections\{pool="ingest",state="idle"\} \d/);
    expect(text).toMatch(/nodue_nodejs_eventloop_lag_p99_seconds/);
    expect(text).not.toContain(tenant);
  });

  it('are open on the machine itself, and for the platform key elsewhere', async () => {
    const call = async (remoteAddress: string, headers: Record<string, string> = {}): Promise<number> =>
      (await app.inject({ method: 'GET', url: '/metrics', remoteAddress, headers })).statusCode;
    expect(await call('127.0.0.1')).toBe(200);
    expect(await call('::1')).toBe(200);
    expect(await call('203.0.113.7')).toBe(401);
    expect(await call('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe(401);
    expect(await call('203.0.113.7', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await call('203.0.113.7', { authorization: `Bearer ${PLATFORM_KEY}` })).toBe(200);
  });

  it('are still told when the database does not answer', async () => {
    await database.drop();
    expect(await read()).toContain('nodue_process_cpu_seconds_total');
  });
});
