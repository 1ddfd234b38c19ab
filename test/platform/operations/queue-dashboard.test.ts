import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { AppModule } from '../../../src/app.module.js';
import { createApplication } from '../../../src/platform/http/configure-http.js';
import { DatabasePools } from '../../../src/platform/database/pools.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { describeOnEachQueueBackend } from '../../setup/redis.js';

const basic = (password: string, user = 'anybody'): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

interface Board {
  queues: {
    name: string;
    readOnlyMode: boolean;
    counts: Record<string, number>;
    jobs: { id: string; attempts: number; data: Record<string, unknown> }[];
  }[];
}

describeOnEachQueueBackend('The dashboard of the queues', (backend) => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = testConfig(database, { ROLE: 'api', REDIS_URL: backend.redisUrl() });
    app = await createApplication(AppModule.of(config), config);
    await app.init();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const get = (path = '', authorization?: string): Promise<LightMyRequestResponse> =>
    app.inject({ method: 'GET', url: `/ops/queues${path}`, headers: { ...(authorization && { authorization }) } });
  const board = async (query = ''): Promise<Board['queues']> =>
    (await get(`/api/queues${query}`, basic(PLATFORM_KEY))).json<Board>().queues;

  it.each([
    ['nothing', undefined],
    ['a wrong password', basic('wrong')],
    ['the key as user', basic('', PLATFORM_KEY)],
    ['a longer key', basic(`${PLATFORM_KEY}x`)],
    ['another bearer', 'Bearer nd_something'],
    ['nonsense', 'Basic %%%'],
  ])('is closed to who gives %s, page, files and data alike', async (_, authorization) => {
    for (const path of ['', '/', '/api/queues', '/static/js/main.js', '/api/queues/outbox/pause']) {
      const answer = await get(path, authorization);
      expect({ path, status: answer.statusCode }).toEqual({ path, status: 401 });
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
      expect(answer.body).not.toContain('bull');
    }
  });

  it('opens in a browser with any user name and the platform key, loads nothing from elsewhere and is not kept', async () => {
    const page = await get('', basic(PLATFORM_KEY));
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(page.body).toContain('<base href="/ops/queues/"');
    const [, script] = /src="(static\/js\/main[^"]+)"/.exec(page.body)!;
    expect((await get(`/${script}`, basic(PLATFORM_KEY))).statusCode).toBe(200);
    expect((await get('/api/queues', `Bearer ${PLATFORM_KEY}`)).statusCode).toBe(200);
  });

  it('shows what is due, what waits for its hour and what is in the works, of each kind; numbers are digests', async () => {
    await app.get(DatabasePools).requests.query(
      `insert into lane_ring (kind, key, due_at) values ('outbox', 'a:1', now() - interval '1 minute'), ('outbox', 'a:1', now()), ('outbox', 'b:1', now() + interval '1 hour');
       insert into lane (kind, key, lease_until, drain_token, deaths) values ('outbox', '106540352242922:919876543210', now() + interval '30 seconds', gen_random_uuid(), 2)`,
    );
    const [outbox] = (await board('?activeQueue=outbox&status=latest&page=1&jobsPerPage=10')).filter(
      ({ name }) => name === 'outbox',
    );
    expect(outbox).toMatchObject({ readOnlyMode: true, counts: { active: 1, waiting: 1, delayed: 1 } });
    expect(outbox!.jobs.map(({ data }) => data['deaths'])).toEqual([2, 0, 0]);
    expect(outbox!.jobs[0]).toMatchObject({ attempts: 2 });
    expect(JSON.stringify(outbox)).not.toContain('919876543210');
    expect((await board()).map(({ name }) => name)).toEqual(expect.arrayContaining(['whatsapp-send-queue', 'outbox']));
  });

  it('shows what is due at a number that cannot send, for which no lane is under way (S2.77)', async () => {
    const { tenant } = (
      await app.inject({
        method: 'POST',
        url: '/v1/tenants',
        headers: { authorization: `Bearer ${PLATFORM_KEY}` },
        payload: {
          ...{ name: 'Merchant', country: 'IN', currency: 'INR' },
          admin: { email: 'admin@merchant.example', password: 'a-long-test-password', name: 'Admin' },
        },
      })
    ).json<{ tenant: { id: string } }>();
    const client = await app.get(DatabasePools).requests.connect();
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenant.id]);
    await client.query(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, priority, state, next_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), case when n > 3 then '222' else '111' end, 'OUTBOUND', 'phone', '919876543210', 'text', '{}', 'order_update', 1, 'queued',
         now() - interval '1 hour' + n * interval '1 minute', now(), now() from generate_series(1, 5) n`,
      [tenant.id],
    );
    client.release(true);
    const queueOf = async (): Promise<Board['queues'][number]> =>
      (await board('?activeQueue=whatsapp-send-queue&status=latest&page=1&jobsPerPage=10')).find(
        ({ name }) => name === 'whatsapp-send-queue',
      )!;
    const held = await queueOf();
    expect(held.counts).toEqual({ active: 0, waiting: 0, delayed: 0, paused: 2 });
    expect(held.jobs).toMatchObject([
      { id: '111', data: { tenantId: tenant.id, held: 3 } },
      { id: '222', data: { tenantId: tenant.id, held: 2 } },
    ]);
    const lanes = app.get(DatabasePools).requests;
    await lanes.query(`insert into lane_ring (kind, key, due_at) values ('whatsapp-send-queue', '111', now())`);
    expect((await queueOf()).counts).toEqual({ active: 0, waiting: 1, delayed: 0, paused: 1 });
  });

  it('changes nothing, also for the operator', async () => {
    for (const [method, path] of [
      ['PUT', '/api/queues/outbox/pause'],
      ['PUT', '/api/queues/outbox/empty'],
      ['POST', '/api/queues/outbox/add'],
      ['PATCH', '/api/queues/outbox/1/update-data'],
      ['DELETE', '/api/queues/outbox'],
    ] as const)
      expect(
        (await app.inject({ method, url: `/ops/queues${path}`, headers: { authorization: basic(PLATFORM_KEY) } }))
          .statusCode,
      ).toBeGreaterThanOrEqual(404);
  });
});
