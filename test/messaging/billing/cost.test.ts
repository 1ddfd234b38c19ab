import { newId, PLATFORM, type TenantId, tenantId } from '../../../src/kernel/ids.js';
import type { StatusEntry } from '../../../src/modules/messaging/domain/message-status.js';
import { ChargeMessages } from '../../../src/modules/messaging/infrastructure/billing/charge-messages.js';
import { SeedRateCards } from '../../../src/modules/messaging/infrastructure/billing/seed-rate-cards.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { Inbox, NUMBER } from '../../conversations/inbox.js';
import { PLATFORM_KEY } from '../../setup/config.js';

interface Usage {
  key: string | null;
  messages: number;
  billable: number;
  free: number;
  conversations: number;
  costs: { amountMinor: number; currency: string }[];
  uncosted: number;
}

interface Merchant {
  tenantId: TenantId;
  apiKey: string;
  token: string;
}

const PAID = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };
const FREE = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'utility' };

describe('What messages cost (S4.3, S4.7, S4.8, S4.13, C33, C34)', () => {
  let inbox: Inbox;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());

  async function merchant(): Promise<Merchant> {
    const admin = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const registered = await inbox.call<{ tenant: { id: string }; apiKey: string }>(
      'POST',
      '/v1/tenants',
      PLATFORM_KEY,
      {
        name: 'Merchant',
        country: 'IN',
        currency: 'INR',
        admin,
      },
    );
    const { email, password } = admin;
    const session = await inbox.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email, password });
    return {
      tenantId: tenantId(registered.body.tenant.id),
      apiKey: registered.body.apiKey,
      token: session.body.accessToken,
    };
  }

  async function sent(
    { tenantId: tenant }: Merchant,
    address: string,
    more: { origin?: string; subject?: string } = {},
  ) {
    const id = newId();
    await inbox.sql(
      tenant,
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, state, origin, follower, subject_id, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'OUTBOUND', $4, $5, 'template', '{}', 'payment_reminder', 'accepted', $6, $7, $8::uuid, now(), now(), now())`,
      [
        tenant,
        id,
        NUMBER,
        /^\d+$/.test(address) ? 'phone' : 'bsuid',
        address,
        more.origin ?? 'api',
        more.subject ? 'campaign' : null,
        more.subject ?? null,
      ],
    );
    return id;
  }

  const report = (owner: Merchant, messageId: string, ...entries: StatusEntry[]): Promise<void> =>
    inbox.in(owner.tenantId, () =>
      inbox
        .get(UnitOfWork)
        .runSql(() => inbox.get(ChargeMessages).reported([{ messageId, phoneNumberId: NUMBER, entries }])),
    );

  const told = (at: string, pricing: object, conversation?: object): StatusEntry => ({
    status: 'sent',
    at,
    pricing,
    ...(conversation && { conversation }),
  });

  const put = (token: string, ...cards: object[]) =>
    inbox.call<unknown>('PUT', '/v1/billing/rate-cards', token, { cards });

  const usage = async (owner: Merchant, query: string): Promise<{ data: Usage[]; totals: Usage }> => {
    const answer = await inbox.call<{ data: Usage[]; totals: Usage }>(
      'GET',
      `/v1/billing/usage?${query}`,
      owner.apiKey,
    );
    expect(answer.status).toBe(200);
    return answer.body;
  };

  const card = (own: object = {}): object => ({
    model: 'PMP',
    market: 'IN',
    category: 'utility',
    currency: 'INR',
    costMicros: 115_000,
    effectiveFrom: '2025-07-01',
    source: 'by hand',
    ...own,
  });

  it('adds up a month that was computed by hand, by category, day, number, market, model and campaign', async () => {
    const shop = await merchant();
    await put(
      shop.token,
      card(),
      card({ category: 'marketing', costMicros: 785_500 }),
      card({ category: 'marketing', market: '*', currency: 'USD', costMicros: 25_000 }),
      card({ category: 'utility', effectiveFrom: '2026-11-15', costMicros: 125_000 }),
    );
    const [diwali, india, brazil] = [newId(), '919876543210', '5511998765432'];
    const marketing = { ...PAID, category: 'marketing' };
    // | day (Asia/Kolkata) | what                      | cost      |
    // | 10                 | utility, India            | 0.115 INR |
    // | 10                 | marketing, India          | 0.7855    |
    // | 11 (local)         | utility, India            | 0.115     |
    // | 15                 | utility, India, new price | 0.125     |
    // | 15                 | utility in the window     | free      |
    // | 16                 | marketing, Brazil         | 0.025 USD |
    // | 16                 | authentication            | no card   |
    await report(shop, await sent(shop, india), told('2026-11-10T06:00:00Z', PAID));
    await report(shop, await sent(shop, india, { subject: diwali }), told('2026-11-10T07:00:00Z', marketing));
    await report(shop, await sent(shop, india), told('2026-11-10T18:30:00Z', PAID));
    await report(shop, await sent(shop, india), told('2026-11-15T06:00:00Z', PAID));
    await report(shop, await sent(shop, india), told('2026-11-15T07:00:00Z', FREE));
    await report(shop, await sent(shop, brazil, { subject: diwali }), told('2026-11-16T06:00:00Z', marketing));
    await report(shop, await sent(shop, india), told('2026-11-16T07:00:00Z', { ...PAID, category: 'authentication' }));
    await report(shop, await sent(shop, india, { origin: 'app' }), told('2026-11-16T08:00:00Z', PAID));

    const month = 'from=2026-11-01&to=2026-11-30';
    const inr = (amountMinor: number) => ({ amountMinor, currency: 'INR' });
    const usd = { amountMinor: 2, currency: 'USD' };
    const { data, totals } = await usage(shop, month);
    // 1.1405 rupees; 0.025 dollars: half to even.
    expect(totals).toEqual({
      messages: 7,
      billable: 6,
      free: 1,
      conversations: 0,
      costs: [inr(114), usd],
      uncosted: 1,
    });
    expect(data.map(({ key, messages, costs, uncosted }) => [key, messages, costs, uncosted])).toEqual([
      ['authentication', 1, [], 1],
      ['marketing', 2, [inr(79), usd], 0],
      ['utility', 4, [inr(36)], 0],
    ]);
    const keysOf = async (groupBy: string) =>
      (await usage(shop, `${month}&groupBy=${groupBy}`)).data.map(({ key, messages }) => [key, messages]);
    expect(await keysOf('day')).toEqual([
      ['2026-11-10', 2],
      ['2026-11-11', 1],
      ['2026-11-15', 2],
      ['2026-11-16', 2],
    ]);
    expect(await keysOf('market')).toEqual([
      ['BR', 1],
      ['IN', 6],
    ]);
    expect(await keysOf('number')).toEqual([[NUMBER, 7]]);
    expect(await keysOf('model')).toEqual([['PMP', 7]]);
    expect(await keysOf('campaign')).toEqual([
      [`campaign/${diwali}`, 2],
      [null, 5],
    ]);
  });

  it('charges a message once, in whatever order and however often its statuses come', async () => {
    const shop = await merchant();
    const entries = [
      told('2026-11-10T06:00:02Z', FREE),
      told('2026-11-10T06:00:00Z', PAID),
      told('2026-11-10T06:00:01Z', PAID),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 1, 0],
    ]) {
      const id = await sent(shop, '919876543210');
      for (const index of order) await report(shop, id, entries[index]!);
      const rows = await inbox.sql<{ billable: boolean; at: Date; market: string }>(
        shop.tenantId,
        'select billable, at, market from message_charge where message_id = $1::uuid',
        [id],
      );
      expect(rows).toEqual([{ billable: true, at: new Date('2026-11-10T06:00:00Z'), market: 'IN' }]);
    }
  });

  it('charges a conversation once and the one after it again, and keeps what each of its statuses said (S4.3, S4.7)', async () => {
    const shop = await merchant();
    await put(shop.token, card({ model: 'CBP', costMicros: 1_000_000, effectiveFrom: '2025-01-01' }));
    const pricing = { billable: true, pricing_model: 'CBP', category: 'utility' };
    const [first, second] = [await sent(shop, '919876543210'), await sent(shop, '919876543210')];
    await report(shop, second, { ...told('2025-06-01T06:05:00Z', pricing, { id: 'c-1' }), status: 'delivered' });
    await report(
      shop,
      first,
      told('2025-06-01T06:00:00Z', pricing, {
        id: 'c-1',
        origin: { type: 'utility' },
        expiration_timestamp: '1748844000',
      }),
    );
    const { totals } = await usage(shop, 'from=2025-06-01&to=2025-06-30');
    expect(totals).toMatchObject({ messages: 2, conversations: 1, costs: [{ amountMinor: 100, currency: 'INR' }] });
    const { body } = await inbox.call<{ data: object[] }>('GET', '/v1/billing/conversations', shop.apiKey);
    expect(body.data).toMatchObject([
      {
        id: 'c-1',
        category: 'utility',
        pricingModel: 'CBP',
        billable: true,
        firstSeenAt: '2025-06-01T06:00:00.000Z',
        expiresAt: '2025-06-02T06:00:00.000Z',
        conversation: { id: 'c-1', origin: { type: 'utility' }, expiration_timestamp: '1748844000' },
        pricing,
      },
    ]);
    // A day later it is over: what WhatsApp counts then is another one.
    await report(shop, await sent(shop, '919876543210'), told('2025-06-02T06:00:01Z', pricing, { id: 'c-2' }));
    const { totals: both } = await usage(shop, 'from=2025-06-01&to=2025-06-30');
    expect(both).toMatchObject({ messages: 3, conversations: 2, costs: [{ amountMinor: 200, currency: 'INR' }] });
  });

  it('gives a number its free ones of a month first, whatever was told first', async () => {
    const shop = await merchant();
    await put(
      shop.token,
      card({ category: 'service', freeMonthly: 2, effectiveFrom: '2026-10-01', costMicros: 100_000 }),
    );
    const service = { ...PAID, category: 'service' };
    for (const day of ['04', '02', '03', '01'])
      await report(shop, await sent(shop, '919876543210'), told(`2026-11-${day}T06:00:00Z`, service));
    const { data } = await usage(shop, 'from=2026-11-02&to=2026-11-30&groupBy=day');
    expect(data.map(({ key, free, costs }) => [key, free, costs[0]?.amountMinor])).toEqual([
      ['2026-11-02', 1, 0],
      ['2026-11-03', 0, 10],
      ['2026-11-04', 0, 10],
    ]);
  });

  it("values by the merchant's own cards before the installation's, which nobody but the platform changes", async () => {
    const [alice, bob] = [await merchant(), await merchant()];
    expect((await put(PLATFORM_KEY, card({ category: 'marketing', market: 'AE', currency: 'AED' }))).status).toBe(200);
    expect((await put(alice.token, card({ category: 'marketing', market: 'AE', costMicros: 5_000_000 }))).status).toBe(
      200,
    );
    expect((await put(alice.apiKey, card())).status).toBe(403);
    for (const shop of [alice, bob])
      await report(
        shop,
        await sent(shop, '971501234567'),
        told('2026-11-10T06:00:00Z', { ...PAID, category: 'marketing' }),
      );
    const month = 'from=2026-11-01&to=2026-11-30';
    expect((await usage(alice, month)).totals.costs).toEqual([{ amountMinor: 500, currency: 'INR' }]);
    expect((await usage(bob, month)).totals.costs).toEqual([{ amountMinor: 12, currency: 'AED' }]);
    const { body } = await inbox.call<{ data: { owner: string }[] }>('GET', '/v1/billing/rate-cards', bob.apiKey);
    expect(body.data.every(({ owner }) => owner === 'installation')).toBe(true);
    await expect(
      inbox.sql(bob.tenantId, `update rate_card set cost_micros = 0 where tenant_id = '${PLATFORM}' returning id`),
    ).resolves.toEqual([]);
  });

  it('knows a cost later, when its rate card came late', async () => {
    const shop = await merchant();
    await report(shop, await sent(shop, '14155550100'), told('2026-11-10T06:00:00Z', PAID));
    const month = { from: '2026-11-01', to: '2026-11-30' };
    const query = 'from=2026-11-01&to=2026-11-30';
    expect((await usage(shop, query)).totals).toMatchObject({ uncosted: 1, costs: [] });
    await put(shop.token, card({ market: '*', currency: 'USD', costMicros: 40_000 }));
    expect((await usage(shop, query)).totals.uncosted).toBe(1);
    expect(await inbox.call('POST', '/v1/billing/revalue', shop.token, month)).toMatchObject({
      status: 200,
      body: { charges: 1 },
    });
    expect((await usage(shop, query)).totals).toMatchObject({
      uncosted: 0,
      costs: [{ amountMinor: 4, currency: 'USD' }],
    });
    expect((await inbox.call('POST', '/v1/billing/revalue', shop.apiKey, month)).status).toBe(403);
  });

  it('counts a recipient without a phone number to no market', async () => {
    const shop = await merchant();
    await report(shop, await sent(shop, 'IN.1234567890'), told('2026-11-10T06:00:00Z', PAID));
    expect((await usage(shop, 'from=2026-11-10&to=2026-11-10&groupBy=market')).data).toMatchObject([{ key: '*' }]);
  });

  it('refuses periods and cards that make no sense', async () => {
    const shop = await merchant();
    for (const query of ['from=2026-11-30&to=2026-11-01', 'from=2025-01-01&to=2026-11-30', 'from=x&to=2026-11-01', ''])
      expect((await inbox.call('GET', `/v1/billing/usage?${query}`, shop.apiKey)).status).toBe(400);
    for (const own of [
      { market: 'India' },
      { costMicros: -1 },
      { currency: 'inr' },
      { model: 'X' },
      { effectiveFrom: '2026-02-30' },
    ])
      expect((await put(shop.token, card(own))).status).toBe(400);
  });

  it('comes with the prices that the documentation states, once', async () => {
    for (let n = 0; n < 2; n++) await inbox.get(SeedRateCards).seed();
    const rows = await inbox.sql(PLATFORM, `select category from rate_card where model = 'CBP' and market = '*'`);
    expect(rows).toEqual([{ category: 'service' }]);
  });
});
