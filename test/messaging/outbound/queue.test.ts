import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../../src/kernel/ids.js';
import type { EnqueuedMessage } from '../../../src/modules/messaging/application/outbound/message-order.js';
import { CancelMessage } from '../../../src/modules/messaging/application/outbound/cancel-message.js';
import { Commands } from '../../../src/platform/cqrs/commands.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { describeOnEachQueueBackend } from '../../setup/redis.js';
import { until } from '../../setup/until.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

describeOnEachQueueBackend('The send queue of a number', (backend) => {
  const provider = new ScriptedProvider();
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  let engines: OutboundEngine[];
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    engines = await Promise.all(
      Array.from({ length: 5 }, () =>
        OutboundEngine.start(database, provider, senders, { REDIS_URL: backend.redisUrl() }),
      ),
    );
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await database.drop();
  });
  beforeEach(() => {
    provider.reset();
    senders.reset();
    tenant = newTenant();
  });
  const engine = (): OutboundEngine => engines[0]!;
  const untilAllAccepted = (count: number): Promise<unknown> =>
    until(async () => (await engine().states(tenant))['accepted'] === count, { within: 30_000 });

  it('sends each message once, though five workers want it (F08, S2.83)', async () => {
    const orders = Array.from({ length: 2000 }, (_, n) => ({ to: `91${n % 500}`, text: `m${n}` }));
    await Promise.all(engines.map((one, at) => one.enqueueAll(tenant, orders.slice(at * 400, (at + 1) * 400))));
    await untilAllAccepted(2000);
    expect(provider.posted).toHaveLength(2000);
    expect(new Set(provider.texts()).size).toBe(2000);
    expect(provider.inFlight.mostPerCustomer).toBe(1);
  });

  it("keeps each customer's order, also through retries and throttles (G5)", async () => {
    let posts = 0;
    provider.answer = async ({ wamid }) => {
      await delay(posts % 3);
      const turn = posts++ % 10;
      if (turn === 3) return { kind: 'not-sent', error: { code: 'ECONNREFUSED', title: 'Not reached' } };
      return { kind: 'accepted', wamid };
    };
    const customers = Array.from({ length: 10 }, (_, n) => `91${n}`);
    await engine().enqueueAll(
      tenant,
      Array.from({ length: 60 }, (_, n) => ({ to: customers[n % 10]!, text: String(n) })),
    );
    const hurry = setInterval(() => {
      void engine()
        .sql(tenant, `update message set next_at = business_now() where state = 'queued' and next_at > business_now()`)
        .then(() => engine().ring(tenant));
    }, 200);
    await untilAllAccepted(60).finally(() => clearInterval(hurry));
    for (const customer of customers) {
      const order = provider.posted.filter(({ to }) => to === customer).map(({ text }) => Number(text));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
    expect(provider.inFlight.mostPerCustomer).toBe(1);
  });

  it('lets answers go before what is due, and that before a campaign; what is meant for later holds nobody up', async () => {
    senders.unable.set(numberOf(tenant), 'paused');
    await engine().enqueue(tenant, '911', 'tomorrow', { notBefore: new Date(Date.now() + 86_400_000) });
    await engine().enqueue(tenant, '911', 'campaign', { category: 'campaign' });
    await engine().enqueue(tenant, '911', 'due', { category: 'payment_reminder' });
    await engine().enqueue(tenant, '911', 'answer', { category: 'automatic_answer' });
    senders.unable.clear();
    await engine().ring(tenant);
    await untilAllAccepted(3);
    expect(provider.texts()).toEqual(['answer', 'due', 'campaign']);
  });

  it('sends at the time that was asked for, not before', async () => {
    const notBefore = new Date(Date.now() + 600);
    const { messageId } = await engine().enqueue(tenant, '911', 'later', { notBefore });
    await engine().untilState(tenant, messageId, 'accepted');
    expect(provider.posted[0]!.at).toBeGreaterThanOrEqual(notBefore.getTime());
  });

  it('queues one message for a key, though a hundred ask at once (F26, S2.36)', async () => {
    // Who finds no free connection gets a 503, and asks again with the same key.
    const ask = (n: number): Promise<EnqueuedMessage> =>
      until(() => engines[n % 5]!.enqueue(tenant, '911', `try ${n}`, { idempotencyKey: 'invoice-7' }), {
        within: 20_000,
      });
    const asked = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)));
    expect(new Set(asked.map(({ messageId }) => messageId)).size).toBe(1);
    expect(asked.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await untilAllAccepted(1);
    expect(provider.posted).toHaveLength(1);
    const other = newTenant();
    const theirs = await engine().enqueue(other, '911', 'theirs', { idempotencyKey: 'invoice-7' });
    expect(theirs.duplicate).toBe(false);
    await engine().untilState(other, theirs.messageId, 'accepted');
  });

  it('has each automatic message once, under a key that nobody else is let in with (S2.68)', async () => {
    const once = { category: 'automatic_answer', once: 'reply:wamid.1' } as const;
    const first = await engine().enqueue(tenant, '911', 'hello', once);
    expect(await engine().enqueue(tenant, '911', 'hello', once)).toEqual({ ...first, duplicate: true });
    const taken = engine().enqueue(tenant, '911', 'mine', { idempotencyKey: 'auto-reply:wamid.2' });
    await expect(taken).rejects.toThrow('auto-reply:wamid.2 is a key of an automatic message');
    expect(await engine().enqueue(tenant, '911', 'hi', { ...once, once: 'reply:wamid.2' })).toMatchObject({
      duplicate: false,
    });
  });

  it('posts nothing that was cancelled, though both come in the same moment (F48, G8, S2.69)', async () => {
    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        engines[n % 5]!.enqueue(tenant, `91${n}`, `m${n}`, { notBefore: new Date(Date.now() + 150) }),
      ),
    );
    const cancel = async ({ messageId }: EnqueuedMessage, n: number): Promise<boolean> => {
      await delay(100 + n * 2);
      const one = engines[n % 5]!;
      return one
        .as(tenant, () => one.module.get(Commands).execute(new CancelMessage(messageId)))
        .then(
          () => true,
          (refusal: { code: string }) => {
            if (refusal.code !== 'MESSAGE_NOT_CANCELLABLE') throw refusal;
            return false;
          },
        );
    };
    const cancelled = await Promise.all(sent.map(cancel));
    const count = cancelled.filter(Boolean).length;
    await until(async () => ((await engine().states(tenant))['accepted'] ?? 0) === 60 - count);
    const posted = new Set(provider.posted.map(({ messageId }) => messageId));
    sent.forEach(({ messageId }, n) => expect([n, posted.has(messageId)]).toEqual([n, !cancelled[n]]));
  });

  it('does not let a slow answer for one customer hold up another customer', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    provider.answer = async ({ to, wamid }) => {
      if (to === '911') await slow;
      return { kind: 'accepted', wamid };
    };
    await engine().enqueue(tenant, '911', 'slow');
    await until(() => provider.posted.length === 1);
    const quick = await engine().enqueue(tenant, '912', 'quick');
    await engine().untilState(tenant, quick.messageId, 'accepted');
    release();
    await untilAllAccepted(2);
  });

  it('keeps a wire between two numbers that are slow (F28)', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const other = newTenant();
    provider.answer = async ({ tenantId, wamid }) => {
      if (tenantId === tenant) await slow;
      return { kind: 'accepted', wamid };
    };
    await engine().enqueueAll(
      tenant,
      Array.from({ length: 200 }, (_, n) => ({ to: `91${n}`, text: `slow ${n}` })),
    );
    await until(() => provider.inFlight.now >= 40);
    const quick = await engine().enqueue(other, '911', 'quick');
    await engine().untilState(other, quick.messageId, 'accepted');
    expect(provider.inFlight.most).toBeLessThanOrEqual(64);
    release();
    await untilAllAccepted(200);
  });

  it("holds to the number's throughput", async () => {
    senders.throughput = 40;
    await engine().enqueueAll(
      tenant,
      Array.from({ length: 80 }, (_, n) => ({ to: `91${n}`, text: `m${n}` })),
    );
    await untilAllAccepted(80);
    const times = provider.posted.map(({ at }) => at).sort((a, b) => a - b);
    const most = Math.max(
      ...times.map((at, index) => times.filter((other, later) => later >= index && other < at + 1000).length),
    );
    expect(most).toBeLessThanOrEqual(41);
  });
});

describe('A process that is told to stop (F09, reliability 2.12)', () => {
  it('ends what is on the wire and writes it down, begins nothing, and another process sends the rest', async () => {
    const provider = new ScriptedProvider();
    const senders = new ScriptedSenders();
    const database = await createTestDatabase();
    const tenant = newTenant();
    const [api, leaving] = await Promise.all(
      ['api', 'worker'].map((role) => OutboundEngine.start(database, provider, senders, { ROLE: role })),
    );
    try {
      provider.answer = async ({ wamid }) => {
        await delay(150);
        return { kind: 'accepted', wamid };
      };
      await api!.enqueueAll(
        tenant,
        Array.from({ length: 500 }, (_, n) => ({ to: `91${n}`, text: `m${n}` })),
      );
      await until(() => provider.inFlight.now > 10);
      await leaving!.close();
      const posted = provider.posted.length;
      expect(posted).toBeLessThan(500);
      expect(await api!.states(tenant)).toEqual({ accepted: posted, queued: 500 - posted });
      const staying = await OutboundEngine.start(database, provider, senders, { ROLE: 'worker' });
      await until(async () => (await api!.states(tenant))['accepted'] === 500, { within: 20_000 });
      await staying.close();
      expect(new Set(provider.texts()).size).toBe(500);
      expect(provider.posted).toHaveLength(500);
    } finally {
      await api!.close();
      await database.drop();
    }
  });
});
