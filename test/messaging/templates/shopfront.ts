import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../../src/app.module.js';
import { newId, type TenantId, tenantId } from '../../../src/kernel/ids.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createApplication } from '../../../src/platform/http/configure-http.js';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { APP_SECRET, PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { signature, webhook } from '../inbound/harness.js';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
}

export interface Shop {
  readonly tenantId: TenantId;
  readonly apiKey: string;
  /** The administrator's token. */
  readonly admin: string;
  readonly wabaId: string;
  readonly phoneNumberId: string;
}

export interface TemplateRow {
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly previousCategory: string | null;
  readonly status: string;
  readonly quality: string | null;
  readonly rejectedReason: string | null;
  readonly stale: boolean;
  readonly parameters: Record<string, unknown>;
}

/** A machine under load is slow, not wrong. */
export const PATIENTLY = { within: 30_000 };

/** The whole application with its workers, and the sandbox as Meta: over HTTP both ways. */
export class Shopfront {
  #shops = 0;
  #address = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly sandbox: RunningSandbox,
    private readonly database: TestDatabase,
  ) {}

  static async open(): Promise<Shopfront> {
    const database = await createTestDatabase();
    const sandbox = await startSandbox({
      port: 0,
      webhookUrl: 'http://127.0.0.1:1/',
      appId: '1',
      appSecret: APP_SECRET,
      switches: { rates: 'unlimited' },
    });
    const config = testConfig(database, { ROLE: 'all', TRUSTED_PROXY_HOPS: '1', WHATSAPP_GRAPH_URL: sandbox.url });
    const app = await createApplication(AppModule.of(config), config);
    await app.listen(0, '127.0.0.1');
    const url = (await app.getUrl()).replace(/\/$/, '');
    sandbox.deliverWebhooksTo(`${url}/whatsapp/webhook`);
    return new Shopfront(app, url, sandbox, database);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.app.close();
    await this.database.drop();
  }

  /** A merchant with an account and one number; its templates are known. */
  async shop(): Promise<Shop> {
    const n = ++this.#shops;
    const person = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await this.call<{ tenant: { id: string }; apiKey: string }>('POST', '/v1/tenants', PLATFORM_KEY, {
      name: `Shop ${n}`,
      country: 'IN',
      currency: 'INR',
      admin: person,
    });
    const shop = {
      tenantId: tenantId(body.tenant.id),
      apiKey: body.apiKey,
      admin: await this.logIn(person.email, person.password),
      wabaId: `52412698079${String(n).padStart(4, '0')}`,
      phoneNumberId: `10654035224${String(n).padStart(4, '0')}`,
    };
    await this.connect(shop, shop.wabaId, shop.phoneNumberId);
    return shop;
  }

  /** Connects a number, and waits until the account's templates are known. */
  async connect(shop: Shop, wabaId: string, phoneNumberId: string): Promise<void> {
    await this.tell('PUT', `numbers/${phoneNumberId}`, { wabaId });
    const { status, body } = await this.call('POST', '/v1/whatsapp/connect', shop.admin, {
      wabaId,
      phoneNumberId,
      accessToken: `mock_${wabaId}`,
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    await until(
      async () => (await this.templates(shop, `?phoneNumberId=${phoneNumberId}&limit=100`)).length >= 12,
      PATIENTLY,
    );
  }

  /** A further user of the merchant, logged in. */
  async colleague(shop: Shop, role: string, areas: string[] = []): Promise<string> {
    const [email, password] = [`${newId()}@merchant.example`, 'a-colleagues-password'];
    await this.call('POST', '/v1/users', shop.admin, { email, password, name: role, role, areas });
    return this.logIn(email, password);
  }

  async logIn(email: string, password: string): Promise<string> {
    const { body } = await this.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email, password });
    return body.accessToken;
  }

  /** Each call comes from another address, so that no limit by address meets the test. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    token: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const n = ++this.#address;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'x-forwarded-for': `198.18.${(n >> 8) & 255}.${n & 255}`,
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }

  async templates(shop: Shop, query = '?limit=100', token = shop.apiKey): Promise<TemplateRow[]> {
    const { body } = await this.call<{ data: TemplateRow[] }>('GET', `/v1/whatsapp/templates${query}`, token);
    return body.data;
  }

  async template(shop: Shop, name: string): Promise<TemplateRow | undefined> {
    return (await this.templates(shop, `?name=${name}&limit=100`)).find((one) => one.name === name);
  }

  /** Waits until a template is as it should be, in one of its languages. */
  untilTemplate(shop: Shop, name: string, as: Partial<TemplateRow>): Promise<TemplateRow> {
    const isSo = (row: TemplateRow): boolean =>
      row.name === name && Object.entries(as).every(([field, value]) => row[field as keyof TemplateRow] === value);
    return until(async () => (await this.templates(shop, `?name=${name}&limit=100`)).find(isSo), PATIENTLY);
  }

  /** One of the sandbox's controls. */
  async tell<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(`${this.sandbox.url}/sandbox/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The sandbox refused: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  /** As somebody else at Meta asks: another tool of the merchant, the business manager. */
  async atMeta<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(`${this.sandbox.url}/v24.0/${path}`, {
      method,
      headers: { authorization: 'Bearer mock_elsewhere', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Body;
  }

  /** What Meta accepted to be sent from a number. */
  async sent(shop: Shop): Promise<{ to: string; type: string; wamid: string }[]> {
    return (
      await this.tell<{ data: { to: string; type: string; wamid: string }[] }>(
        'GET',
        `ledger?phoneNumberId=${shop.phoneNumberId}`,
      )
    ).data;
  }

  /** A webhook of Meta's, signed, of an instant of the test's choice. Resolves when it has been acted upon. */
  async post(shop: Shop, field: string, value: unknown, at: Date): Promise<void> {
    const body = webhook(shop.wabaId, { field, value }) as { entry: object[] };
    const text = JSON.stringify({
      ...body,
      entry: body.entry.map((entry) => ({ ...entry, time: Math.floor(at.getTime() / 1000) })),
    });
    const done = async (): Promise<number> => {
      const rows = await this.sql(shop, `select 1 from webhook_event where field = $1 and state = 'processed'`, [
        field,
      ]);
      return rows.length;
    };
    const before = await done();
    const answer = await fetch(`${this.url}/whatsapp/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(text) },
      body: text,
    });
    if (answer.status !== 200) throw new Error(`The door answered ${answer.status}`);
    await until(async () => (await done()) > before, PATIENTLY);
  }

  sql<Row extends object>(shop: Pick<Shop, 'tenantId'>, text: string, parameters: unknown[] = []): Promise<Row[]> {
    const unitOfWork = this.app.get(UnitOfWork, { strict: false });
    return this.app
      .get(TenantScope, { strict: false })
      .run(shop.tenantId, () => unitOfWork.runSql((sql) => sql.query<Row>(text, parameters)));
  }
}
