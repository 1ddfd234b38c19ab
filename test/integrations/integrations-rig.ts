import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { WebhookOutDrain } from '../../src/modules/integrations/infrastructure/webhook-out.drain.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { APPLICATION_OPTIONS, configureHttp } from '../../src/platform/http/configure-http.js';
import { fastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { NameLookup } from '../../src/platform/media-store/name-lookup.js';
import { NumberTenantEvents } from '../../src/platform/realtime/number-tenant-events.js';
import { type NewTenantEvent, TenantEvents } from '../../src/platform/realtime/tenant-events.js';
import { StandingClock } from '../conversations/inbox.js';
import { PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { Receiver } from './receiver.js';

export interface Merchant {
  readonly tenantId: TenantId;
  readonly apiKey: string;
  readonly email: string;
}

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly status: string;
  readonly position: number;
  readonly failingSince: string | null;
}

/** The whole application without workers, with a clock that stands, and a receiver that the operator vouches for. */
export class IntegrationsRig {
  /** What names point to; others are unknown. */
  readonly names = new Map<string, string>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: StandingClock,
    readonly receiver: Receiver,
    names: Map<string, string>,
  ) {
    this.names = names;
  }

  static async open(): Promise<IntegrationsRig> {
    const [database, receiver] = [await createTestDatabase(), await Receiver.start()];
    const config = testConfig(database, { ROLE: 'api', WEBHOOK_TRUSTED_ORIGINS: receiver.origin });
    const [clock, names] = [new StandingClock(), new Map<string, string>()];
    const lookup: Pick<NameLookup, 'all'> = {
      all: (host) => {
        const address = names.get(host);
        return address === undefined ? Promise.reject(new Error('unknown')) : Promise.resolve([{ address, family: 4 }]);
      },
    };
    const module = await Test.createTestingModule({ imports: [AppModule.of(config)] })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(NameLookup)
      .useValue(lookup)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), APPLICATION_OPTIONS);
    app.useLogger(false);
    configureHttp(app);
    await app.init();
    return new IntegrationsRig(app, database, clock, receiver, names);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.receiver.stop();
    await this.database.drop();
  }

  get<T>(type: abstract new (...given: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  in<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.get(TenantScope).run(tenant, work);
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.in(tenant, () => this.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  async call<Body>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    token: string,
    payload?: object,
  ): Promise<{ status: number; body: Body }> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: (answer.body === '' ? undefined : answer.json()) as Body };
  }

  async merchant(): Promise<Merchant> {
    const admin = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await this.call<{ tenant: { id: string }; apiKey: string }>('POST', '/v1/tenants', PLATFORM_KEY, {
      name: 'Merchant',
      country: 'IN',
      currency: 'INR',
      admin,
    });
    return { tenantId: tenantId(body.tenant.id), apiKey: body.apiKey, email: admin.email };
  }

  async endpoint({ apiKey }: Merchant, more: object = {}): Promise<Endpoint> {
    const { status, body } = await this.call<Endpoint>('POST', '/v1/webhook-endpoints', apiKey, {
      url: this.receiver.url,
      ...more,
    });
    expect(status).toBe(201);
    return body;
  }

  async show({ apiKey }: Merchant, { id }: Endpoint): Promise<Endpoint> {
    return (await this.call<Endpoint>('GET', `/v1/webhook-endpoints/${id}`, apiKey)).body;
  }

  async deliveries(
    { apiKey }: Merchant,
    { id }: Endpoint,
    query = '',
  ): Promise<
    {
      id: string;
      eventId: string;
      type: string;
      state: string;
      attempts: number;
      nextAt: string | null;
      lastStatus: number | null;
      lastError: string | null;
    }[]
  > {
    const url = `/v1/webhook-endpoints/${id}/deliveries?limit=100${query}`;
    return (await this.call<{ data: never[] }>('GET', url, apiKey)).body.data;
  }

  /** Writes events and numbers them. @returns the ids of the whole log, in order */
  async happen({ tenantId: tenant }: Merchant, ...events: NewTenantEvent[]): Promise<string[]> {
    await this.in(tenant, () => this.get(UnitOfWork).runSql(() => this.get(TenantEvents).append(events)));
    return this.log(tenant);
  }

  async log(tenant: TenantId): Promise<string[]> {
    await this.in(tenant, () => this.get(NumberTenantEvents).numberAll());
    return (await this.sql<{ id: string }>(tenant, 'select id from tenant_event order by seq')).map(({ id }) => id);
  }

  /** One turn at an endpoint's lane. @returns when the next one is due */
  turn({ tenantId: tenant }: Merchant, { id: key }: Endpoint): Promise<Date | undefined> {
    const turn = { key, tenantId: tenant, deaths: 0, signal: new AbortController().signal };
    return this.in(tenant, () => this.get(WebhookOutDrain).drain(turn));
  }

  /** Lets time pass from turn to turn until nothing is due any more, or `milliseconds` have. */
  async pass(merchant: Merchant, endpoint: Endpoint, milliseconds = Infinity): Promise<void> {
    const end = this.clock.now().getTime() + milliseconds;
    for (;;) {
      const next = await this.turn(merchant, endpoint);
      const now = this.clock.now().getTime();
      if (!next || next.getTime() > end) {
        if (end < Infinity) this.clock.advance(end - now);
        return;
      }
      this.clock.advance(Math.max(0, next.getTime() - now));
    }
  }
}

/** Something that happened in a conversation. */
export function said(threadId: string, n: number): NewTenantEvent {
  return { name: 'whatsapp-new-message', threadId, phoneNumberId: '1', payload: { conversationId: threadId, n } };
}
