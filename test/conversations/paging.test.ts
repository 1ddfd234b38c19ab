import { newId } from '../../src/kernel/ids.js';
import { Inbox } from './inbox.js';
import { plantMerchant, type PolicyMerchant } from './policy-cases.js';

type Item = Record<string, unknown>;
interface Page {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/** Every list of the inbox that comes by pages, with how many items it has here at least. */
const LISTS: readonly (readonly [path: string, atLeast: number])[] = [
  ['/v1/conversations', 24],
  ['/v1/conversations?status=all&unread=true', 24],
  ['/v1/conversations?q=zebra', 24],
  ['/v1/conversations/{id}/messages', 26],
  ['/v1/conversations/{id}/notes', 3],
  ['/v1/messages', 24],
  ['/v1/calls', 24],
  ['/v1/canned-replies', 4],
  ['/v1/alerts', 5],
  ['/v1/billing/conversations', 5],
  ['/v1/billing/rate-cards', 3],
  ['/v1/whatsapp/phone-numbers', 4],
  ['/v1/whatsapp/templates', 5],
];

describe('Lists are walked to their end, page by page (S1.102)', () => {
  let inbox: Inbox;
  let shop: PolicyMerchant;
  let newborn: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await plantMerchant(inbox, 1);
    newborn = (await inbox.merchant()).apiKey;
    const [thread] = shop.threads;
    for (const body of ['one', 'two']) await call('POST', `/v1/conversations/${thread!.id}/notes`, { body });
    // The same letters in two cases, and letters that alphabets sort in ways of their own.
    for (const shortcut of ['zebra', 'äpfel', 'thanks', 'a-b', 'a_b'])
      await call('POST', '/v1/canned-replies', { shortcut, body: 'Thank you' });
    const card = {
      model: 'PMP',
      market: 'IN',
      currency: 'INR',
      costMicros: 1,
      effectiveFrom: '2026-01-01',
      source: 'x',
    };
    const cards = ['utility', 'marketing', 'service'].map((category) => ({ ...card, category }));
    await inbox.call('PUT', '/v1/billing/rate-cards', shop.adminToken, { cards });
    const [{ id: account }] = (await sql('select id from whatsapp_account')) as [{ id: string }];
    // Five of the same instant, so that the id decides.
    const five = 'generate_series(1, 5) n';
    await sql(
      `insert into account_alert (tenant_id, id, account_id, code, subject, severity, detail, at)
       select $1::uuid, gen_random_uuid(), $2::uuid, 'QUALITY_DROPPED', n::text, 'warning', '{}', '2026-11-21T09:00:00Z' from ${five}`,
      account,
    );
    await sql(
      `insert into billing_conversation (tenant_id, conversation_id, phone_number_id, thread_id, category, first_seen_at, conversation)
       select $1::uuid, 'c' || n, $2, $3::uuid, 'utility', '2026-11-21T09:00:00Z', '{}' from ${five}`,
      thread!.phoneNumberId,
      thread!.id,
    );
    await sql(
      `insert into wa_template (tenant_id, id, account_id, name, language, category, status, parameter_format, components, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $2::uuid, 'same_name', 'l' || n, 'utility', 'approved', 'positional', '[]', now(), now() from ${five}`,
      account,
    );
    await sql(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, category, state, next_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $2, 'OUTBOUND', 'phone', '1', $3::uuid, 'text', '{"type":"text","body":"hello"}', 'agent_reply', 'read', now(), now(), now()
       from generate_series(1, 24)`,
      thread!.phoneNumberId,
      thread!.id,
    );
  });
  afterAll(() => inbox.close());

  const sql = (text: string, ...values: unknown[]): Promise<object[]> =>
    inbox.sql(shop.tenantId, text, text.includes('$1') ? [shop.tenantId, ...values] : []);
  const keyOf = (): string => shop.callers.find(({ name }) => name === 'API_KEY')!.token;
  const call = (method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; body: Page }> => {
    // Requests of one credential are limited by the clock that stands.
    inbox.clock.advance(100);
    return inbox.call<Page>(method, path, keyOf(), body);
  };
  const urlOf = (path: string, query: string): string =>
    `${path.replace('{id}', shop.threads[0]!.id)}${path.includes('?') ? '&' : '?'}${query}`;
  const page = async (path: string, query: string): Promise<Page> => {
    const { status, body } = await call('GET', urlOf(path, query));
    expect({ path, query, status }).toEqual({ path, query, status: 200 });
    return body;
  };
  const walk = async (path: string, limit: number): Promise<(readonly Item[])[]> => {
    const pages: (readonly Item[])[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, nextCursor }: Page = await page(path, `limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(data.length).toBeLessThanOrEqual(limit);
      pages.push(data);
      cursor = nextCursor;
    }
    return pages;
  };

  it.each(LISTS)('%s: in the same order whatever the size of a page, each item once', async (path, atLeast) => {
    const { data: all, nextCursor } = await page(path, 'limit=100');
    expect(nextCursor).toBeNull();
    expect(all.length).toBeGreaterThanOrEqual(atLeast);
    expect(new Set(all.map((item) => JSON.stringify(item))).size).toBe(all.length);
    for (const limit of [1, 3]) {
      const pages = await walk(path, limit);
      // Earlier messages come on later pages, the oldest of each first.
      expect((path.endsWith('/messages') && path.includes('{id}') ? pages.reverse() : pages).flat()).toEqual(all);
    }
  });

  it.each(LISTS)('%s: refuses a size and a cursor that are none', async (path) => {
    const queries = [
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=',
      'limit=1&limit=2',
      'cursor=',
      'cursor=x',
      'cursor=W10',
    ];
    for (const query of queries) {
      const { status } = await call('GET', urlOf(path, query));
      expect({ query, status }).toEqual({ query, status: 400 });
    }
  });

  it.each(LISTS.filter(([path]) => !path.includes('{id}') && path !== '/v1/billing/rate-cards'))(
    '%s: is empty where there is nothing',
    async (path) => {
      const answer = await inbox.call<Page>('GET', path, newborn);
      expect(answer).toEqual({ status: 200, body: { data: [], nextCursor: null } });
    },
  );

  it('25 at a time, 20 of messages: the newest, the oldest of a page first (S1.17, S1.19, S1.104)', async () => {
    for (let n = 0; n < 2; n++)
      await call('POST', '/v1/conversations', {
        phone: `+91970000100${n}`,
        phoneNumberId: shop.threads[0]!.phoneNumberId,
      });
    const conversations = await page('/v1/conversations', '');
    expect([conversations.data.length, conversations.nextCursor === null]).toEqual([25, false]);
    const messages = '/v1/conversations/{id}/messages';
    const [all, latest] = [(await page(messages, 'limit=100')).data, await page(messages, '')];
    expect(latest.data).toEqual(all.slice(-20));
    const before = await page(messages, `beforeMessageId=${latest.data[0]!['id'] as string}`);
    expect(before).toEqual({ data: all.slice(0, -20), nextCursor: null });
  });

  it('knows nothing before or after a message of nobody’s', async () => {
    for (const which of ['beforeMessageId', 'afterMessageId']) {
      const { status } = await call('GET', urlOf('/v1/conversations/{id}/messages', `${which}=${newId()}`));
      expect({ which, status }).toEqual({ which, status: 404 });
    }
  });
});
