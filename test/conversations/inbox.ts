import { Module, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { Clock } from '../../src/kernel/clock.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { ConversationsModule, type InboundMiddleware, PipelineMiddleware } from '../../src/modules/conversations/index.js';
import { ConsumesInbound, EnqueueMessage, type EnqueuedMessage, type InboundBody, InboundConsumer, type InboundMessage, type MessageContent, MessagingModule, ReadReceipts, type SenderIdentity } from '../../src/modules/messaging/index.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { CqrsModule } from '../../src/platform/cqrs/cqrs.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { LanesModule } from '../../src/platform/lanes/lanes.module.js';
import { MetricsModule } from '../../src/platform/metrics/metrics.module.js';
import { OutboxModule } from '../../src/platform/outbox/outbox.module.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { RateLimitingModule } from '../../src/platform/rate-limiting/rate-limiting.module.js';
import { testConfig } from '../setup/config.js';
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

/** Puts messages where messaging puts them, without the lanes that send them. */
@CommandHandler(EnqueueMessage)
class StoreMessage implements ICommandHandler<EnqueueMessage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ order }: EnqueueMessage): Promise<EnqueuedMessage> {
    const id = newId();
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, category, idempotency_key, state, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'OUTBOUND', $4, $5, $6::uuid, $7, $8::jsonb, $9, $10, 'queued', $11::timestamptz, $11::timestamptz, $11::timestamptz)
       on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing returning id`,
      [this.scope.tenantId, id, order.phoneNumberId, order.to.kind, order.to.value, order.threadId ?? null, order.content.type, JSON.stringify(order.content), order.category, order.idempotencyKey ?? null, this.clock.now().toISOString()],
    );
    return { messageId: id, duplicate: rows.length === 0 };
  }
}

@Module({ providers: [StoreMessage, { provide: ReadReceipts, useClass: RecordedReceipts }], exports: [ReadReceipts] })
class StoringMessagingModule {}

export interface SentAnswer {
  address: string;
  address_kind: string;
  content: MessageContent;
  thread_id: string;
  idempotency_key: string;
}

/** The conversations of merchants on a real database; messages are handed over as messaging's inbound lanes hand them over. */
export class Inbox {
  readonly clock = new StandingClock();
  readonly receipts: { wamid: string; show: string }[];
  #wamids = 0;

  private constructor(
    readonly module: TestingModule,
    private readonly database: TestDatabase,
    clock: StandingClock,
  ) {
    this.clock = clock;
    this.receipts = module.get<RecordedReceipts>(ReadReceipts).marked;
  }

  /** @param extensions modules of the test that plug in */
  static async open(...extensions: Type[]): Promise<Inbox> {
    const database = await createTestDatabase();
    const config = testConfig(database, { ROLE: 'api' });
    const clock = new StandingClock();
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.of(config),
        DatabaseModule,
        ClockModule.of(config),
        CqrsModule,
        MetricsModule,
        RateLimitingModule,
        QueueModule.forRoot(),
        LanesModule,
        OutboxModule,
        DiscoveryModule,
        ConversationsModule,
        ...extensions,
      ],
    })
      .overrideModule(MessagingModule)
      .useModule(StoringMessagingModule)
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    module.useLogger(false);
    await module.init();
    return new Inbox(module, database, clock);
  }

  async close(): Promise<void> {
    await this.module.close();
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
    const unitOfWork = this.module.get(UnitOfWork);
    return this.module.get(TenantScope).run(tenant, () => unitOfWork.runSql(() => this.#take(tenant, message)));
  }

  /** The same in the kind of transaction that commands open. */
  async arriveInCommand(tenant: TenantId, message: InboundMessage): Promise<string> {
    const unitOfWork = this.module.get(UnitOfWork);
    return this.module.get(TenantScope).run(tenant, () => unitOfWork.run(() => this.#take(tenant, message)));
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.module.get(TenantScope).run(tenant, () => this.module.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  /** What the merchant's customers are sent, in order. */
  answers(tenant: TenantId): Promise<SentAnswer[]> {
    return this.sql<SentAnswer>(tenant, `select address, address_kind, content, thread_id, idempotency_key from message where direction = 'OUTBOUND' order by seq`);
  }

  async texts(tenant: TenantId): Promise<string[]> {
    return (await this.answers(tenant)).map(({ content }) => ('body' in content && typeof content.body === 'string' ? content.body : content.type));
  }

  /** Every middleware of the house and of the test's modules. */
  middlewares(): InboundMiddleware[] {
    return this.module
      .get(DiscoveryService, { strict: false })
      .getProviders({ metadataKey: PipelineMiddleware.KEY })
      .map(({ instance }) => instance as InboundMiddleware);
  }

  async #take(tenant: TenantId, message: InboundMessage): Promise<string> {
    const consumer = this.#consumer();
    const { threadId } = await consumer.place(message);
    await this.module.get(UnitOfWork).sql.query(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'INBOUND', 'phone', '', $4::uuid, $5, $6::jsonb, 'received', $7, now(), now(), now())`,
      [tenant, newId(), message.phoneNumberId, threadId, message.body.type, JSON.stringify(message.body), message.wamid],
    );
    await consumer.answer(message, threadId);
    return threadId;
  }

  #consumer(): InboundConsumer {
    const discovery = this.module.get(DiscoveryService, { strict: false });
    return discovery.getProviders({ metadataKey: ConsumesInbound.KEY })[0]!.instance as InboundConsumer;
  }
}

export function tap(id: string, contextWamid?: string): { body: InboundBody; contextWamid?: string } {
  return { body: { type: 'tap', source: 'list', id, title: 'Current Due' }, ...(contextWamid && { contextWamid }) };
}
