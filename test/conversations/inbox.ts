import type { Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import { TakeEchoes } from '../../src/modules/conversations/application/echoes/take-echoes.js';
import { SendInConversation } from '../../src/modules/conversations/application/messages/send-in-conversation.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { type InboundMiddleware, PipelineMiddleware } from '../../src/modules/conversations/index.js';
import {
  ConsumesInbound,
  type InboundBody,
  InboundConsumer,
  type InboundMessage,
  type MessageContent,
  ReadReceipts,
  type SenderIdentity,
} from '../../src/modules/messaging/index.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { APPLICATION_OPTIONS, configureHttp } from '../../src/platform/http/configure-http.js';
import { fastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { LocalTokenBuckets } from '../../src/platform/rate-limiting/local-token-buckets.js';
import { TokenBuckets } from '../../src/platform/rate-limiting/token-buckets.js';
import { PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

export const NUMBER = '106540352242922';

/** A clock that stands until it is moved. */
export class StandingClock extends Clock {
  #now = new Date('2026-11-21T10:00:00Z');
  now(): Date {
    return this.#now;
  }
  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds);
  }
}

/** Records what customers were shown as read. */
class RecordedReceipts extends ReadReceipts {
  readonly marked: { wamid: string; show: string }[] = [];
  markAsRead(_phoneNumberId: string, wamid: string, show: 'ticks' | 'ticks-and-typing'): void {
    this.marked.push({ wamid, show });
  }
}

export interface SentAnswer {
  address: string;
  address_kind: string;
  content: MessageContent;
  thread_id: string;
  idempotency_key: string;
}

/**
 * The whole application on a database of its own, with a clock that stands and no workers: messages are handed over as messaging's
 * inbound lanes hand them over, and what is queued stays queued.
 */
export class Inbox {
  #wamids = 0;

  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly database: TestDatabase,
    readonly clock: StandingClock,
    private readonly recorded: RecordedReceipts,
  ) {}

  /** @param extensions modules of the test that plug in */
  static async open(...extensions: Type[]): Promise<Inbox> {
    const database = await createTestDatabase();
    const config = testConfig(database, { ROLE: 'api' });
    const [clock, receipts] = [new StandingClock(), new RecordedReceipts()];
    const module = await Test.createTestingModule({ imports: [AppModule.of(config), ...extensions] })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(TokenBuckets)
      .useValue(new LocalTokenBuckets(() => clock.now().getTime()))
      .overrideProvider(ReadReceipts)
      .useValue(receipts)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), APPLICATION_OPTIONS);
    app.useLogger(false);
    configureHttp(app);
    await app.init();
    return new Inbox(app, database, clock, receipts);
  }

  get receipts(): { wamid: string; show: string }[] {
    return this.recorded.marked;
  }

  get<T>(type: abstract new (...given: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  in<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.get(TenantScope).run(tenant, work);
  }

  /** A registered merchant. */
  async merchant(): Promise<{ tenantId: TenantId; apiKey: string; email: string }> {
    const admin = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await this.call<{ tenant: { id: string }; apiKey: string }>('POST', '/v1/tenants', PLATFORM_KEY, {
      name: 'Merchant',
      country: 'IN',
      currency: 'INR',
      admin,
    });
    return { tenantId: tenantId(body.tenant.id), apiKey: body.apiKey, email: admin.email };
  }

  async call<Body>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    token: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Body }> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: (answer.body === '' ? undefined : answer.json()) as Body };
  }

  /** The answer as it stands: also of what is no JSON. */
  async asText(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    token: string,
    payload?: object,
  ): Promise<{ status: number; text: string }> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await this.app.inject({ method, url, headers, ...(payload && { payload }) });
    return { status: answer.statusCode, text: answer.body };
  }

  /** A file, as text. */
  async download(url: string, headers: Record<string, string>): Promise<string> {
    return (await this.app.inject({ method: 'GET', url, headers })).body;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  newTenant(): TenantId {
    return tenantId(newId());
  }

  message(from: SenderIdentity, body: InboundBody | string, more: Partial<InboundMessage> = {}): InboundMessage {
    return {
      wamid: `wamid.${++this.#wamids}`,
      phoneNumberId: NUMBER,
      sentAt: this.clock.now(),
      from,
      body: typeof body === 'string' ? { type: 'text', text: body } : body,
      mayAnswer: true,
      raw: {},
      ...more,
    };
  }

  /** One transaction a message: placed, stored, answered. @returns the thread */
  async arrive(tenant: TenantId, message: InboundMessage): Promise<string> {
    return this.in(tenant, () => this.get(UnitOfWork).runSql(() => this.#take(tenant, message)));
  }

  /** The same in the kind of transaction that commands open. */
  async arriveInCommand(tenant: TenantId, message: InboundMessage): Promise<string> {
    return this.in(tenant, () => this.get(UnitOfWork).run(() => this.#take(tenant, message)));
  }

  /** An admin writes in the conversation, and so takes it over. */
  async say(tenant: TenantId, conversationId: string, body: string): Promise<void> {
    const userId = newId();
    const access = InboxAccess.of({ role: 'ADMIN', userId, areas: 'all' });
    const request = { content: { type: 'text', body }, sentBy: userId } as const;
    await this.in(tenant, () =>
      this.get(Commands).execute(new SendInConversation(access, `user:${userId}`, conversationId, request)),
    );
  }

  /** The merchant's phone tells of a message that was written there to a customer. */
  echo(tenant: TenantId, waId: string, sentAt: Date): Promise<void> {
    const body = { type: 'text', text: 'From the phone' };
    const change = { kind: 'echo', wamid: `wamid.${newId()}`, to: { waId }, sentAt, body };
    return this.in(tenant, () =>
      this.get(UnitOfWork).runSql(() =>
        this.get(TakeEchoes).consume(change as never, { phoneNumberId: NUMBER } as never),
      ),
    );
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.in(tenant, () => this.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  /** What the merchant's customers are sent, in order. */
  answers(tenant: TenantId): Promise<SentAnswer[]> {
    return this.sql<SentAnswer>(
      tenant,
      `select address, address_kind, content, thread_id, idempotency_key from message where direction = 'OUTBOUND' order by seq`,
    );
  }

  async texts(tenant: TenantId): Promise<string[]> {
    return (await this.answers(tenant)).map(({ content }) =>
      'body' in content && typeof content.body === 'string' ? content.body : content.type,
    );
  }

  /** Every middleware of the house and of the test's modules. */
  middlewares(): InboundMiddleware[] {
    return this.get(DiscoveryService)
      .getProviders({ metadataKey: PipelineMiddleware.KEY })
      .map(({ instance }) => instance as InboundMiddleware);
  }

  async #take(tenant: TenantId, message: InboundMessage): Promise<string> {
    const consumer = this.#consumer();
    const messageId = newId();
    const { threadId } = await consumer.place(message, messageId);
    await this.get(UnitOfWork).sql.query(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'INBOUND', 'phone', '', $4::uuid, $5, $6::jsonb, 'received', $7, now(), now(), now())`,
      [
        tenant,
        messageId,
        message.phoneNumberId,
        threadId,
        message.body.type,
        JSON.stringify(message.body),
        message.wamid,
      ],
    );
    await consumer.answer(message, threadId);
    return threadId;
  }

  #consumer(): InboundConsumer {
    return this.get(DiscoveryService).getProviders({ metadataKey: ConsumesInbound.KEY })[0]!
      .instance as InboundConsumer;
  }
}

export function tap(id: string, contextWamid?: string): { body: InboundBody; contextWamid?: string } {
  return { body: { type: 'tap', source: 'list', id, title: 'Current Due' }, ...(contextWamid && { contextWamid }) };
}
