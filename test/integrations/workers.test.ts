import type { INestApplication } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { newId, tenantId } from '../../src/kernel/ids.js';
import { AppModule } from '../../src/app.module.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { createApplication } from '../../src/platform/http/configure-http.js';
import { TenantEvents } from '../../src/platform/realtime/tenant-events.js';
import { PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';
import { said } from './integrations-rig.js';
import { Receiver } from './receiver.js';

describe('Workers tell what happened as it happens (D18)', () => {
  const receivers: Receiver[] = [];
  const processes: INestApplication[] = [];
  let database: TestDatabase;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    receivers.push(await Receiver.start(), await Receiver.start());
    const origins = receivers.map(({ origin }) => origin).join(',');
    for (const ROLE of ['all', 'worker']) {
      const config = testConfig(database, { ROLE, WEBHOOK_TRUSTED_ORIGINS: origins });
      const app = await createApplication(AppModule.of(config), config);
      await (ROLE === 'all' ? app.listen(0, '127.0.0.1') : app.init());
      processes.push(app);
    }
    url = await processes[0]!.getUrl();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((app) => app.close()));
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    await database.drop();
  });

  const post = async <Body>(path: string, token: string, payload: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(payload) });
    return (await answer.json()) as Body;
  };

  it('to each endpoint all of it once, in order per conversation, though two processes are at it and one receiver never answers; signed as documented', async () => {
    const admin = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { tenant, apiKey } = await post<{ tenant: { id: string }; apiKey: string }>('/v1/tenants', PLATFORM_KEY, {
      name: 'Merchant',
      country: 'IN',
      currency: 'INR',
      admin,
    });
    const [quick, mute] = [receivers[0]!, receivers[1]!];
    mute.answer = () => undefined;
    const secrets: string[] = [];
    for (const receiver of receivers)
      secrets.push((await post<{ secret: string }>('/v1/webhook-endpoints', apiKey, { url: receiver.url })).secret);
    const threads = Array.from({ length: 10 }, () => newId());
    for (let n = 0; n < 100; n += 10)
      await processes[0]!
        .get(TenantScope, { strict: false })
        .run(tenantId(tenant.id), () =>
          processes[0]!
            .get(UnitOfWork, { strict: false })
            .runSql(() =>
              processes[0]!
                .get(TenantEvents, { strict: false })
                .append(threads.map((thread, index) => said(thread, n + index))),
            ),
        );
    await until(() => quick.heard.length >= 100, { within: 30_000 });
    expect(new Set(quick.ids).size).toBe(100);
    expect(quick.ids).toHaveLength(100);
    for (const [index, thread] of threads.entries())
      expect(
        quick.heard.flatMap(({ event }) => (event.data['conversationId'] === thread ? [event.data['n']] : [])),
      ).toEqual(Array.from({ length: 10 }, (_, n) => 10 * n + index));
    expect(mute.heard.length).toBeLessThanOrEqual(16);
    const { verify } = await snippet();
    for (const { headers, body } of quick.heard) expect(verify(secrets[0]!, headers, body)).toBe(true);
    expect(verify(secrets[1]!, quick.heard[0]!.headers, quick.heard[0]!.body)).toBe(false);
  }, 60_000);

  /** What the documentation tells merchants to write. */
  async function snippet(): Promise<{ verify: (secret: string, headers: object, body: string) => boolean }> {
    const page = await readFile('docs/webhooks.md', 'utf8');
    const [, code] = /```js\n(.*?)```/s.exec(page)!;
    return (await import(`data:text/javascript,${encodeURIComponent(code!)}`)) as Awaited<ReturnType<typeof snippet>>;
  }
});
