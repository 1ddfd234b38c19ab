import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId, type TenantId, tenantId } from '../../../src/kernel/ids.js';
import { AccountsModule } from '../../../src/modules/messaging/accounts.module.js';
import { Senders } from '../../../src/modules/messaging/application/outbound/senders.js';
import { AreaExistsHandler } from '../../../src/modules/tenants/application/areas/area-exists.js';
import { AuditLog } from '../../../src/platform/auth/index.js';
import { CqrsModule } from '../../../src/platform/cqrs/cqrs.module.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { EncryptionModule } from '../../../src/platform/encryption/encryption.module.js';
import { MediaStoreModule } from '../../../src/platform/media-store/media-store.module.js';
import { OutboxModule } from '../../../src/platform/outbox/outbox.module.js';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { type AuditInMemory, startApplication } from '../../platform/http/application.js';
import { APP_SECRET, testConfig } from '../../setup/config.js';
import type { TestDatabase } from '../../setup/database.js';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
}

/** A tenant that calls the API. */
export class Shop {
  constructor(
    readonly id: TenantId,
    private readonly stand: Stand,
  ) {}

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = {
      authorization: `Bearer nd_${this.id}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await fetch(`${this.stand.url}/v1/whatsapp/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown>, text };
  }

  sender(phoneNumberId: string): ReturnType<Senders['find']> {
    return this.inScope(() => this.stand.app.get(Senders, { strict: false }).find(phoneNumberId));
  }

  /** As the sender of messages does when Meta refuses the token. */
  async refuseCredential(credentialVersion: number): Promise<void> {
    const { body } = await this.call('GET', 'account');
    await this.inScope(() =>
      this.stand.app
        .get(Senders, { strict: false })
        .refuseCredential(String(body['id']), credentialVersion, 'Session has expired'),
    );
  }

  pause(phoneNumberId: string, reason: string): Promise<void> {
    return this.inScope(() => this.stand.app.get(Senders, { strict: false }).pause(phoneNumberId, reason));
  }

  /** How often the lane of the number's outgoing messages was rung. */
  async rings(phoneNumberId: string): Promise<number> {
    return (await this.rows(`select 1 from lane_ring where kind = 'whatsapp-send-queue' and key = '${phoneNumberId}'`))
      .length;
  }

  inScope<T>(work: () => Promise<T>): Promise<T> {
    return this.stand.app.get(TenantScope).run(this.id, work);
  }

  rows<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]> {
    return this.inScope(() =>
      this.stand.app.get(UnitOfWork).run(() => this.stand.app.get(UnitOfWork).sql.query<Row>(text)),
    );
  }

  /** What happened, in order, as other modules hear it. */
  async events(): Promise<string[]> {
    return (await this.rows<{ type: string }>('select type from outbox_event order by seq')).map(({ type }) => type);
  }
}

/** The accounts half of messaging over HTTP, with the sandbox as Meta. */
export class Stand {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly sandbox: RunningSandbox,
  ) {}

  static async open(database: TestDatabase): Promise<Stand> {
    const sandbox = await startSandbox({
      port: 0,
      webhookUrl: 'http://127.0.0.1:1/',
      appId: '1',
      appSecret: APP_SECRET,
    });
    const config = testConfig(database, { WHATSAPP_GRAPH_URL: sandbox.url });
    const app = await startApplication(config, {
      imports: [CqrsModule, OutboxModule, EncryptionModule, MediaStoreModule, AccountsModule],
      providers: [AreaExistsHandler],
    });
    return new Stand(app, await app.getUrl(), sandbox);
  }

  shop(): Shop {
    return new Shop(tenantId(newId()), this);
  }

  get audited(): AuditInMemory['acts'] {
    return this.app.get<AuditInMemory>(AuditLog).acts;
  }

  async fault(given: Record<string, unknown>): Promise<void> {
    await this.#tell('POST', 'faults', [given]);
  }

  async heal(): Promise<void> {
    await fetch(`${this.sandbox.url}/sandbox/faults`, { method: 'DELETE' });
  }

  /** Makes it a fact in the sandbox that the number belongs to the account. */
  async declare(phoneNumberId: string, facts: Record<string, unknown>): Promise<void> {
    await this.#tell('PUT', `numbers/${phoneNumberId}`, facts);
  }

  async isSubscribed(wabaId: string): Promise<boolean> {
    const answer = await fetch(`${this.sandbox.url}/v24.0/${wabaId}/subscribed_apps`, {
      headers: { authorization: 'Bearer mock_test' },
    });
    return ((await answer.json()) as { data: unknown[] }).data.length > 0;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.sandbox.close();
  }

  async #tell(method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.sandbox.url}/sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The sandbox refused: ${await answer.text()}`);
  }
}
