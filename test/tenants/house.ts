import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TenantsModule } from '../../src/modules/tenants/index.js';
import { AuthModule } from '../../src/platform/auth/auth.module.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import type { Config } from '../../src/platform/config/config.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { CqrsModule } from '../../src/platform/cqrs/cqrs.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { EncryptionModule } from '../../src/platform/encryption/encryption.module.js';
import { createApplication } from '../../src/platform/http/configure-http.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { LanesModule } from '../../src/platform/lanes/lanes.module.js';
import { LoggingModule } from '../../src/platform/logging/logging.module.js';
import { MetricsModule } from '../../src/platform/metrics/metrics.module.js';
import { OutboxModule } from '../../src/platform/outbox/outbox.module.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { RateLimitingModule } from '../../src/platform/rate-limiting/rate-limiting.module.js';
import { PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

/** Whatever an answer holds; which of it, the tests say. */
export interface Body extends Row {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: Row;
  readonly tenant: Row;
  readonly apiKey: string;
  readonly key: string;
  readonly code: string;
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly status: string;
  readonly areas: unknown;
  readonly scopes: readonly string[];
  readonly hint: string;
  readonly revokedAt: string | null;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly id: string | null };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Merchant {
  readonly tenantId: string;
  readonly apiKey: string;
  readonly email: string;
  readonly password: string;
  /** The admin's. */
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The tenants module on the whole platform, over HTTP on a database of its own. */
export class House {
  #address = 0;
  #merchants = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly config: Config,
    readonly url: string,
  ) {}

  static async open(
    own: { controllers?: Type[] } = {},
    overrides: Record<string, string> = {},
    existing?: TestDatabase,
  ): Promise<House> {
    const database = existing ?? (await createTestDatabase());
    const config = testConfig(database, { ROLE: 'api', TRUSTED_PROXY_HOPS: '1', ...overrides });
    const app = await createApplication(moduleOf(config, own.controllers ?? []), config);
    await app.listen(0, '127.0.0.1');
    return new House(app, database, config, await app.getUrl());
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  /** Each call comes from another address, so that no limit by address meets the test. */
  async call(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const n = ++this.#address;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'x-forwarded-for': `198.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  }

  async register(profile: Record<string, unknown> = {}, admin: Record<string, unknown> = {}): Promise<Answer> {
    const n = ++this.#merchants;
    return this.call('POST', '/v1/tenants', PLATFORM_KEY, {
      name: `Merchant ${n}`,
      country: 'IN',
      currency: 'INR',
      ...profile,
      admin: { email: `admin-${n}@merchant.example`, password: 'a-long-test-password', name: 'Asha Rao', ...admin },
    });
  }

  async merchant(): Promise<Merchant> {
    const registered = await this.register();
    expect(registered.status).toBe(201);
    const credentials = { email: `admin-${this.#merchants}@merchant.example`, password: 'a-long-test-password' };
    const { body } = await this.logIn(credentials.email, credentials.password);
    return {
      ...credentials,
      tenantId: registered.body.tenant.id,
      apiKey: registered.body.apiKey,
      userId: body.user.id,
      accessToken: body.accessToken,
      refreshToken: body.refreshToken,
    };
  }

  logIn(email: string, password: string): Promise<Answer> {
    return this.call('POST', '/v1/auth/login', undefined, { email, password });
  }

  /** A further user of the merchant, logged in. */
  async colleague(
    merchant: Merchant,
    role: string,
    areas: string[] = [],
  ): Promise<Session & { id: string; email: string }> {
    const email = `${role.toLowerCase()}-${++this.#merchants}@merchant.example`;
    const created = await this.call('POST', '/v1/users', merchant.accessToken, {
      email,
      password: 'a-colleagues-password',
      name: role,
      role,
      areas,
    });
    expect(created.status).toBe(201);
    const { body } = await this.logIn(email, 'a-colleagues-password');
    return { id: created.body.id, email, accessToken: body.accessToken, refreshToken: body.refreshToken };
  }
}

function moduleOf(config: Config, controllers: Type[]): DynamicModule {
  @Module({})
  class TestHouse {}
  return {
    module: TestHouse,
    controllers,
    imports: [
      ConfigModule.of(config),
      LoggingModule,
      DatabaseModule,
      ClockModule.of(config),
      CqrsModule,
      MetricsModule,
      RateLimitingModule,
      EncryptionModule,
      AuthModule,
      HttpModule,
      QueueModule.forRoot(),
      LanesModule,
      OutboxModule,
      TenantsModule,
    ],
  };
}
