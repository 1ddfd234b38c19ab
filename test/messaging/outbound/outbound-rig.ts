import { Global, Injectable, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { newId, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { AuditLog } from '../../../src/platform/auth/audit-log.js';
import { ClockModule } from '../../../src/platform/clock/clock.module.js';
import { Config } from '../../../src/platform/config/config.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { Commands } from '../../../src/platform/cqrs/commands.js';
import { CqrsModule } from '../../../src/platform/cqrs/cqrs.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { Doorbell } from '../../../src/platform/lanes/doorbell.js';
import { LanesModule } from '../../../src/platform/lanes/lanes.module.js';
import { MediaStoreModule } from '../../../src/platform/media-store/media-store.module.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { AccountsModule } from '../../../src/modules/messaging/accounts.module.js';
import { ProviderMedia } from '../../../src/modules/messaging/application/media/provider-media.js';
import { OrphanStatuses } from '../../../src/modules/messaging/application/inbound/orphan-statuses.js';
import { EnqueueMessage } from '../../../src/modules/messaging/application/outbound/enqueue-message.js';
import type {
  EnqueuedMessage,
  MessageOrder,
} from '../../../src/modules/messaging/application/outbound/message-order.js';
import { SendHistory } from '../../../src/modules/messaging/application/outbound/send-history.js';
import { Senders } from '../../../src/modules/messaging/application/outbound/senders.js';
import {
  type OutgoingMessage,
  type Sender,
  WhatsApp,
} from '../../../src/modules/messaging/application/outbound/whatsapp.js';
import { AttemptReferences } from '../../../src/modules/messaging/domain/attempt-reference.js';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import { InboundModule } from '../../../src/modules/messaging/inbound.module.js';
import { attemptReferences } from '../../../src/modules/messaging/infrastructure/inbound/attempt-reference-key.js';
import { OutboundModule } from '../../../src/modules/messaging/outbound.module.js';
import { testConfig } from '../../setup/config.js';
import type { TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';

/** A number belongs to one tenant. */
export function numberOf(tenant: TenantId): string {
  return BigInt(`0x${tenant.replaceAll('-', '')}`)
    .toString()
    .slice(-15);
}

/** One POST as the provider saw it. */
export interface Posted {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
  readonly to: string;
  readonly text: string;
  readonly messageId: string;
  readonly attemptNo: number;
  readonly wamid: string;
  readonly at: number;
}

/** The provider's side: keeps what it accepted or may have, and answers as it is told. Shared by all engines of a test. */
export class ScriptedProvider {
  readonly posted: Posted[] = [];
  /** wamids that were marked as read. */
  readonly receipts: string[] = [];
  readonly inFlight = { now: 0, most: 0, perCustomer: new Map<string, number>(), mostPerCustomer: 0 };
  /** What the provider lists as accepted; undefined: it does not tell. */
  history: readonly string[] | undefined;
  /** What to answer; the default accepts. */
  answer: (post: Posted) => SendOutcome | Promise<SendOutcome> = ({ wamid }) => ({ kind: 'accepted', wamid });

  reset(): void {
    this.posted.length = 0;
    this.history = undefined;
    this.answer = ({ wamid }) => ({ kind: 'accepted', wamid });
    Object.assign(this.inFlight, { now: 0, most: 0, perCustomer: new Map(), mostPerCustomer: 0 });
  }

  texts(): string[] {
    return this.posted.map(({ text }) => text);
  }

  async take(sender: Sender, message: OutgoingMessage, references: AttemptReferences): Promise<SendOutcome> {
    const name = references.read(message.reference)!;
    const text = message.content.type === 'text' ? message.content.body : '';
    const post = {
      ...name,
      tenantId: sender.tenantId,
      phoneNumberId: sender.phoneNumberId,
      to: message.to.value,
      text,
      wamid: `wamid.${newId()}`,
      at: Date.now(),
    };
    this.posted.push(post);
    const { inFlight } = this;
    inFlight.now++;
    const customer = `${post.phoneNumberId}:${post.to}`;
    inFlight.perCustomer.set(customer, (inFlight.perCustomer.get(customer) ?? 0) + 1);
    inFlight.most = Math.max(inFlight.most, inFlight.now);
    inFlight.mostPerCustomer = Math.max(inFlight.mostPerCustomer, inFlight.perCustomer.get(customer)!);
    try {
      return await this.answer(post);
    } finally {
      inFlight.now--;
      inFlight.perCustomer.set(customer, inFlight.perCustomer.get(customer)! - 1);
    }
  }
}

/** The numbers that may speak; every number of every tenant unless it is told otherwise. */
export class ScriptedSenders {
  readonly unable = new Map<string, 'unknown' | 'paused' | 'disconnected' | 'credential'>();
  readonly refused: { accountId: string; version: number; reason: string }[] = [];
  throughput = 100_000;

  reset(): void {
    this.unable.clear();
    this.refused.length = 0;
    this.throughput = 100_000;
  }
}

export interface MessageRow {
  id: string;
  state: string;
  attempt_no: number;
  refusals: number;
  wamid: string | null;
  failure: { code: string | number; class: string } | null;
  next_at: Date;
}

/** The outbound module of one process, on a real database, with the provider and the accounts played by the test. */
export class OutboundEngine {
  private constructor(readonly module: TestingModule) {}

  static async start(
    database: TestDatabase,
    provider: ScriptedProvider,
    senders: ScriptedSenders,
    environment: Record<string, string | undefined> = {},
    ...extensions: Type[]
  ): Promise<OutboundEngine> {
    const config = testConfig(database, environment);

    @Injectable()
    class InMemoryWhatsApp extends WhatsApp {
      constructor(private readonly references: AttemptReferences) {
        super();
      }
      send(sender: Sender, message: OutgoingMessage, signal?: AbortSignal): Promise<SendOutcome> {
        if (signal?.aborted) return Promise.resolve({ kind: 'deferred', retryAt: new Date() });
        return provider.take(sender, message, this.references);
      }
      markAsRead(_sender: Sender, wamid: string): Promise<SendOutcome> {
        provider.receipts.push(wamid);
        return Promise.resolve({ kind: 'accepted', wamid });
      }
    }

    @Injectable()
    class InMemorySenders extends Senders {
      constructor(private readonly scope: TenantScope) {
        super();
      }
      find(phoneNumberId: string): ReturnType<Senders['find']> {
        const unable = senders.unable.get(phoneNumberId);
        if (unable) return Promise.resolve({ unable });
        const sender = {
          tenantId: this.scope.tenantId,
          phoneNumberId,
          accountId: 'account',
          accessToken: 'token',
          credentialVersion: 1,
        };
        return Promise.resolve({ sender, throughput: senders.throughput });
      }
      findReader(): Promise<undefined> {
        return Promise.resolve(undefined);
      }
      refuseCredential(accountId: string, version: number, reason: string): Promise<void> {
        senders.refused.push({ accountId, version, reason });
        senders.unable.set(numberOf(this.scope.tenantId), 'credential');
        return Promise.resolve();
      }
      pause(phoneNumberId: string): Promise<void> {
        senders.unable.set(phoneNumberId, 'paused');
        return Promise.resolve();
      }
    }

    const references = { provide: AttemptReferences, inject: [Config], useFactory: attemptReferences };
    const orphans = { provide: OrphanStatuses, useValue: { settleOrphans: () => Promise.resolve() } };

    @Module({
      providers: [
        references,
        { provide: WhatsApp, useClass: InMemoryWhatsApp },
        { provide: Senders, useClass: InMemorySenders },
        { provide: ProviderMedia, useValue: {} },
        { provide: SendHistory, useValue: { newest: () => Promise.resolve(provider.history) } },
      ],
      exports: [WhatsApp, Senders, SendHistory, ProviderMedia],
    })
    class Accounts {}

    @Module({ providers: [references, orphans], exports: [AttemptReferences, OrphanStatuses] })
    class Inbound {}

    @Global()
    @Module({ providers: [{ provide: AuditLog, useValue: { record: () => Promise.resolve() } }], exports: [AuditLog] })
    class Audit {}

    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.of(config),
        DatabaseModule,
        ClockModule.of(config),
        CqrsModule,
        QueueModule.forRoot(),
        LanesModule,
        MetricsModule,
        MediaStoreModule,
        Audit,
        OutboundModule,
        ...extensions,
      ],
    })
      .overrideModule(AccountsModule)
      .useModule(Accounts)
      .overrideModule(InboundModule)
      .useModule(Inbound)
      .compile();
    module.useLogger(false);
    await module.init();
    return new OutboundEngine(module);
  }

  as<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.module.get(TenantScope).run(tenant, work);
  }

  enqueue(tenant: TenantId, to: string, text: string, order: Partial<MessageOrder> = {}): Promise<EnqueuedMessage> {
    const command = new EnqueueMessage({
      phoneNumberId: numberOf(tenant),
      to: { kind: 'phone', value: to },
      content: { type: 'text', body: text },
      category: 'automatic_answer',
      ...order,
    });
    return this.as(tenant, () => this.module.get(Commands).execute(command));
  }

  /** Queues many in one transaction. */
  enqueueAll(tenant: TenantId, orders: { to: string; text: string; order?: Partial<MessageOrder> }[]): Promise<void> {
    return this.as(tenant, () =>
      this.module.get(UnitOfWork).runSql(async () => {
        for (const { to, text, order } of orders) await this.enqueue(tenant, to, text, order);
      }),
    );
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.as(tenant, () => this.module.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  async message(tenant: TenantId, id: string): Promise<MessageRow> {
    const [row] = await this.sql<MessageRow>(
      tenant,
      'select id, state, attempt_no, refusals, wamid, failure, next_at from message where id = $1',
      [id],
    );
    return row!;
  }

  async states(tenant: TenantId): Promise<Record<string, number>> {
    const rows = await this.sql<{ state: string; n: number }>(
      tenant,
      'select state, count(*)::int as n from message group by state',
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  async attempts(
    tenant: TenantId,
    messageId: string,
  ): Promise<{ attempt_no: number; outcome: string | null; wamid: string | null }[]> {
    return this.sql(
      tenant,
      'select attempt_no, outcome, wamid from send_attempt where message_id = $1 order by attempt_no',
      [messageId],
    );
  }

  async untilState(tenant: TenantId, id: string, state: string, within = 10_000): Promise<MessageRow> {
    return until(
      async () => {
        const row = await this.message(tenant, id);
        if (row.state !== state) throw new Error(`The message is ${row.state}`);
        return row;
      },
      { within },
    );
  }

  /** Makes due what waits for its time, as if the time had passed, and rings the lane. */
  async hurry(tenant: TenantId, id: string): Promise<void> {
    await this.sql(tenant, `update message set next_at = business_now() - interval '1 second' where id = $1`, [id]);
    await this.ring(tenant);
  }

  async ring(tenant: TenantId, phoneNumberId = numberOf(tenant)): Promise<void> {
    await this.sql(
      tenant,
      `insert into lane_ring (kind, key, tenant_id, due_at) values ('whatsapp-send-queue', $1, $2::uuid, business_now())`,
      [phoneNumberId, tenant],
    );

    this.module.get(Doorbell, { strict: false }).ring('whatsapp-send-queue');
  }

  close(): Promise<void> {
    return this.module.close();
  }
}

export function newTenant(): TenantId {
  return tenantId(newId());
}
