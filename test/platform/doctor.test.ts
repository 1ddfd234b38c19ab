import 'reflect-metadata';
import pg from 'pg';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { examine } from '../../src/doctor.js';
import { newId, PLATFORM } from '../../src/kernel/ids.js';
import type { Finding } from '../../src/platform/health/finding.js';
import { APP_SECRET, PLATFORM_KEY, VERIFY_TOKEN } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

/** Answers at the webhook's path as the application does, or not. */
async function webhookServer(verifyToken: string, unsigned: number): Promise<{ address: string; server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (request.method === 'POST') response.writeHead(unsigned).end();
    else if (url.pathname === '/whatsapp/webhook' && url.searchParams.get('hub.verify_token') === verifyToken)
      response.end(url.searchParams.get('hub.challenge'));
    else response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('The doctor (contract 1)', () => {
  let database: TestDatabase;
  let good: { address: string; server: Server };
  let bad: { address: string; server: Server };

  const environment = (overrides: Record<string, string> = {}): Record<string, string> => ({
    NODE_ENV: 'production',
    PORT: '1',
    HOST: '127.0.0.1',
    DATABASE_URL: database.databaseUrl,
    META_APP_ID: '1',
    META_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 'key').toString('base64')}`,
    JWT_SECRET: 'test-jwt-secret-0123456789-0123456789',
    PLATFORM_KEY,
    ...overrides,
  });
  const findings = async (overrides: Record<string, string> = {}, address = good.address): Promise<Finding[]> => {
    const all: Finding[] = [];
    for await (const finding of examine(environment(overrides), address)) all.push(finding);
    return all;
  };
  const failures = async (overrides?: Record<string, string>, address?: string): Promise<string[]> =>
    (await findings(overrides, address))
      .filter(({ level }) => level === 'fail')
      .map(({ about, says }) => `${about}: ${says}`);
  const asOwner = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: database.databaseOwnerUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };

  beforeAll(async () => {
    good = await webhookServer(VERIFY_TOKEN, 401);
    bad = await webhookServer('another token', 200);
  });
  afterAll(() =>
    [good, bad].forEach(({ server }) => {
      server.close();
      server.closeAllConnections();
    }),
  );
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('finds nothing wrong with a sound installation, and says what it looked at', async () => {
    const all = await findings();
    expect(all.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(all.map(({ about }) => about)).toEqual([
      'configuration',
      'database',
      'row security',
      'migrations',
      'search',
      'clock',
      'queue',
      'queue lag',
      'books',
      'reminders',
      'promises',
      'webhook',
    ]);
  });

  it('names every bad variable, never its value', async () => {
    const found = await failures({ JWT_SECRET: 'canary', ENCRYPTION_KEYS: 'canary' });
    expect(found).toHaveLength(2);
    expect(found.join()).toMatch(/JWT_SECRET.*ENCRYPTION_KEYS|ENCRYPTION_KEYS.*JWT_SECRET/);
    expect(found.join()).not.toContain('canary');
  });

  it('finds a database that is not there, and goes on to the webhook', async () => {
    const found = await failures({ DATABASE_URL: 'postgresql://nodue@127.0.0.1:1/nodue' }, bad.address);
    expect(found[0]).toMatch(/^database: DATABASE_URL cannot be reached/);
    expect(found.some((line) => line.startsWith('webhook:'))).toBe(true);
  });

  it('finds a role for which row security is decoration', async () => {
    const found = await failures({ DATABASE_URL: database.databaseOwnerUrl });
    expect(found.join()).toMatch(/row security: role "\w+" owns tables/);
  });

  it('finds a table without row security, a missing migration, a moved clock and work that nobody does', async () => {
    await asOwner('alter table contact no force row level security');
    await asOwner('update _prisma_migrations set finished_at = null');
    await asOwner('update business_clock set offset_ms = 3600000');
    await asOwner(`insert into lane_ring (kind, key, due_at) values ('webhook-split', 'a', now() - interval '1 day')`);
    const found = await failures();
    expect(found.map((line) => line.replace(/:.*/, ''))).toEqual(['row security', 'migrations', 'clock', 'queue lag']);
    expect(found[0]).toContain('"contact"');
    expect(found[1]).toMatch(/20261121000000_foundation.* not applied/);
  });

  it('finds books that disagree with themselves, reminders that nobody sends and promises that nobody judges', async () => {
    const [tenant, customer, due] = [newId(), newId(), newId()];
    await asOwner(`
      select set_config('app.tenant_id', '${PLATFORM}', false);
      insert into tenant (id, name, country, timezone, currency, locale, status, created_at, updated_at)
        values ('${tenant}', 'Asha Traders', 'IN', 'Asia/Kolkata', 'INR', 'en', 'active', now(), now());
      select set_config('app.tenant_id', '${tenant}', false);
      insert into contact (tenant_id, id, created_at, updated_at) values ('${tenant}', '${customer}', now(), now());
      insert into customer (tenant_id, id, currency, balance_minor, created_at, updated_at)
        values ('${tenant}', '${customer}', 'INR', 500, now(), now());
      insert into due (tenant_id, id, customer_id, amount_minor, currency, due_date, created_at, updated_at)
        values ('${tenant}', '${due}', '${customer}', 500, 'INR', now(), now(), now());
      insert into reminder (tenant_id, id, customer_id, due_id, kind, stage, local_date, planned_for, scheduled_for, status, source, created_at, updated_at)
        values ('${tenant}', '${newId()}', '${customer}', '${due}', 'PAYMENT_DUE', 'due_today', now(), now(), now() - interval '6 minutes',
          'pending', 'auto', now(), now());
      insert into commitment (tenant_id, id, customer_id, due_id, answer, state, amount_minor, currency, owed_minor, paid_before_minor, promised_for, judged_at, source, made_at)
        values ('${tenant}', '${newId()}', '${customer}', '${due}', 'PAY_TODAY', 'open', 500, 'INR', 500, 0, now(), now() - interval '6 minutes',
          'tap', now())`);
    expect(await failures()).toEqual([
      `books: customers whose lines, dues and balance do not add up: 1 (merchant ${tenant})`,
      'reminders: due for more than 5 minutes: 1; is a worker running?',
      `promises: to be judged for more than 5 minutes: 1 (merchant ${tenant})`,
    ]);
    const off = (await findings({ ENABLE_REMINDERS: 'false' })).filter(({ level }) => level === 'warn');
    expect(off).toEqual([
      { level: 'warn', about: 'reminders', says: 'switched off by ENABLE_REMINDERS; due and waiting: 1' },
    ]);
  });

  it('finds a webhook with another verify token, one that takes what is not signed, and one that is not there', async () => {
    expect(await failures({}, bad.address)).toEqual([
      expect.stringMatching(/^webhook: .* answered 403/),
      expect.stringMatching(/^webhook: .*without a signature was answered 200/),
    ]);
    expect(await failures({}, 'http://127.0.0.1:1')).toEqual([expect.stringMatching(/^webhook: .*cannot be reached/)]);
    expect(await failures({}, 'no address')).toEqual([expect.stringMatching(/^webhook: "no address" is no address/)]);
  });

  it('finds a Redis that is not there', async () => {
    expect(await failures({ REDIS_URL: 'redis://127.0.0.1:1' })).toEqual([
      expect.stringMatching(/^queue: REDIS_URL cannot be reached/),
    ]);
  });
});
