import type { TenantId } from '../../../src/kernel/ids.js';
import { SendQueueDrain } from '../../../src/modules/messaging/infrastructure/outbound/send-queue.drain.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

describe('A number that has much to send, where all places of the process are taken (F54, D15)', () => {
  const provider = new ScriptedProvider();
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  let engine: OutboundEngine;
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await OutboundEngine.start(database, provider, senders);
    // As if this one took the last place.
    Object.assign(engine.module.get(SendQueueDrain), { concurrency: 1 });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });
  beforeEach(() => {
    provider.reset();
    senders.reset();
    tenant = newTenant();
  });

  it('lets another have its place after a second, and goes on later: nothing is lost, doubled or out of order', async () => {
    senders.throughput = 120;
    const drain = engine.module.get(SendQueueDrain);
    const turns: (Date | undefined)[] = [];
    const turn = drain.drain.bind(drain);
    drain.drain = async (lane) => {
      const due = await turn(lane);
      turns.push(due);
      return due;
    };
    const orders = Array.from({ length: 500 }, (_, n) => ({ to: `91${n % 100}`, text: `m${n}` }));
    await engine.enqueueAll(tenant, orders);
    await until(async () => (await engine.states(tenant))['accepted'] === 500, { within: 30_000 });
    expect(new Set(provider.texts()).size).toBe(500);
    expect(provider.posted).toHaveLength(500);
    for (const customer of new Set(orders.map(({ to }) => to)))
      expect(provider.posted.filter(({ to }) => to === customer).map(({ text }) => text)).toEqual(
        orders.filter(({ to }) => to === customer).map(({ text }) => text),
      );
    // Each turn but the last ended with more to do.
    const early = turns.filter((due) => due !== undefined && due.getTime() <= Date.now());
    expect(early.length).toBeGreaterThanOrEqual(1);
    expect(provider.posted.every(({ phoneNumberId }) => phoneNumberId === numberOf(tenant))).toBe(true);
  }, 40_000);
});
