import { localDate } from '../../src/kernel/local-time.js';
import { type Merchant, type Shown, Stage } from '../messaging/send-api/stage.js';
import { until } from '../setup/until.js';

const ZONE = 'Asia/Kolkata';

describe('What a customer sees of a flow that a merchant took from the presets', () => {
  let stage: Stage;
  let shop: Merchant;
  let customers = 0;

  beforeAll(async () => {
    stage = await Stage.open();
  }, 120_000);
  afterAll(() => stage.close());
  beforeEach(async () => {
    shop = await stage.merchant();
  });

  const newNumber = (): string => String(919600000000 + ++customers);
  const preset = async (name: string, merchant = shop) => {
    const { status } = await stage.call('POST', `/v1/flow-presets/${name}/import`, merchant.token);
    expect(status).toBe(200);
  };
  const screen = async (waId: string, merchant = shop): Promise<Shown[]> =>
    (await stage.screen(waId)).filter(({ phoneNumberId }) => phoneNumberId === merchant.phoneNumberId);
  const optionsOf = ({ interactive }: Shown): { id: string; title: string }[] => [
    ...(interactive?.action?.buttons ?? []).map(({ reply }) => reply),
    ...(interactive?.action?.sections ?? []).flatMap(({ rows }) => rows),
  ];
  const received = async (waId: string, merchant = shop): Promise<Shown[]> =>
    (await screen(waId, merchant)).filter(({ direction }) => direction === 'received');

  /** The customer acts, and has an answer. A tap is named by what is to be read on the button. */
  const act = async (waId: string, act: { text: string } | { tap: string }, merchant = shop): Promise<void> => {
    const before = await received(waId, merchant);
    const options = before.flatMap(optionsOf).reverse();
    const sent = 'tap' in act ? { tap: options.find(({ title }) => title === act.tap)?.id ?? act.tap } : act;
    await stage.handset(waId, { phoneNumberId: merchant.phoneNumberId, ...sent });
    await until(async () => (await received(waId, merchant)).length > before.length, { within: 20_000 });
  };
  const talk = async (waId: string, ...acts: ({ text: string } | { tap: string })[]): Promise<string[]> => {
    for (const one of acts) await act(waId, one);
    return (await screen(waId)).map((message) => {
      const titles = optionsOf(message).map(({ title }) => title);
      const who = message.direction === 'received' ? 'shop' : 'customer';
      return `${who}: ${message.text?.replace(/Shop \d+/g, 'Shop') ?? ''}${who === 'shop' && titles.length > 0 ? ` [${titles.join('|')}]` : ''}`;
    });
  };

  it.each([
    ['Good', 'Wonderful, thank you! We are glad to have you with us.'],
    ['OK', 'Thank you. What could we do better? Please write it in a few words.'],
    ['Bad', 'We are sorry to hear that. Somebody from Shop will write to you here.'],
  ])('feedback "%s" has its own follow-up (S2.101)', async (title, follows) => {
    await preset('feedback');
    const seen = await talk(newNumber(), { text: 'I have feedback' }, { tap: title });
    expect(seen).toEqual([
      'customer: I have feedback',
      'shop: How was your experience with Shop? [Good|OK|Bad]',
      `customer: ${title}`,
      `shop: ${follows}`,
    ]);
  });

  it('menu, balance, statement, range of days: with what is in the books (S2.102)', async () => {
    await preset('account-menu');
    const waId = newNumber();
    const { body } = await stage.call('POST', '/v1/customers', shop.token, { name: 'Asha', phone: `+${waId}` });
    const due = { amount: { amountMinor: 150_000, currency: 'INR' }, dueDate: '2031-01-15', description: 'Rice' };
    await stage.call('POST', `/v1/customers/${body['id'] as string}/dues`, shop.token, due);
    const today = localDate(stage.now(), ZONE);
    const seen = await talk(
      waId,
      { text: 'menu' },
      { tap: 'Balance' },
      { tap: 'Statement' },
      { tap: 'Date range' },
      { text: 'soon' },
      { text: '1/1/2026' },
      { text: today },
    );
    expect(seen.slice(0, -1)).toEqual([
      'customer: menu',
      'shop: Welcome to Shop. What would you like to see? [Balance|Statement]',
      'customer: Balance',
      'shop: Your balance is ₹1,500.00. [Statement|Menu]',
      'customer: Statement',
      'shop: Which days should the statement cover? [This month|Last month|Date range]',
      'customer: Date range',
      'shop: From which day? Please write it like 30/11/2026.',
      'customer: soon',
      'shop: That is no day that I understand. Please write it like 30/11/2026.',
      'customer: 1/1/2026',
      'shop: Until which day?',
      `customer: ${today}`,
    ]);
    expect(seen.at(-1)).toMatch(/^shop: \*Statement of account\*\nAsha · Shop\n1 Jan 2026.*\n[^]*Rice[^]*₹1,500\.00/);
    const before = await talk(
      waId,
      { text: 'menu' },
      { tap: 'Statement' },
      { tap: 'Date range' },
      { text: '01.01.2025' },
      { text: '31-01-2025' },
    );
    expect(before.at(-1)).toMatch(/^shop: \*Statement of account\*\n/);
    expect(before.at(-1)).not.toMatch(/\+₹/);
    const backwards = await talk(
      waId,
      { text: 'menu' },
      { tap: 'Statement' },
      { tap: 'Date range' },
      { text: '31-01-2025' },
      { text: '01.01.2025' },
    );
    expect(backwards.at(-1)).toBe('shop: Sorry, I cannot help with that. Please write "menu" to see what I can do.');
  });

  it('an account number is asked for, put right, confirmed and answered with the statement (S2.103)', async () => {
    await preset('account-number');
    const waId = newNumber();
    const { body } = await stage.call('POST', '/v1/customers', shop.token, { name: 'Ravi', phone: `+${waId}` });
    const due = { amount: { amountMinor: 99_900, currency: 'INR' }, dueDate: '2031-01-15' };
    await stage.call('POST', `/v1/customers/${body['id'] as string}/dues`, shop.token, due);
    const seen = await talk(
      waId,
      { text: 'Account statement' },
      { text: 'mine' },
      { text: '1234567' },
      { tap: 'No, change it' },
      { text: '7654321' },
      { tap: 'Yes' },
    );
    expect(seen.slice(0, -1)).toEqual([
      'customer: Account statement',
      'shop: Please write your account number (6 to 12 digits).',
      'customer: mine',
      'shop: An account number has 6 to 12 digits and nothing else. Please write it again.',
      'customer: 1234567',
      'shop: Is 1234567 your account number? [Yes|No, change it]',
      'customer: No, change it',
      'shop: Please write your account number (6 to 12 digits).',
      'customer: 7654321',
      'shop: Is 7654321 your account number? [Yes|No, change it]',
      'customer: Yes',
    ]);
    expect(seen.at(-1)).toMatch(/^shop: \*Statement of account\*\nRavi[^]*₹999\.00/);
  });

  it('each merchant leads its own conversation with the same customer, on its own number (S2.1, S2.2, S2.3, S2.62)', async () => {
    const other = await stage.merchant();
    await preset('feedback');
    await preset('account-number', other);
    const waId = newNumber();
    await act(waId, { text: 'feedback' });
    await act(waId, { text: 'account statement' }, other);
    await act(waId, { tap: 'OK' });
    await act(waId, { text: '123456' }, other);
    expect((await received(waId)).map(({ text }) => text)).toEqual([
      expect.stringContaining('How was your experience'),
      expect.stringContaining('What could we do better?'),
    ]);
    expect((await received(waId, other)).map(({ text }) => text)).toEqual([
      expect.stringContaining('your account number (6'),
      'Is 123456 your account number?',
    ]);
    for (const { tenantId } of [shop, other])
      expect(
        await stage.sql(
          tenantId,
          `select i.value, c.profile_name as name, c.last_seen_at is not null as seen from contact c
           join contact_identity i on i.tenant_id = c.tenant_id and i.contact_id = c.id and i.kind = 'phone' where c.tenant_id = $1::uuid`,
          [tenantId],
        ),
      ).toEqual([{ value: `+${waId}`, name: `Customer ${waId.slice(-4)}`, seen: true }]);
  });

  it('buttons lead where they say, each message has one answer though it comes twice, and nothing forged is heard (S2.74)', async () => {
    await preset('feedback');
    const waId = newNumber();
    await stage.fault({ kind: 'webhook-duplicate', times: 4 });
    await act(waId, { text: 'feedback' });
    await act(waId, { tap: 'Good' });
    const forged = await fetch(`${stage.url}/whatsapp/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      body: JSON.stringify({ object: 'whatsapp_business_account', entry: [] }),
    });
    expect(forged.status).toBe(401);
    await act(waId, { text: 'feedback again' });
    expect((await received(waId)).map(({ text }) => text)).toEqual([
      expect.stringContaining('How was your experience'),
      expect.stringContaining('Wonderful'),
      expect.stringContaining('How was your experience'),
    ]);
  });
});
