import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DomainEvent } from '../../src/kernel/domain-event.js';
import { newId, tenantId } from '../../src/kernel/ids.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { LanesModule } from '../../src/platform/lanes/lanes.module.js';
import { ForgetDeliveredEvents } from '../../src/platform/outbox/forget-delivered-events.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxModule } from '../../src/platform/outbox/outbox.module.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../src/platform/outbox/reaction.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

class Counted extends DomainEvent {
  readonly type = 'test.counted';
  constructor(
    readonly aggregateId: string,
    readonly payload: { n: number },
  ) {
    super();
  }
}

const seen: { event: DeliveredEvent; tenant: string }[] = [];
let refuse: (event: DeliveredEvent) => boolean = () => false;

@Injectable()
@ReactsTo(['test.counted'])
class SeesCounted extends Reaction {
  constructor(
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  on(event: DeliveredEvent): Promise<void> {
    seen.push({ event, tenant: this.scope.tenantId });
    if (refuse(event)) return Promise.reject(new Error('refused'));
    this.unitOfWork.afterCommit(() => undefined);
    return Promise.resolve();
  }
}

describe('The outbox', () => {
  const tenants = [tenantId(newId()), tenantId(newId())] as const;
  let database: TestDatabase;
  let engine: INestApplicationContext;

  const append = (tenant: (typeof tenants)[number], events: DomainEvent[]): Promise<void> =>
    engine.get(TenantScope).run(tenant, () => engine.get(UnitOfWork).run(() => engine.get(Outbox).append(events)));
  const states = (tenant: (typeof tenants)[number]): Promise<string[]> =>
    engine.get(TenantScope).run(tenant, () =>
      engine.get(UnitOfWork).run(async () => {
        const rows = await engine
          .get(UnitOfWork)
          .sql.query<{ state: string }>('select state from outbox_event order by seq');
        return rows.map((row) => row.state);
      }),
    );

  beforeAll(async () => {
    database = await createTestDatabase();
    @Module({
      imports: [
        ConfigModule.of(testConfig(database)),
        DatabaseModule,
        ClockModule.of(testConfig(database)),
        QueueModule.forRoot(),
        LanesModule,
        OutboxModule,
      ],
      providers: [SeesCounted],
    })
    class Engine {}
    engine = await NestFactory.createApplicationContext(Engine, { logger: false });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });
  beforeEach(() => {
    seen.length = 0;
    refuse = () => false;
  });

  it('delivers each event once, in order within its aggregate, in the scope of its tenant', async () => {
    for (let n = 0; n < 20; n++) {
      await Promise.all(tenants.map((tenant) => append(tenant, [new Counted('a', { n }), new Counted('b', { n })])));
    }
    await until(() => seen.length === 80, { within: 15_000 });
    for (const tenant of tenants) {
      for (const aggregate of ['a', 'b']) {
        const order = seen
          .filter((s) => s.tenant === tenant && s.event.aggregateId === aggregate)
          .map((s) => s.event.payload['n']);
        expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
      }
    }
    await until(async () => (await states(tenants[0])).every((state) => state === 'delivered'));
    expect(seen).toHaveLength(80);
  });

  it('forgets the events of a transaction that rolled back', async () => {
    const unitOfWork = engine.get(UnitOfWork);
    const attempt = engine.get(TenantScope).run(tenants[0], () =>
      unitOfWork.run(async () => {
        await engine.get(Outbox).append([new Counted('rolled-back', { n: 0 })]);
        throw new Error('no');
      }),
    );
    await expect(attempt).rejects.toThrow('no');
    await append(tenants[0], [new Counted('after', { n: 1 })]);
    await until(() => seen.length > 0);
    expect(seen.map(({ event }) => event.aggregateId)).toEqual(['after']);
  });

  it('holds back an aggregate whose event is refused, and nobody else, until a later try succeeds', async () => {
    let refusals = 0;
    refuse = ({ aggregateId, payload }) => aggregateId === 'stubborn' && payload['n'] === 0 && refusals++ < 1;
    await append(tenants[0], [
      new Counted('stubborn', { n: 0 }),
      new Counted('stubborn', { n: 1 }),
      new Counted('easy', { n: 0 }),
    ]);
    await until(() => seen.some(({ event }) => event.aggregateId === 'stubborn' && event.payload['n'] === 1), {
      within: 10_000,
    });
    const order = seen.map(({ event }) => `${event.aggregateId}${String(event.payload['n'])}`);
    expect(order.indexOf('easy0')).toBeLessThan(order.lastIndexOf('stubborn0'));
    expect(order.filter((name) => name.startsWith('stubborn'))).toEqual(['stubborn0', 'stubborn0', 'stubborn1']);
  });

  it('shows a tenant no event of another (row security alone)', async () => {
    expect(await states(tenants[0])).not.toEqual([]);
    expect(await states(tenantId(newId()))).toEqual([]);
  });

  it('forgets what was delivered a month ago, not what waits or was given up', async () => {
    const [tenant] = tenants;
    const sql = (text: string): Promise<unknown> =>
      engine
        .get(TenantScope)
        .run(tenant, () => engine.get(UnitOfWork).run(() => engine.get(UnitOfWork).sql.query(text)));
    await sql('delete from outbox_event');
    await append(
      tenant,
      ['delivered', 'delivered', 'pending', 'dead'].map((state, n) => new Counted(state, { n })),
    );
    await until(async () => (await states(tenant)).every((state) => state === 'delivered'));
    await sql(`update outbox_event set state = aggregate_id, next_at = 'infinity'`);
    await sql(`update outbox_event set occurred_at = now() - interval '31 days' where payload ->> 'n' <> '0'`);
    expect(await engine.get(ForgetDeliveredEvents).clear()).toBe(1);
    expect(await states(tenant)).toEqual(['delivered', 'pending', 'dead']);
  });
});
