import { request } from 'node:http';
import type { Command } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../../src/app.module.js';
import { Clock } from '../../../src/kernel/clock.js';
import { tenantId, type TenantId } from '../../../src/kernel/ids.js';
import type { VirtualClock } from '../../../src/platform/clock/virtual-clock.js';
import { Commands } from '../../../src/platform/cqrs/commands.js';
import type { SqlExecutor } from '../../../src/platform/database/pools.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createApplication } from '../../../src/platform/http/configure-http.js';
import { SandboxClock } from '../../../src/sandbox/clock.js';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { APP_SECRET, PLATFORM_KEY, testConfig, VERIFY_TOKEN } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    messageId: string;
    status: string;
    code: string;
    data: Record<string, unknown>[];
    nextCursor: string | null;
  };
}

export interface Merchant {
  tenantId: TenantId;
  token: string;
  apiKey: string;
  phoneNumberId: string;
}

export interface Sent {
  phoneNumberId: string;
  to: string;
  payload: { text?: { body: string }; interactive?: { body: { text: string } } };
}

export interface Shown {
  direction: 'received' | 'written';
  phoneNumberId: string;
  text?: string;
  interactive?: {
    action?: {
      buttons?: { reply: { id: string; title: string } }[];
      sections?: { rows: { id: string; title: string }[] }[];
    };
  };
}

/** The sandbox lives in the application's time. */
class SharedClock extends SandboxClock {
  of: VirtualClock | undefined;
  now(): Date {
    return this.of?.now() ?? new Date();
  }
  async advance(to: Date): Promise<void> {
    await this.of?.advance(to);
  }
}

/** The whole application with its workers, the sandbox beside it, and the clock of both. */
export class Stage {
  readonly url: string;
  #merchants = 0;

  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly database: TestDatabase,
    private readonly sandbox: RunningSandbox,
    url: string,
  ) {
    this.url = url;
  }

  static async open(): Promise<Stage> {
    const database = await createTestDatabase();
    const clock = new SharedClock();
    const meta = { port: 0, appId: '1', appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
    const sandbox = await startSandbox({ ...meta, clock });
    const config = testConfig(database, { WHATSAPP_GRAPH_URL: sandbox.url, SANDBOX: '1' });
    const app = await createApplication(AppModule.of(config), config);
    clock.of = app.get<VirtualClock>(Clock);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    sandbox.deliverWebhooksTo(`${url}/whatsapp/webhook`);
    return new Stage(app, database, sandbox, url);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.sandbox.close();
    await this.database.drop();
  }

  async call(
    method: string,
    path: string,
    token: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : {}) as Answer['body'],
    };
  }

  /** Asks, and cuts the connection: as soon as the request is out, or when the answer begins. */
  async askAndCut(
    when: 'asked' | 'answered',
    path: string,
    token: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const options = {
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    };
    await new Promise<void>((resolve) => {
      const asked = request(`${this.url}${path}`, options);
      asked.on('error', () => undefined).on('close', resolve);
      if (when === 'answered') asked.on('response', () => asked.destroy());
      asked.end(JSON.stringify(body), () => when === 'asked' && asked.destroy());
    });
  }

  /** A merchant with a connected number. */
  async merchant(): Promise<Merchant> {
    const n = ++this.#merchants;
    const admin = { email: `admin-${n}@shop.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await this.call('POST', '/v1/tenants', PLATFORM_KEY, {
      ...{ name: `Shop ${n}`, country: 'IN', timezone: 'Asia/Kolkata', currency: 'INR', admin },
    });
    const login = await this.call('POST', '/v1/auth/login', PLATFORM_KEY, {
      email: admin.email,
      password: admin.password,
    });
    const token = login.body['accessToken'] as string;
    const phoneNumberId = `20000000000${n}`;
    await this.call('POST', '/v1/whatsapp/connect', token, {
      ...{ wabaId: `10000000000${n}`, phoneNumberId, accessToken: `mock_shop_${n}` },
    });
    const tenant = tenantId((body['tenant'] as { id: string }).id);
    return { tenantId: tenant, token, apiKey: body['apiKey'] as string, phoneNumberId };
  }

  /** An API key that may do no more than this. */
  async key({ token }: Merchant, ...scopes: string[]): Promise<string> {
    const { body } = await this.call('POST', '/v1/api-keys', token, { name: scopes.join(' '), scopes });
    return body['key'] as string;
  }

  /** The customer writes, and it has arrived. */
  async write({ phoneNumberId, token }: Merchant, from: string, text = 'hello'): Promise<void> {
    await this.handset(from, { phoneNumberId, text });
    await until(async () => {
      const { body } = await this.call('GET', `/v1/conversations?q=${from}`, token);
      return body.data.some(({ windowOpen }) => windowOpen === true);
    });
  }

  async handset(waId: string, act: object): Promise<void> {
    await fetch(`${this.sandbox.url}/sandbox/handsets/${waId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
    });
  }

  /** What a customer's phone shows, both sides, oldest first. */
  async screen(waId: string): Promise<Shown[]> {
    const answer = await fetch(`${this.sandbox.url}/sandbox/handsets/${waId}/messages`);
    return ((await answer.json()) as { data: Shown[] }).data;
  }

  async fault(...faults: object[]): Promise<void> {
    await fetch(`${this.sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
  }

  /** What WhatsApp has accepted. */
  async ledger(query: string): Promise<Sent[]> {
    return ((await (await fetch(`${this.sandbox.url}/sandbox/ledger?${query}`)).json()) as { data: Sent[] }).data;
  }

  async textsTo(to: string): Promise<(string | undefined)[]> {
    return (await this.ledger(`to=${to}`)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text);
  }

  untilStatus(messageId: string, token: string, ...statuses: string[]): Promise<Answer['body']> {
    return until(async () => {
      const { body } = await this.call('GET', `/v1/messages/${messageId}`, token);
      if (!statuses.includes(body.status)) throw new Error(JSON.stringify(body));
      return body;
    });
  }

  now(): Date {
    return this.app.get<VirtualClock>(Clock).now();
  }

  /** An instant so many hours from now, as requests carry it. */
  inHours(hours: number): string {
    return new Date(this.now().getTime() + hours * 3_600_000).toISOString();
  }

  advance(hours: number): Promise<void> {
    return this.app.get<VirtualClock>(Clock).advance(new Date(this.now().getTime() + hours * 3_600_000));
  }

  /** Of `GET /metrics`: the value of a series, 0 where there is none. */
  async metric(series: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.split(' ')[1] ?? 0);
  }

  /** What was told of a merchant's messages and conversations under a name, oldest first. */
  async told(tenant: TenantId, name: string): Promise<Record<string, unknown>[]> {
    const rows = await this.sql<{ payload: Record<string, unknown> }>(
      tenant,
      'select payload from tenant_event where tenant_id = $1::uuid and name = $2 order by position',
      [tenant, name],
    );
    return rows.map(({ payload }) => payload);
  }

  execute<Result>(command: Command<Result>): Promise<Result> {
    return this.app.get(Commands).execute(command);
  }

  /** Does something in a transaction that stays open. @returns what commits it */
  async begin(tenant: TenantId, work: (sql: SqlExecutor) => Promise<unknown>): Promise<() => Promise<void>> {
    const [done, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const transaction = this.app.get(TenantScope).run(tenant, () =>
      this.app.get(UnitOfWork, { strict: false }).runSql(async (sql) => {
        await sql.query('set local idle_in_transaction_session_timeout = 0');
        await work(sql);
        done.resolve();
        await ended.promise;
      }),
    );
    await Promise.race([done.promise, transaction]);
    return () => {
      ended.resolve();
      return transaction;
    };
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app
      .get(TenantScope)
      .run(tenant, () => this.app.get(UnitOfWork, { strict: false }).runSql((sql) => sql.query<Row>(text, parameters)));
  }
}
