import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHmac } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { AppModule } from '../../src/app.module.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { createApplication } from '../../src/platform/http/configure-http.js';
import { APP_SECRET, PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

export const PASSWORD = 'a-long-test-password';

export interface Shop {
  readonly tenantId: TenantId;
  readonly apiKey: string;
  readonly email: string;
  /** The admin's. */
  readonly token: string;
  readonly wabaId: string;
  readonly accountId: string;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
}

export interface Seen {
  readonly event: string;
  readonly seq?: number;
  readonly conversationId?: string;
  readonly [member: string]: unknown;
}

/** The end of a socket that a person looks at. */
export class Agent {
  readonly seen: Seen[] = [];

  constructor(readonly socket: Socket) {
    socket.onAny((event: string, payload: object) => this.seen.push({ event, ...payload }));
  }

  /** Events that have a number, in the order of their arrival. */
  get numbered(): Seen[] {
    return this.seen.filter(({ event, seq }) => event !== 'hello' && seq !== undefined);
  }

  named(event: string): Seen[] {
    return this.seen.filter((one) => one.event === event);
  }

  hello(): Promise<number> {
    return until(() => this.named('hello').at(-1), { within: 30_000 }).then(({ seq }) => seq!);
  }

  say<Answer = Record<string, unknown>>(event: string, payload: unknown = {}): Promise<Answer> {
    return this.socket.timeout(30_000).emitWithAck(event, payload) as Promise<Answer>;
  }

  until(event: string, matches: (seen: Seen) => boolean = () => true, within = 30_000): Promise<Seen> {
    return until(() => this.named(event).find(matches), { within });
  }
}

/** The whole application, in as many processes' worth of it as a test wants, on one database; people at sockets, customers at handsets. */
export class Desk {
  #addresses = 0;
  #shops = 0;
  #wamids = 0;
  readonly #sockets: Socket[] = [];
  readonly apps: NestFastifyApplication[] = [];
  readonly urls: string[] = [];

  private constructor(readonly database: TestDatabase) {}

  /** @param processes the environment of each, beside the tests' own */
  static async open(...processes: Record<string, string | undefined>[]): Promise<Desk> {
    const desk = new Desk(await createTestDatabase());
    for (const own of processes.length === 0 ? [{}] : processes) await desk.start(own);
    return desk;
  }

  async start(own: Record<string, string | undefined>): Promise<NestFastifyApplication> {
    const config = testConfig(this.database, { TRUSTED_PROXY_HOPS: '1', ...own });
    const app = await createApplication(AppModule.of(config), config);
    if (config.servesHttp) {
      await app.listen(0, '127.0.0.1');
      this.urls.push(await app.getUrl());
    } else await app.init();
    this.apps.push(app);
    return app;
  }

  async close(): Promise<void> {
    this.#sockets.forEach((socket) => socket.disconnect());
    await Promise.all(this.apps.map((app) => app.close()));
    await this.database.drop();
  }

  get<T>(type: abstract new (...given: never[]) => T, app = this.apps[0]!): T {
    return app.get<T>(type, { strict: false });
  }

  in<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.get(TenantScope).run(tenant, () => this.get(UnitOfWork).runSql(work));
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.in(tenant, () => this.get(UnitOfWork).sql.query<Row>(text, parameters));
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
  ): Promise<{ status: number; body: Body }> {
    const answer = await fetch(`${this.urls[0]}${path}`, {
      method,
      headers: {
        // Each call comes from another address, so that no limit by address meets the test.
        'x-forwarded-for': `198.51.${(++this.#addresses >> 8) & 255}.${this.#addresses & 255}`,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }

  /** A merchant with a connected account. */
  async shop(): Promise<Shop> {
    const n = ++this.#shops;
    const email = `admin-${n}@shop.example`;
    const registered = await this.call<{ tenant: { id: string }; apiKey: string }>(
      'POST',
      '/v1/tenants',
      PLATFORM_KEY,
      { name: `Shop ${n}`, country: 'IN', currency: 'INR', admin: { email, password: PASSWORD, name: 'Asha' } },
    );
    expect(registered.status).toBe(201);
    const shop = {
      tenantId: tenantId(registered.body.tenant.id),
      apiKey: registered.body.apiKey,
      email,
      token: (await this.logIn(email)).token,
      wabaId: `1000${n}`,
      accountId: newId(),
    };
    await this.sql(
      shop.tenantId,
      `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'connected', 'COMPLETED', now(), now())`,
      [shop.tenantId, shop.accountId, shop.wabaId],
    );
    return shop;
  }

  async logIn(email: string): Promise<{ token: string; refreshToken: string }> {
    const { body } = await this.call<{ accessToken: string; refreshToken: string }>(
      'POST',
      '/v1/auth/login',
      undefined,
      { email, password: PASSWORD },
    );
    return { token: body.accessToken, refreshToken: body.refreshToken };
  }

  async area(shop: Shop, name: string): Promise<string> {
    const { body } = await this.call<{ id: string }>('POST', '/v1/areas', shop.token, { name });
    return body.id;
  }

  async number(shop: Shop, phoneNumberId: string, areaId: string | null = null): Promise<string> {
    await this.sql(
      shop.tenantId,
      `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at)
       values ($1::uuid, $2, $3::uuid, '+911', $4::uuid, now(), now())`,
      [shop.tenantId, phoneNumberId, shop.accountId, areaId],
    );
    await this.sql(
      shop.tenantId,
      `insert into tenant_directory (kind, key, tenant_id) values ('phone_number', $2, $1::uuid), ('waba', $3, $1::uuid) on conflict do nothing`,
      [shop.tenantId, phoneNumberId, shop.wabaId],
    );
    return phoneNumberId;
  }

  async person(shop: Shop, role: string, areas: readonly string[] = [], name = role): Promise<Person> {
    const email = `${newId()}@shop.example`;
    const created = await this.call<{ id: string }>('POST', '/v1/users', shop.token, {
      email,
      password: PASSWORD,
      name,
      role,
      areas,
    });
    expect(created.status).toBe(201);
    return { id: created.body.id, email, ...(await this.logIn(email)) };
  }

  /** A socket that may not come to be. */
  socket(token: unknown, options: Record<string, unknown> = {}, url = this.urls[0]!, namespace = ''): Socket {
    const socket = io(`${url}${namespace}`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.#sockets.push(socket);
    return socket;
  }

  /** Somebody who is connected, and told everything from now on. */
  async agent(token: string, options: Record<string, unknown> = {}, url = this.urls[0]!): Promise<Agent> {
    const agent = new Agent(this.socket(token, options, url));
    await agent.hello();
    return agent;
  }

  /** A customer writes: the webhook that Meta would post. */
  async write(shop: Shop, phoneNumberId: string, text: string, from = '919876543210'): Promise<string> {
    const wamid = `wamid.desk${++this.#wamids}`;
    await this.webhook(shop, 'messages', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: phoneNumberId },
      contacts: [{ profile: { name: 'Customer' }, wa_id: from }],
      messages: [
        { from, id: wamid, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } },
      ],
    });
    return wamid;
  }

  async webhook(shop: Shop, field: string, value: object): Promise<void> {
    const body = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: shop.wabaId, changes: [{ field, value }] }],
    });
    const answer = await fetch(`${this.urls[0]}/whatsapp/webhook`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`,
      },
    });
    expect(answer.status).toBe(200);
  }

  /** A conversation that is there already. */
  async thread(
    shop: Shop,
    phoneNumberId: string,
    own: { assigneeId?: string; participantIds?: readonly string[] } = {},
  ): Promise<string> {
    const id = newId();
    await this.sql(
      shop.tenantId,
      `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $2::uuid, $4::uuid, now(), 'INBOUND', '', now(), now())`,
      [shop.tenantId, id, phoneNumberId, own.assigneeId ?? null],
    );
    for (const userId of own.participantIds ?? [])
      await this.sql(
        shop.tenantId,
        `insert into thread_participant (tenant_id, thread_id, user_id, added_at) values ($1::uuid, $2::uuid, $3::uuid, now())`,
        [shop.tenantId, id, userId],
      );
    return id;
  }

  async log(token: string, after = 0): Promise<Seen[]> {
    const events: Seen[] = [];
    for (let next: string | null = String(after); next !== null;) {
      const { status, body }: { status: number; body: { data: Seen[]; nextCursor: string | null } } = await this.call(
        'GET',
        `/v1/events?after=${next}&limit=1000`,
        token,
      );
      expect(status).toBe(200);
      events.push(...body.data);
      next = body.nextCursor;
    }
    return events;
  }
}
