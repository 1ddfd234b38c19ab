import { DiscoveryService } from '@nestjs/core';
import { Money } from '../../src/kernel/money.js';
import { AddDues, CustomerNotFound, type DatedDue, type DueTaken } from '../../src/modules/customers/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { ReactsTo, type Reaction } from '../../src/platform/outbox/reaction.js';
import { Inbox } from '../conversations/inbox.js';
import { inr, Shop, unknownId } from './books.js';

describe('Many dues at once', () => {
  let inbox: Inbox;
  let shop: Shop;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
  });

  const add = (dues: readonly DatedDue[]): Promise<readonly DueTaken[]> =>
    inbox.in(shop.tenantId, () => inbox.get(Commands).execute(new AddDues(dues)));
  const due = (customerId: string, amountMinor: number, more: Partial<DatedDue> = {}): DatedDue => ({
    customerId,
    amount: Money.of(amountMinor, 'INR'),
    dueDate: '2026-12-10',
    ...more,
  });

  it('do to the books what one after the other does: lines, credit, plans (S0.94)', async () => {
    const [asha, ben] = [await shop.customer(), await shop.customer()];
    await shop.pay(ben.id, 150);
    const taken = await add([due(asha.id, 100), due(ben.id, 100), due(ben.id, 100), due(asha.id, 50)]);
    expect(taken.map(({ outcome }) => outcome)).toEqual(['added', 'added', 'added', 'added']);
    expect(await Promise.all(taken.map(async ({ dueId }) => (await shop.show(`dues/${dueId}`)).outstanding))).toEqual(
      [100, 0, 50, 50].map(inr),
    );
    expect(await shop.discrepancies()).toEqual([]);
    expect(
      await shop.sql(
        `select due_id, count(*)::int as n from reminder where status = 'pending' group by due_id order by due_id`,
      ),
    ).toEqual([taken[0], taken[2], taken[3]].map((one) => ({ due_id: one!.dueId, n: 3 })));
  });

  it('that come again by their reference are known, within the list as well', async () => {
    const { id } = await shop.customer();
    const [first, twin] = await add([due(id, 100, { reference: 'INV-1' }), due(id, 900, { reference: 'INV-1' })]);
    const [again, other] = await add([due(id, 100, { reference: 'INV-1' }), due(id, 5)]);
    expect([first!.outcome, twin, again]).toEqual([
      'added',
      { ...first, outcome: 'known' },
      { ...first, outcome: 'known' },
    ]);
    expect(other!.outcome).toBe('added');
    expect((await shop.show(`customers/${id}`)).currentDue).toEqual(inr(105));
  });

  it('are added all or none', async () => {
    const { id } = await shop.customer();
    await expect(add([due(id, 100), due(unknownId(), 100)])).rejects.toThrow(CustomerNotFound);
    expect((await shop.show(`customers/${id}`)).currentDue).toEqual(inr(0));
  });

  it('are planned anew in batches, when their term changes, each once', async () => {
    const { id } = await shop.customer();
    const dues = Array.from({ length: 1100 }, (_, n) => due(id, n + 1));
    for (let at = 0; at < dues.length; at += 550) await add(dues.slice(at, at + 550));
    await shop.call('POST', 'payment-terms', { name: 'Default', reminderOffsets: [1], isDefault: true });
    const discovery = inbox.get(DiscoveryService);
    const replan = discovery
      .getProviders()
      .find((wrapper) => discovery.getMetadataByDecorator(ReactsTo, wrapper)?.includes('customers.plans-outdated'))!
      .instance as Reaction;
    const outdated = (): Promise<{ id: string; aggregateId: string; payload: Record<string, unknown> }[]> =>
      shop.sql(
        `select id, aggregate_id as "aggregateId", payload from outbox_event where type = 'customers.plans-outdated' order by seq`,
      );
    let delivered = 0;
    for (let events = await outdated(); events.length > delivered; events = await outdated()) {
      const event = { ...events[delivered++]!, type: 'customers.plans-outdated', occurredAt: inbox.clock.now() };
      await inbox.in(shop.tenantId, () => inbox.get(UnitOfWork).run(() => replan.on(event)));
    }
    expect(delivered).toBe(3);
    expect(
      await shop.sql(
        `select count(*)::int as n, count(distinct due_id)::int as dues from reminder where status = 'pending'`,
      ),
    ).toEqual([{ n: 1100, dues: 1100 }]);
  });
});
