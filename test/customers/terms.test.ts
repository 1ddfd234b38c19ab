import { DiscoveryService } from '@nestjs/core';
import { ReactsTo, type Reaction } from '../../src/platform/outbox/reaction.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { inr, Shop } from './books.js';

interface StoredEvent {
  id: string;
  type: string;
  aggregateId: string;
  occurredAt: Date;
  payload: Record<string, unknown>;
}

describe('Payment terms', () => {
  let inbox: Inbox;
  let shop: Shop;
  let handled: Set<string>;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
    handled = new Set();
  });

  /** What the outbox's lane does with these events, until none is new. */
  const deliver = async (...types: string[]): Promise<number> => {
    const events = await shop.sql<StoredEvent>(
      `select id, type, aggregate_id as "aggregateId", occurred_at as "occurredAt", payload from outbox_event where type = any($1::text[]) order by seq`,
      [types],
    );
    const fresh = events.filter(({ id }) => !handled.has(id));
    const discovery = inbox.get(DiscoveryService);
    for (const event of fresh) {
      handled.add(event.id);
      for (const wrapper of discovery.getProviders())
        if (discovery.getMetadataByDecorator(ReactsTo, wrapper)?.includes(event.type))
          await inbox.in(shop.tenantId, () =>
            inbox.get(UnitOfWork).run(() => (wrapper.instance as Reaction).on(event)),
          );
    }
    return fresh.length === 0 ? 0 : fresh.length + (await deliver(...types));
  };
  const planned = async (dueId: string): Promise<string[]> =>
    (
      await shop.sql<{ at: string }>(
        `select to_char(scheduled_for at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at from reminder where due_id = $1::uuid and status = 'pending' order by scheduled_for`,
        [dueId],
      )
    ).map(({ at }) => at);
  const term = (body: object): ReturnType<Shop['call']> =>
    shop.call('POST', 'payment-terms', { name: 'Term', reminderOffsets: [7, 3, 0], ...body });

  it('are kept in order, with the defaults of the house (S0.19, C23)', async () => {
    const { status, body } = await term({ reminderOffsets: [0, 7, 3], dueInDays: 15 });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00', dueInDays: 15, isDefault: false },
    });
    expect((await shop.show('payment-terms')).data).toEqual([body]);
    expect(await shop.show(`payment-terms/${body.id}`)).toEqual(body);
  });

  it.each([
    [{ reminderOffsets: [3, 3] }, 422],
    [{ reminderOffsets: [-1] }, 400],
    [{ reminderOffsets: [366] }, 400],
    [{ reminderOffsets: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }, 400],
    [{ overdueSteps: [0] }, 400],
    [{ overdueSteps: null }, 400],
    [{ sendAt: '24:00' }, 400],
    [{ dueInDays: 1.5 }, 400],
    [{ name: '' }, 400],
  ])('refuse %j', async (body, status) => {
    expect((await term(body)).status).toBe(status);
  });

  it('have a name each', async () => {
    await term({ name: 'Weekly' });
    expect(await term({ name: 'Weekly' })).toMatchObject({ status: 409, body: { code: 'PAYMENT_TERM_NAME_TAKEN' } });
  });

  it("say how long a due takes, of the due, else of the customer, else of the default, by the customer's day (C25)", async () => {
    await term({ name: 'Default', dueInDays: 30, isDefault: true });
    const own = (await term({ name: 'Own', dueInDays: 10 })).body;
    const of = (await term({ name: 'Of the due', dueInDays: 5 })).body;
    const due = async (customerId: string, more: object = {}): Promise<string> =>
      (await shop.call('POST', `customers/${customerId}/dues`, { amount: inr(100), ...more })).body.dueDate;
    const plain = await shop.customer({ timezone: 'Pacific/Kiritimati' });
    const withTerm = await shop.customer({ paymentTermId: own.id });
    expect(await due(plain.id)).toBe('2026-12-22');
    expect(await due(withTerm.id)).toBe('2026-12-01');
    expect(await due(withTerm.id, { paymentTermId: of.id })).toBe('2026-11-26');
  });

  it('plan the reminders of the dues that use them (S0.19-S0.22)', async () => {
    const { id } = (await term({ reminderOffsets: [2], sendAt: '18:30' })).body;
    const customer = await shop.customer({ paymentTermId: id });
    expect(await planned((await shop.due(customer.id, 100, '2026-12-10')).id)).toEqual(['2026-12-08 13:00']);
  });

  it('that change plan the open dues anew that use them, and no others (S0.19)', async () => {
    const { id } = (await term({ name: 'Own' })).body;
    const customer = await shop.customer({ paymentTermId: id });
    const due = await shop.due(customer.id, 100, '2026-12-10');
    const other = await shop.due((await shop.customer()).id, 100, '2026-12-10');
    await shop.call('PATCH', `payment-terms/${id}`, { reminderOffsets: [1] });
    expect(await deliver('customers.plans-outdated')).toBe(1);
    expect(await planned(due.id)).toEqual(['2026-12-09 03:30']);
    expect(await planned(other.id)).toHaveLength(3);
    await shop.call('PATCH', `payment-terms/${id}`, { name: 'Renamed', dueInDays: 9 });
    expect(await deliver('customers.plans-outdated')).toBe(0);
  });

  it('that become the default plan those anew that have none; there is one default at most', async () => {
    const due = await shop.due((await shop.customer()).id, 100, '2026-12-10');
    const first = (await term({ name: 'First', reminderOffsets: [5], isDefault: true })).body;
    await deliver('customers.plans-outdated');
    expect(await planned(due.id)).toEqual(['2026-12-05 03:30']);
    await term({ name: 'Second', reminderOffsets: [4], isDefault: true });
    await deliver('customers.plans-outdated');
    expect(await planned(due.id)).toEqual(['2026-12-06 03:30']);
    expect(await shop.show(`payment-terms/${first.id}`)).toMatchObject({ isDefault: false });
  });

  it('that are archived stay with what uses them, and nothing begins to use them', async () => {
    const { id } = (await term({ reminderOffsets: [1] })).body;
    const customer = await shop.customer({ paymentTermId: id });
    expect((await shop.call('DELETE', `payment-terms/${id}`)).status).toBe(204);
    expect((await shop.show('payment-terms')).data).toEqual([]);
    expect(await planned((await shop.due(customer.id, 100, '2026-12-10')).id)).toEqual(['2026-12-09 03:30']);
    expect(
      await shop.call('POST', 'customers', { name: 'Ben', phone: '+919811100000', paymentTermId: id }),
    ).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_PAYMENT_TERM' },
    });
  });

  it("follow the customer's and the merchant's zone (C25)", async () => {
    const customer = await shop.customer();
    const due = await shop.due(customer.id, 100, '2026-12-10');
    const home = await shop.due((await shop.customer()).id, 100, '2026-12-10');
    await shop.call('PATCH', `customers/${customer.id}`, { timezone: 'Europe/Athens' });
    expect((await planned(due.id))[0]).toBe('2026-12-03 07:00');
    await inbox.call('PATCH', `/v1/tenants/${shop.tenantId}`, PLATFORM_KEY, { timezone: 'Asia/Tokyo' });
    await deliver('tenants.tenant-changed');
    await deliver('customers.plans-outdated');
    expect((await planned(home.id))[0]).toBe('2026-12-03 00:00');
    expect((await planned(due.id))[0]).toBe('2026-12-03 07:00');
    await inbox.call('PATCH', `/v1/tenants/${shop.tenantId}`, PLATFORM_KEY, { name: 'Renamed' });
    expect(await deliver('tenants.tenant-changed')).toBe(1);
    expect(await deliver('customers.plans-outdated')).toBe(0);
  });

  it("are nobody else's (G6)", async () => {
    const { id } = (await term({})).body;
    const other = await Shop.open(inbox);
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Taken over' }],
      ['DELETE', undefined],
    ] as const)
      expect(await other.call(method, `payment-terms/${id}`, body)).toMatchObject({
        status: 404,
        body: { code: 'PAYMENT_TERM_NOT_FOUND' },
      });
    expect((await other.show('payment-terms')).data).toEqual([]);
  });
});
