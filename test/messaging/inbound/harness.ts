import { Global, Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { newId, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { ConsumesInbound, InboundConsumer, type InboundMessage } from '../../../src/modules/messaging/index.js';
import { SEND_QUEUE } from '../../../src/modules/messaging/application/outbound/send-queue-lane.js';
import { InboundModule } from '../../../src/modules/messaging/inbound.module.js';
import { WebhookChangesModule } from '../../../src/modules/messaging/webhook-changes.module.js';
import { CqrsModule } from '../../../src/platform/cqrs/cqrs.module.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { LanesModule } from '../../../src/platform/lanes/lanes.module.js';
import { OutboxModule } from '../../../src/platform/outbox/outbox.module.js';
import { startApplication } from '../../platform/http/application.js';
import { APP_SECRET, PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';

/** Keeps conversations in memory, as the upper module would in tables; a test may make it fail. */
@Injectable()
@ConsumesInbound()
export class RecordingConsumer extends InboundConsumer {
  readonly placed: InboundMessage[] = [];
  readonly answered: InboundMessage[] = [];
  beforePlace: (message: InboundMessage) => Promise<void> | void = () => undefined;
  beforeAnswer: (message: InboundMessage) => Promise<void> | void = () => undefined;

  async place(message: InboundMessage): Promise<{ threadId: string }> {
    await this.beforePlace(message);
    this.placed.push(message);
    return { threadId: newId() };
  }

  async answer(message: InboundMessage): Promise<void> {
    await this.beforeAnswer(message);
    this.answered.push(message);
  }
}

@Global()
@Module({ imports: [LanesModule.forKinds(SEND_QUEUE)], providers: [RecordingConsumer], exports: [RecordingConsumer] })
class Conversations {}

export interface Merchant {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
  readonly wabaId: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The inbound half of messaging behind its real HTTP server, on a database of its own. */
export class Inbound {
  #merchants = 0;
  #probe: pg.Client | undefined;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly url: string,
  ) {}

  static async start(overrides: Record<string, string | undefined> = {}): Promise<Inbound> {
    const database = await createTestDatabase();
    const app = await startApplication(testConfig(database, overrides), {
      imports: [CqrsModule, OutboxModule, Conversations, InboundModule, WebhookChangesModule],
    });
    return new Inbound(app, database, await app.getUrl());
  }

  async stop(): Promise<void> {
    await this.#probe?.end();
    await this.app.close();
    await this.database.drop();
  }

  get consumer(): RecordingConsumer {
    return this.app.get(RecordingConsumer);
  }

  /** A tenant whose number is connected. */
  async merchant(
    number: Partial<Pick<Merchant, 'phoneNumberId' | 'wabaId'>> & { connected?: false } = {},
  ): Promise<Merchant> {
    const n = ++this.#merchants;
    const merchant = {
      tenantId: tenantId(newId()),
      phoneNumberId: `20000000000${n}`,
      wabaId: `10000000000${n}`,
      ...number,
    };
    await this.sql(
      `insert into tenant (id, name, country, timezone, currency, locale, created_at, updated_at) values ($1, $2, 'IN', 'Asia/Kolkata', 'INR', 'en', now(), now())`,
      [merchant.tenantId, `Merchant ${n}`],
    );
    if (number.connected !== false) await this.connect(merchant);
    return merchant;
  }

  async connect({ tenantId: tenant, phoneNumberId, wabaId }: Merchant): Promise<void> {
    await this.sql(
      `insert into tenant_directory (kind, key, tenant_id) values ('phone_number', $2, $1), ('waba', $3, $1)`,
      [tenant, phoneNumberId, wabaId],
    );
  }

  /** Signs the body with the app's secret and posts it. */
  post(body: string | Buffer | object, headers: Record<string, string> = {}): Promise<Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return this.postAs(bytes, {
      'content-type': 'application/json',
      'x-hub-signature-256': signature(bytes),
      ...headers,
    });
  }

  async postAs(body: Buffer, headers: Record<string, string>): Promise<Answer> {
    const answer = await fetch(`${this.url}/whatsapp/webhook`, { method: 'POST', body: new Uint8Array(body), headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  async call<Body>(
    method: string,
    path: string,
    body?: unknown,
    token = PLATFORM_KEY,
  ): Promise<{ status: number; body: Body }> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  async summary(): Promise<Record<string, number>> {
    return (await this.call<Record<string, number>>('GET', '/v1/webhook-events/summary')).body;
  }

  /** Waits until nothing that came in is waiting. */
  async settled(within = 15_000): Promise<void> {
    await until(
      async () => {
        const [work] = await this.sql<{ waiting: number }>(
          `select ((select count(*) from webhook_inbox where state = 'pending') + (select count(*) from webhook_event where state = 'pending'))::int as waiting`,
        );
        return work!.waiting === 0;
      },
      { within },
    );
  }

  /** A statement with all powers: for looking and for making a scene. */
  async sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    if (!this.#probe) {
      const superuser = new URL(process.env['NODUE_TEST_SUPERUSER_URL'] ?? '');
      superuser.pathname = new URL(this.database.databaseUrl).pathname;
      this.#probe = new pg.Client({ connectionString: superuser.href });
      await this.#probe.connect();
    }
    return (await this.#probe.query(text, parameters)).rows as Row[];
  }

  /** Runs in the merchant's scope, in one transaction. */
  as<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.app.get(TenantScope).run(tenant, () => this.app.get(UnitOfWork).run(work));
  }

  /** An outgoing message as the outbound lane leaves it. */
  async outgoing(merchant: Merchant, message: { state: string; wamid?: string; attempts?: number }): Promise<string> {
    const id = newId();
    await this.sql(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, state, wamid, attempt_no, next_at, created_at, updated_at,
         lease_token, lease_until)
       values ($1, $2, $3, 'OUTBOUND', 'phone', '919876543210', 'text', '{"type":"text","body":"Hello"}', 'automatic_answer', $4, $5, $6, now(), now(), now(),
         case when $4 = 'sending' then gen_random_uuid() end, case when $4 = 'sending' then now() + interval '60 s' end)`,
      [merchant.tenantId, id, merchant.phoneNumberId, message.state, message.wamid ?? null, message.attempts ?? 1],
    );
    for (let attempt = 1; attempt <= (message.attempts ?? 1); attempt++)
      await this.sql(
        `insert into send_attempt (tenant_id, message_id, attempt_no, started_at) values ($1, $2, $3, now())`,
        [merchant.tenantId, id, attempt],
      );
    return id;
  }
}

export function signature(body: string | Buffer, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export interface Change {
  readonly field?: string;
  readonly value: unknown;
}

/** A webhook of the shape that Meta documents, for one account. */
export function webhook(wabaId: string, ...changes: Change[]): object {
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: wabaId, changes: changes.map(({ field = 'messages', value }) => ({ field, value })) }],
  };
}

let counter = 0;

export function newWamid(): string {
  return `wamid.TEST${Date.now()}${++counter}`;
}

/** A customer's text; `own` replaces or adds members of the message. */
export function textMessage(text: string, own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    from: '919876543210',
    id: newWamid(),
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: 'text',
    text: { body: text },
    ...own,
  };
}

export function messagesOf(merchant: Merchant, messages: unknown[], contacts: unknown[] = []): object {
  return webhook(merchant.wabaId, {
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: merchant.phoneNumberId },
      contacts,
      messages,
    },
  });
}

export function statusesOf(merchant: Merchant, statuses: unknown[]): object {
  return webhook(merchant.wabaId, {
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: merchant.phoneNumberId },
      statuses,
    },
  });
}

export function status(wamid: string, word: string, own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: wamid,
    status: word,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: '919876543210',
    ...own,
  };
}
