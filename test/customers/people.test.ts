import { PhoneNumber } from '../../src/kernel/phone-number.js';
import { ResolveContact } from '../../src/modules/customers/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox } from '../conversations/inbox.js';
import { Shop, unknownId } from './books.js';

describe("A merchant's customers over HTTP (S0.93)", () => {
  let inbox: Inbox;
  let shop: Shop;

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await Shop.open(inbox);
  });
  afterAll(() => inbox.close());

  const wrote = async (waId: string, more: { userId?: string } = {}): Promise<string> =>
    (
      await inbox.in(shop.tenantId, () =>
        inbox.get(Commands).execute(new ResolveContact({ waId, ...more }, inbox.clock.now())),
      )
    ).contactId;

  it('are added with a number as people write it, and owe nothing yet', async () => {
    const { body } = await shop.call('POST', 'customers', {
      name: ' Asha Rao ',
      phone: '098765 43210',
      reference: 'C-1',
      language: 'hi',
    });
    expect(body).toMatchObject({
      name: 'Asha Rao',
      phone: PhoneNumber.parse('+919876543210').e164,
      reference: 'C-1',
      language: 'hi',
      timezone: null,
      currentDue: { amountMinor: 0, currency: 'INR' },
      credit: { amountMinor: 0 },
      feedback: null,
      lastInteractionAt: null,
      lastReminderAt: null,
      optedOutAt: null,
    });
  });

  it('are one a number: a second is refused with the id of the first, also when both come at once', async () => {
    const body = { name: 'Ben', phone: '+919800011111' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => shop.call('POST', 'customers', body)));
    const added = answers.filter(({ status }) => status === 201);
    expect(added).toHaveLength(1);
    for (const { status, body: problem } of answers.filter((answer) => answer !== added[0]))
      expect({ status, problem }).toMatchObject({
        status: 409,
        problem: { code: 'CUSTOMER_EXISTS', customerId: added[0]!.body.id },
      });
  });

  it('are the contacts who wrote before, and are recognised when they write after', async () => {
    const before = await wrote('919800022222');
    expect((await shop.customer({ phone: '+919800022222' })).id).toBe(before);
    const added = await shop.customer({ phone: '+919800033333' });
    expect(await wrote('919800033333', { userId: 'IN.33' })).toBe(added.id);
    expect((await shop.show(`customers/${added.id}`)).identities.map(({ kind }) => kind)).toEqual([
      'bsuid',
      'phone',
      'wa_id',
    ]);
  });

  it('are found by a part of a name, a reference or a number, page by page', async () => {
    const found = await shop.customer({ name: 'Zubin Mehta', reference: 'ZM-77', phone: '+919811177777' });
    await shop.customer({ name: 'Zubin Irani' });
    for (const q of ['mehta', 'zm-7', '98111 777']) {
      const { data } = await shop.show(`customers?q=${encodeURIComponent(q)}`);
      expect(data.map(({ id }) => id)).toEqual([found.id]);
    }
    const first = await shop.show('customers?q=zubin&limit=1');
    const second = await shop.show(`customers?q=zubin&limit=1&cursor=${first.nextCursor}`);
    expect([first, second].map(({ data }) => data[0]!.name)).toEqual(['Zubin Irani', 'Zubin Mehta']);
    expect(second.nextCursor).toBeNull();
  });

  it('change, and what is null is taken away', async () => {
    const { id } = await shop.customer({ reference: 'C-9', timezone: 'Europe/Athens' });
    const { body } = await shop.call('PATCH', `customers/${id}`, { name: 'Meera', reference: null, language: 'en-us' });
    expect(body).toMatchObject({ name: 'Meera', reference: null, language: 'en_US', timezone: 'Europe/Athens' });
    expect(await shop.call('PATCH', `customers/${id}`, { name: null })).toMatchObject({ status: 400 });
    expect(await shop.call('PATCH', `customers/${id}`, { timezone: 'Mars/Olympus' })).toMatchObject({ status: 422 });
  });

  it('do not share a reference', async () => {
    const { id } = await shop.customer({ reference: 'C-10' });
    const other = await shop.customer();
    expect(await shop.call('PATCH', `customers/${other.id}`, { reference: 'C-10' })).toMatchObject({
      status: 409,
      body: { code: 'CUSTOMER_REFERENCE_USED', customerId: id },
    });
  });

  it('do not share a reference, also when two are given it at once', async () => {
    const body = (n: number): object => ({ name: 'Twin', phone: `+91981220000${n}`, reference: 'TWIN' });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => shop.call('POST', 'customers', body(n))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('may live in any zone that a calendar has, and the database knows it (C25)', async () => {
    expect(
      await shop.sql(
        `select z from unnest($1::text[]) z where not exists (select 1 from pg_timezone_names n where lower(n.name) = lower(z))`,
        [Intl.supportedValuesOf('timeZone')],
      ),
    ).toEqual([]);
  });

  it('get another number, which a contact without books loses and another customer does not', async () => {
    const stranger = await wrote('919800044444');
    const asha = await shop.customer();
    const { body } = await shop.call('PATCH', `customers/${asha.id}`, { phone: '+919800044444' });
    expect(body.phone).toBe('+919800044444');
    expect(await wrote('919800044444')).toBe(asha.id);
    expect(await wrote('919800044444', { userId: 'IN.44' })).not.toBe(stranger);
    const ben = await shop.customer();
    expect(await shop.call('PATCH', `customers/${ben.id}`, { phone: '+919800044444' })).toMatchObject({
      status: 409,
      body: { code: 'CUSTOMER_EXISTS', customerId: asha.id },
    });
  });

  it('lose their number to its new owner and keep their dues: there is then no phone to send to (D11)', async () => {
    const asha = await shop.customer({ phone: '+919800055555' });
    await shop.due(asha.id, 500);
    await wrote('919800055555', { userId: 'IN.5' });
    const owner = await wrote('919800055555', { userId: 'IN.6' });
    expect(owner).not.toBe(asha.id);
    expect(await shop.show(`customers/${asha.id}`)).toMatchObject({ phone: null, currentDue: { amountMinor: 500 } });
  });

  it('are archived once nothing is open, and are customers again when their number is added again', async () => {
    const { id, phone } = await shop.customer();
    const due = await shop.due(id, 500);
    expect(await shop.call('DELETE', `customers/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'CUSTOMER_OWES' },
    });
    await shop.call('POST', `dues/${due.id}/write-off`, { reason: 'A gift' });
    expect((await shop.call('DELETE', `customers/${id}`)).status).toBe(204);
    expect((await shop.show('customers?limit=100')).data.map((row) => row.id)).not.toContain(id);
    expect(await shop.pay(id, 5)).toMatchObject({ status: 409, body: { code: 'CUSTOMER_ARCHIVED' } });
    expect(await shop.call('POST', 'customers', { name: 'Asha again', phone })).toMatchObject({
      status: 201,
      body: { id, name: 'Asha again', archivedAt: null },
    });
  });

  it("are nobody else's, and those that nobody knows are 404 (G6)", async () => {
    const { id } = await shop.customer();
    const other = await Shop.open(inbox);
    for (const [who, customerId] of [
      [other, id],
      [shop, unknownId()],
    ] as const)
      for (const [method, path, body] of [
        ['GET', `customers/${customerId}`, undefined],
        ['PATCH', `customers/${customerId}`, { name: 'Taken over' }],
        ['DELETE', `customers/${customerId}`, undefined],
        [
          'POST',
          `customers/${customerId}/dues`,
          { amount: { amountMinor: 5, currency: 'INR' }, dueDate: '2026-12-01' },
        ],
        ['POST', `customers/${customerId}/payments`, { amount: { amountMinor: 5, currency: 'INR' } }],
      ] as const)
        expect(await who.call(method, path, body)).toMatchObject({ status: 404, body: { code: 'CUSTOMER_NOT_FOUND' } });
  });
});
