import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PLATFORM, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { SCOPES } from '../../../src/kernel/access.js';
import {
  type ApiKeyPrincipal,
  AuditLog,
  type AuditedAct,
  Authenticator,
  Unauthenticated,
  type UserPrincipal,
} from '../../../src/platform/auth/index.js';
import { AuthModule } from '../../../src/platform/auth/auth.module.js';
import { ClockModule } from '../../../src/platform/clock/clock.module.js';
import type { Config } from '../../../src/platform/config/config.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { EncryptionModule } from '../../../src/platform/encryption/encryption.module.js';
import { HealthModule } from '../../../src/platform/health/health.module.js';
import { createApplication } from '../../../src/platform/http/configure-http.js';
import { HttpModule } from '../../../src/platform/http/http.module.js';
import { LanesModule } from '../../../src/platform/lanes/lanes.module.js';
import { LoggingModule } from '../../../src/platform/logging/logging.module.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { RateLimitingModule } from '../../../src/platform/rate-limiting/rate-limiting.module.js';

/** Credentials in memory: the key `nd_<tenant's id>` belongs to that tenant. */
class KeysInMemory extends Authenticator {
  userOf(): Promise<UserPrincipal> {
    return Promise.reject(new Unauthenticated());
  }

  usersOf(): Promise<ReadonlyMap<string, UserPrincipal>> {
    return Promise.resolve(new Map());
  }

  holderOf(apiKey: string): Promise<ApiKeyPrincipal> {
    const tenant = tenantId(apiKey.slice('nd_'.length));
    return Promise.resolve({
      kind: 'api-key',
      tenantId: tenant,
      apiKeyId: 'test',
      scopes: new Set(SCOPES),
      areas: 'all',
    });
  }

  knowsTenant(tenant: TenantId): Promise<boolean> {
    return Promise.resolve(tenant !== PLATFORM);
  }
}

/** What was audited, in memory. */
export class AuditInMemory extends AuditLog {
  readonly acts: AuditedAct[] = [];

  record(act: AuditedAct): Promise<void> {
    this.acts.push(act);
    return Promise.resolve();
  }
}

/** The HTTP half of the platform around a test's own controllers. */
export async function startApplication(
  config: Config,
  own: { controllers?: Type[]; providers?: Type[]; imports?: (Type | DynamicModule)[] },
): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: Authenticator, useClass: KeysInMemory },
      { provide: AuditLog, useClass: AuditInMemory },
    ],
    exports: [Authenticator, AuditLog],
  })
  class People {}

  @Module({
    imports: [
      ConfigModule.of(config),
      DatabaseModule,
      ClockModule.of(config),
      QueueModule.forRoot(),
      LanesModule,
      LoggingModule,
      MetricsModule,
      RateLimitingModule,
      EncryptionModule,
      People,
      AuthModule,
      HttpModule,
      HealthModule,
      ...(own.imports ?? []),
    ],
    controllers: own.controllers ?? [],
    providers: own.providers ?? [],
  })
  class TestApplication {}

  const app = await createApplication(TestApplication, config);
  await app.listen(0, '127.0.0.1');
  return app;
}
