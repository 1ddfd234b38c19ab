import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { getDocumentProxy } from 'unpdf';
import { newId } from '../../src/kernel/ids.js';
import { StatementText } from '../../src/modules/customers/index.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import { Inbox } from '../conversations/inbox.js';
import { inr, type MoneyBody, Shop } from './books.js';

interface StatementBody {
  readonly merchant: string;
  readonly customer: { id: string; name: string | null; phone: string | null };
  readonly period: { from: string | null; to: string | null };
  readonly asOf: string;
  readonly openingBalance: MoneyBody;
  readonly earlier: { count: number; debit: MoneyBody; credit: MoneyBody; balance: MoneyBody } | null;
  readonly lines: readonly {
    date: string;
    type: string;
    debit: MoneyBody | null;
    credit: MoneyBody | null;
    balance: MoneyBody;
  }[];
  readonly totalDebit: MoneyBody;
  readonly totalCredit: MoneyBody;
  readonly closingBalance: MoneyBody;
  readonly openDues: readonly { status: string; outstanding: MoneyBody; dueDate: string }[];
  readonly code: string;
}

const DAY = 86_400_000;

describe('A statement (S0.73)', () => {
  let inbox: Inbox;
  let shop: Shop;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
  });

  const get = (customerId: string, query = '', apiKey = shop.apiKey): Promise<LightMyRequestResponse> =>
    inbox
      .get(HttpAdapterHost)
      .httpAdapter.getInstance<FastifyInstance>()
      .inject({
        url: `/v1/customers/${customerId}/statement${query}`,
        headers: { authorization: `Bearer ${apiKey}` },
      });
  const statement = async (customerId: string, query = ''): Promise<StatementBody> => {
    const answer = await get(customerId, query);
    expect(answer.statusCode).toBe(200);
    return answer.json<StatementBody>();
  };

  /** A due, a payment on another day, a write-off and a correction; 3,300.00 are left. */
  const account = async (more: object = {}): Promise<string> => {
    const { id } = await shop.customer({ name: 'Asha Rao', ...more });
    const rice = await shop.due(id, 500_000, '2026-11-25', { reference: 'INV-1', description: 'Rice, 40 bags' });
    const oil = await shop.due(id, 100_000, '2026-12-30', { reference: 'INV-2' });
    inbox.clock.advance(DAY);
    await shop.pay(id, 200_000, { method: 'upi', dueId: rice.id });
    await shop.call('POST', `dues/${rice.id}/write-off`, { amount: inr(50_000), reason: 'Two bags were wet' });
    inbox.clock.advance(DAY);
    await shop.call('PATCH', `dues/${oil.id}`, { amount: inr(80_000) });
    return id;
  };

  it('says what was owed, line by line, and what is owed now (S0.94)', async () => {
    const first = inbox.clock.now().toISOString().slice(0, 10);
    const id = await account();
    const { lines, openDues, ...head } = await statement(id);
    expect(head).toMatchObject({
      merchant: 'Merchant',
      customer: { id, name: 'Asha Rao' },
      period: { from: null, to: null },
      openingBalance: inr(0),
      earlier: null,
      totalDebit: inr(600_000),
      totalCredit: inr(270_000),
      closingBalance: inr(330_000),
    });
    expect(
      lines.map(({ type, debit, credit, balance }) => [type, (debit ?? credit)!.amountMinor, balance.amountMinor]),
    ).toEqual([
      ['DUE_ADDED', 500_000, 500_000],
      ['DUE_ADDED', 100_000, 600_000],
      ['PAYMENT', 200_000, 400_000],
      ['WRITE_OFF', 50_000, 350_000],
      ['CORRECTION', 20_000, 330_000],
    ]);
    expect(lines[0]!.date).toBe(first);
    expect(lines.at(-1)!.date > first).toBe(true);
    expect(openDues.map(({ status, outstanding }) => [status, outstanding.amountMinor])).toEqual([
      ['PARTIAL', 250_000],
      ['PENDING', 80_000],
    ]);
    const kept = await shop.sql<{ balance: number }>(
      `select balance_after_minor::float8 as balance from ledger_entry where customer_id = $1::uuid order by seq`,
      [id],
    );
    expect(lines.map(({ balance }) => balance.amountMinor)).toEqual(kept.map(({ balance }) => balance));
  });

  it("of a period begins and ends with the customer's own days (C25)", async () => {
    const { id } = await shop.customer({ timezone: 'Asia/Tokyo' });
    const tokyo = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tokyo' }).format(inbox.clock.now());
    inbox.clock.advance(DAY - (inbox.clock.now().getTime() % DAY) + 14.75 * 3_600_000);
    await shop.due(id, 100);
    const before = tokyo();
    inbox.clock.advance(3_600_000 / 2);
    await shop.due(id, 50);
    expect(tokyo() > before).toBe(true);
    const first = await statement(id, `?to=${before}`);
    const second = await statement(id, `?from=${tokyo()}`);
    expect([first.lines.length, first.closingBalance, second.openingBalance]).toEqual([1, inr(100), inr(100)]);
    expect(second.lines.map(({ date, balance }) => [date, balance])).toEqual([[tokyo(), inr(150)]]);
    expect(await statement(id, '?from=2020-01-01&to=2020-12-31')).toMatchObject({ lines: [], closingBalance: inr(0) });
  });

  it('sums up what is older than its newest 5,000 lines', async () => {
    const { id } = await shop.customer();
    await shop.sql(
      `insert into ledger_entry (tenant_id, id, customer_id, type, amount_minor, balance_after_minor, currency, recorded_by, occurred_at)
       select $1::uuid, gen_random_uuid(), $2::uuid, 'CORRECTION', case when n % 5 = 0 then -1 else 2 end, 0, 'INR', 'system', now()
       from generate_series(1, 6000) n`,
      [shop.tenantId, id],
    );
    const { earlier, lines, closingBalance, totalDebit, totalCredit } = await statement(id);
    expect([lines.length, earlier]).toEqual([
      5000,
      { count: 1000, debit: inr(1600), credit: inr(200), balance: inr(1400) },
    ]);
    expect([closingBalance, totalDebit, totalCredit]).toEqual([inr(8400), inr(9600), inr(1200)]);
    const text = (await get(id, '?format=text')).body;
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toContain('*Closing balance: ₹84.00*');
    const earlierCount = Number(/Earlier \((\d+) entries\)/.exec(text)![1]);
    expect(earlierCount + text.split('\n').filter((line) => line.includes('Correction')).length).toBe(6000);
  });

  it('is a WhatsApp text in the language of the customer, for the bot as over HTTP', async () => {
    const id = await account({ language: 'hi' });
    const answer = await get(id, '?format=text');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toContain('*अंतिम शेष: ₹3,300.00*');
    const forBot = await inbox.in(shop.tenantId, () => inbox.get(Queries).execute(new StatementText(id)));
    expect(forBot).toBe(answer.body);
  });

  it('is a PDF with the balance carried from page to page, the same bytes for the same moment', async () => {
    const id = await account({ name: 'Ελένη अनिल' });
    for (let n = 0; n < 60; n++) await shop.due(id, 1_000, '2027-01-01', { reference: `N-${n}` });
    const answer = await get(id, '?format=pdf');
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="statement-${id}.pdf"`);
    expect((await get(id, '?format=pdf')).rawPayload.equals(answer.rawPayload)).toBe(true);
    const { pages, title } = await textOf(answer.rawPayload);
    expect(title).toBe('Statement of account');
    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]).toContain('Merchant');
    expect(pages[0]).toContain('Ελένη');
    expect(pages[0]).toContain('Due, Rice, 40 bags, INV-1');
    expect(pages[0]).toContain('₹5,000.00');
    const carried = /Carried forward\s+(\S+)/.exec(pages[0]!)![1]!;
    expect(pages[1]).toContain(carried);
    expect(pages[1]).toMatch(/Brought forward/);
    expect(pages.join(' ')).toMatch(/Closing balance\s+₹3,900\.00/);
    for (let n = 0; n < 60; n++) expect(pages.join(' ')).toContain(`N-${n}`);
  });

  it('is shown to its own merchant only, to a key that may read the books, of a period that is one (G6)', async () => {
    const id = await account();
    const other = await Shop.open(inbox);
    for (const format of ['json', 'text', 'pdf'])
      expect([format, (await get(id, `?format=${format}`, other.apiKey)).statusCode]).toEqual([format, 404]);
    expect((await get(newId())).json<StatementBody>().code).toBe('CUSTOMER_NOT_FOUND');
    const { body } = await shop.call('POST', 'api-keys', { name: 'other', scopes: ['customers:read'] });
    expect((await get(id, '', (body as unknown as { key: string }).key)).statusCode).toBe(403);
    for (const query of [
      '?from=2026-02-30',
      '?from=2026-12-01&to=2026-11-01',
      '?format=xml',
      '?format=text&from=2026-12-01&to=2026-11-01',
    ])
      expect([query, (await get(id, query)).statusCode]).toEqual([query, 400]);
  });
});

async function textOf(pdf: Buffer): Promise<{ pages: string[]; title: string }> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { info } = await document.getMetadata();
  const pages: string[] = [];
  for (let n = 1; n <= document.numPages; n++) {
    const { items } = await (await document.getPage(n)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  return { pages, title: (info as { Title: string }).Title };
}
