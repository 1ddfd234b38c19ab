import { ResolveContact } from '../../src/modules/customers/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';
import { type BooksBody, inr, Shop } from './books.js';

describe('When two customers turn out to be one, their books become one in the same transaction (D11)', () => {
  let inbox: Inbox;
  let shop: Shop;
  /** The older contact, by number; the younger, whose number is hidden. */
  let [asha, hidden]: BooksBody[] = [];

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
    asha = await shop.customer({ phone: '+919800000001', reference: 'A' });
    const userId = await wrote({ userId: 'IN.1' });
    // As a merchant may, who answers somebody whose number is hidden.
    await shop.sql(
      `insert into customer (tenant_id, id, currency, reference, language, created_at, updated_at) values ($1::uuid, $2::uuid, 'INR', 'B', 'hi', now(), now())`,
      [shop.tenantId, userId],
    );
    hidden = await shop.show(`customers/${userId}`);
  });

  const wrote = async (person: { waId?: string; userId?: string }): Promise<string> =>
    (
      await inbox.in(shop.tenantId, () =>
        inbox.get(UnitOfWork).runSql(() => inbox.get(Commands).execute(new ResolveContact(person, inbox.clock.now()))),
      )
    ).contactId;
  const meet = (): Promise<string> => wrote({ waId: '919800000001', userId: 'IN.1' });

  it('adds dues, lines and balances up', async () => {
    await shop.due(asha!.id, 1000, '2026-12-10');
    const due = await shop.due(hidden!.id, 500, '2026-12-05');
    await shop.pay(asha!.id, 300);
    await shop.pay(hidden!.id, 100);
    expect(await meet()).toBe(asha!.id);
    expect(await shop.show(`customers/${asha!.id}`)).toMatchObject({
      currentDue: inr(1100),
      reference: 'A',
      language: 'hi',
    });
    expect(await shop.show(`dues/${due.id}`)).toMatchObject({ customerId: asha!.id, outstanding: inr(400) });
    expect(await shop.discrepancies()).toEqual([]);
    expect(
      await shop.sql(
        `select balance_after_minor::int as balance from ledger_entry where customer_id = $1::uuid order by seq`,
        [asha!.id],
      ),
    ).toEqual([1000, 1500, 1200, 1100].map((balance) => ({ balance })));
  });

  it('lets the reminders follow', async () => {
    const due = await shop.due(hidden!.id, 500, '2026-12-05');
    await meet();
    expect(
      await shop.sql(`select distinct customer_id, status from reminder where due_id = $1::uuid`, [due.id]),
    ).toEqual([{ customer_id: asha!.id, status: 'pending' }]);
  });

  it('pays dues of the one with credit of the other', async () => {
    const due = await shop.due(asha!.id, 1000);
    await shop.pay(hidden!.id, 1200);
    await meet();
    expect(await shop.show(`dues/${due.id}`)).toMatchObject({ status: 'PAID' });
    expect(await shop.show(`customers/${asha!.id}`)).toMatchObject({ currentDue: inr(-200), credit: inr(200) });
    expect(await shop.discrepancies()).toEqual([]);
  });

  it('answers with the survivor whoever asks for the absorbed, and takes its payments', async () => {
    await shop.due(asha!.id, 1000);
    await meet();
    expect((await shop.show(`customers/${hidden!.id}`)).id).toBe(asha!.id);
    expect(await shop.pay(hidden!.id, 400)).toMatchObject({
      status: 201,
      body: { customerId: asha!.id, currentDue: inr(600) },
    });
    expect((await shop.show(`dues?customerId=${asha!.id}`)).data).toHaveLength(1);
  });

  it('keeps both of two dues and payments with the same reference', async () => {
    for (const { id } of [asha!, hidden!]) {
      await shop.due(id, 1000, '2026-12-10', { reference: 'INV-1' });
      await shop.pay(id, 100, { reference: 'TXN-1' });
    }
    await meet();
    const { data } = await shop.show(`dues?customerId=${asha!.id}`);
    expect(data.map((due) => (due as unknown as { reference: string }).reference).sort()).toEqual([
      'INV-1',
      `INV-1 ~${hidden!.id.slice(0, 8)}`,
    ]);
    expect(await shop.discrepancies()).toEqual([]);
  });

  it('keeps the STOP of either', async () => {
    await shop.sql(`update customer set opted_out_at = now() where id = $1::uuid`, [hidden!.id]);
    await meet();
    expect(await shop.show(`customers/${asha!.id}`)).toMatchObject({ optedOutAt: expect.any(String) });
  });

  it('leaves books in two currencies apart, each found by its own id', async () => {
    await shop.due(asha!.id, 1000);
    await shop.sql(`update customer set currency = 'EUR' where id = $1::uuid`, [hidden!.id]);
    const theirs = { amountMinor: 700, currency: 'EUR' };
    await shop.call('POST', `customers/${hidden!.id}/dues`, { amount: theirs, dueDate: '2026-12-01' });
    await meet();
    expect((await shop.show(`customers/${asha!.id}`)).currentDue).toEqual(inr(1000));
    expect(await shop.show(`customers/${hidden!.id}`)).toMatchObject({
      id: hidden!.id,
      currentDue: theirs,
      phone: null,
    });
    expect(await shop.discrepancies()).toEqual([]);
  });

  it('opens books for a survivor who had none', async () => {
    const older = await wrote({ waId: '919800000077' });
    const userId = await wrote({ userId: 'IN.77' });
    await shop.sql(
      `insert into customer (tenant_id, id, currency, created_at, updated_at) values ($1::uuid, $2::uuid, 'INR', now(), now())`,
      [shop.tenantId, userId],
    );
    await shop.due(userId, 500);
    expect(await wrote({ waId: '919800000077', userId: 'IN.77' })).toBe(older);
    expect(await shop.show(`customers/${userId}`)).toMatchObject({
      id: older,
      currentDue: inr(500),
      phone: '+919800000077',
    });
  });

  it('loses no payment that is recorded meanwhile (C68)', async () => {
    await shop.due(asha!.id, 1000);
    await shop.due(hidden!.id, 1000);
    const [, ...payments] = await Promise.all([
      meet(),
      ...[1, 2, 3, 4].flatMap(() => [shop.pay(asha!.id, 100), shop.pay(hidden!.id, 100)]),
    ]);
    expect(payments.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect((await shop.show(`customers/${asha!.id}`)).currentDue).toEqual(inr(1200));
    expect(await shop.discrepancies()).toEqual([]);
  });
});
