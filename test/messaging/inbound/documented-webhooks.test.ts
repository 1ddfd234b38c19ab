import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { AppModule } from '../../../src/app.module.js';
import { newId } from '../../../src/kernel/ids.js';
import { APPLICATION_OPTIONS, configureHttp } from '../../../src/platform/http/configure-http.js';
import { fastifyAdapter } from '../../../src/platform/http/fastify-adapter.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { signature } from './harness.js';

interface Example {
  readonly pages: readonly string[];
  readonly webhook: {
    readonly entry: readonly {
      readonly id?: string;
      readonly changes?: readonly { readonly field?: string; readonly value?: Record<string, unknown> }[];
    }[];
  };
}

const FOLDER = join(process.cwd(), 'test', 'webhook-examples');
const examples = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Example) }))
  // The pages use one wamid for many messages: what is written on the phone now comes first, lest it be known as something else.
  .sort((a, b) => Number(b.name.includes('echoes')) - Number(a.name.includes('echoes')));

describe('Every webhook that Meta documents is accepted and ends in its table or in the log (S1.85, S1.96)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let probe: pg.Client;
  let tenantId: string;
  let afterOnce: Record<string, number>;

  async function sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await probe.query(text, parameters)).rows as Row[];
  }

  async function postAll(): Promise<Record<string, number>> {
    const answers: Record<string, number> = {};
    for (const { name, webhook } of examples) {
      const payload = JSON.stringify(webhook);
      const post = () =>
        app.inject({
          method: 'POST',
          url: '/whatsapp/webhook',
          headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(payload) },
          payload,
        });
      // A machine under load says "later", and Meta comes again.
      answers[name] = await until(
        async () => {
          const { statusCode } = await post();
          return statusCode === 503 ? undefined : statusCode;
        },
        { within: 30_000 },
      );
    }
    return answers;
  }

  async function settled(): Promise<void> {
    await until(
      async () => {
        const [work] = await sql<{ waiting: number }>(
          `select ((select count(*) from webhook_inbox where state = 'pending') + (select count(*) from webhook_event where state = 'pending'))::int as waiting`,
        );
        return work!.waiting === 0;
      },
      { within: 120_000 },
    );
  }

  async function counts(): Promise<Record<string, number>> {
    const tables = [
      'webhook_event',
      'message',
      'thread',
      'contact',
      'wa_template',
      'call_record',
      'history_sync',
      'marketing_preference',
      'account_alert',
    ];
    const found = await Promise.all(
      tables.map(async (table) => {
        const [row] = await sql<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = $1`, [
          tenantId,
        ]);
        return [table, row!.n] as const;
      }),
    );
    return Object.fromEntries(found);
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = testConfig(database, { ROLE: 'all' });
    const module = await Test.createTestingModule({ imports: [AppModule.of(config)] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), APPLICATION_OPTIONS);
    app.useLogger(false);
    configureHttp(app);
    await app.init();
    const superuser = new URL(process.env['NODUE_TEST_SUPERUSER_URL'] ?? '');
    superuser.pathname = new URL(database.databaseUrl).pathname;
    probe = new pg.Client({ connectionString: superuser.href });
    await probe.connect();
    const registered = await app.inject({
      method: 'POST',
      url: '/v1/tenants',
      headers: { authorization: `Bearer ${PLATFORM_KEY}` },
      payload: {
        name: 'Lucky Shrub',
        country: 'IN',
        currency: 'INR',
        admin: { email: 'admin@merchant.example', password: 'a-long-test-password', name: 'Admin' },
      },
    });
    tenantId = registered.json<{ tenant: { id: string } }>().tenant.id;
    await connectEverything();
    expect(new Set(Object.values(await postAll()))).toEqual(new Set([200]));
    await settled();
    afterOnce = await counts();
  }, 300_000);

  afterAll(async () => {
    await probe?.end();
    await app?.close();
    await database.drop();
  });

  /** Each account and number that the examples name is this merchant's. */
  async function connectEverything(): Promise<void> {
    const entries = examples.flatMap(({ webhook }) => webhook.entry);
    const accounts = new Set(entries.flatMap(({ id }) => (id === undefined ? [] : [String(id)])));
    const numbers = new Map<string, string>();
    for (const { value } of entries.flatMap(({ changes }) => changes ?? [])) {
      const metadata = value?.['metadata'] as { phone_number_id?: string; display_phone_number?: string } | undefined;
      if (metadata?.phone_number_id !== undefined)
        numbers.set(metadata.phone_number_id, metadata.display_phone_number ?? '');
    }
    let main = '';
    for (const waba of accounts) {
      const id = newId();
      if (waba === '102290129340398') main = id;
      await sql(`insert into tenant_directory (kind, key, tenant_id) values ('waba', $1, $2)`, [waba, tenantId]);
      await sql(
        `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at) values ($1, $2, $3, 'connected', 'complete', now(), now())`,
        [tenantId, id, waba],
      );
    }
    for (const [number, display] of numbers) {
      await sql(`insert into tenant_directory (kind, key, tenant_id) values ('phone_number', $1, $2)`, [
        number,
        tenantId,
      ]);
      await sql(
        `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at) values ($1, $2, $3, $4, now(), now())`,
        [tenantId, number, main, `+${display.replace(/\D/g, '')}`],
      );
    }
  }

  test('there are two hundred of them, of all fields that the pages name', () => {
    expect(examples.length).toBeGreaterThan(190);
    const fields = new Set(
      examples.flatMap(({ webhook }) =>
        webhook.entry.flatMap(({ changes }) => (changes ?? []).map(({ field }) => field)),
      ),
    );
    expect(fields.size).toBeGreaterThan(24);
  });

  test('none is in quarantine, none is nobody’s, none was given up', async () => {
    expect(
      await sql(
        `select field, kind, state, reason, payload from webhook_event where state in ('quarantined', 'unrouted')`,
      ),
    ).toEqual([]);
    expect(await sql(`select kind, reason, last_error from dead_letter`)).toEqual([]);
  });

  test('each again changes nothing', async () => {
    expect(new Set(Object.values(await postAll()))).toEqual(new Set([200]));
    await settled();
    expect(await counts()).toEqual(afterOnce);
  }, 200_000);

  test('echoes stand in their conversations as what the merchant wrote, and the bot is silent', async () => {
    const rows = await sql<{ direction: string; state: string; paused: boolean }>(
      `select m.direction, m.state, t.bot_paused_until is not null as paused from message m join thread t on t.tenant_id = m.tenant_id and t.id = m.thread_id
       where m.origin = 'app'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row).toEqual({ direction: 'OUTBOUND', state: expect.stringMatching(/sent|read|delivered/), paused: true });
  });

  test('the history stands before everything else, with its file, and is nothing to read', async () => {
    const rows = await sql<{ seq: string; type: string; direction: string }>(
      `select seq, type, direction from message where origin = 'history' order by seq`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ seq }) => Number(seq) < 0)).toBe(true);
    expect(rows.map(({ type }) => type)).toContain('image');
    const [sync] = await sql<{ phase: number; progress: number; refusal: { code: number } | null }>(
      `select phase, progress, refusal from history_sync where phone_number_id = '106540352242922'`,
    );
    expect(sync).toMatchObject({ progress: 55 });
  });

  test('templates have the state, score and category that was told', async () => {
    const rows = await sql<{ name: string; status: string; quality: string | null; category: string }>(
      `select distinct on (name) name, status, quality, category from wa_template order by name, status`,
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'order_confirmation', status: 'approved', category: 'utility' }),
        expect.objectContaining({ name: 'abandoned_cart', status: 'rejected' }),
        expect.objectContaining({ name: 'welcome_template', quality: 'yellow' }),
      ]),
    );
  });

  test('choices about marketing, calls, names of the address book and alerts are kept', async () => {
    expect(await sql(`select address, choice from marketing_preference where address = '16505551234'`)).toEqual([
      { address: '16505551234', choice: 'resume' },
    ]);
    expect((await sql(`select call_id from call_record where thread_id is not null`)).length).toBeGreaterThan(1);
    // Two examples name one number: the first that came names its contact; the other a new one, if the number had a new owner in between.
    const [first] = await sql<{ name: string }>(
      `select payload #>> '{state_sync,0,contact,full_name}' as name from webhook_event where field = 'smb_app_state_sync' order by seq limit 1`,
    );
    expect(['Pablo Morales', '<CONTACT_FULL_NAME>']).toContain(first?.name);
    expect(await sql(`select name from contact where name is not null`)).toContainEqual(first);
    const alerts = await sql<{ code: string }>(`select distinct code from account_alert`);
    expect(alerts.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'TEMPLATE_CATEGORY_ANNOUNCED',
        'TEMPLATE_REJECTED',
        'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED',
      ]),
    );
  });
});
