import { parse } from 'csv-parse/sync';
import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, NUMBER } from './inbox.js';

interface Listed {
  id: string;
  contact: { name: string | null };
  lastMessageAt: string;
  match?: { field: string; messageId?: string; excerpt: string };
}
interface Page {
  data: Listed[];
  nextCursor: string | null;
}

describe('The list of conversations (S0.88, S1.17, S1.33, S1.73, S1.102)', () => {
  let inbox: Inbox;
  let merchant: { tenantId: TenantId; apiKey: string };
  const ids: string[] = [];

  const list = async (query: string): Promise<Page> => {
    const { status, body } = await inbox.call<Page>('GET', `/v1/conversations?${query}`, merchant.apiKey);
    expect(status).toBe(200);
    return body;
  };
  const walk = async (query: string): Promise<Listed[]> => {
    const all: Listed[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list(`${query}&limit=7${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(7);
      all.push(...page.data);
      cursor = page.nextCursor;
    }
    return all;
  };
  const change = async (n: number, body: object): Promise<void> => {
    expect((await inbox.call('PATCH', `/v1/conversations/${ids[n]}`, merchant.apiKey, body)).status).toBe(200);
  };
  /** Which customers, by the order in which they wrote. */
  const who = (rows: readonly Listed[]): number[] => rows.map(({ id }) => ids.indexOf(id));

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
    for (let n = 0; n < 30; n++) {
      const from = { waId: `9198765000${String(n).padStart(2, '0')}`, profileName: `Person ${n}` };
      const text = n === 4 ? 'my 100%_sure invoice \\ 42' : `letter ${n}`;
      ids.push(
        await inbox.arrive(merchant.tenantId, inbox.message(from, text, { phoneNumberId: n < 20 ? NUMBER : '7' })),
      );
      // Some arrive in the same millisecond: the id decides.
      if (n % 3 === 0) inbox.clock.advance(1000);
    }
    await change(1, { type: 'owner' });
    await change(2, { status: 'archived' });
    await change(3, { status: 'blocked', name: '=cmd()' });
    await change(5, { type: 'guest', name: 'Zoë Müller' });
  });
  afterAll(() => inbox.close());

  it('is walked by pages, newest activity first, each conversation once', async () => {
    const rows = await walk('');
    expect(rows).toHaveLength(28);
    const places = rows.map(({ lastMessageAt, id }) => `${lastMessageAt}/${id}`);
    expect(places).toEqual([...places].sort().reverse());
    expect(new Set(places).size).toBe(28);
    expect(await walk('status=all')).toHaveLength(30);
    expect(who(await walk('phoneNumberId=7')).sort((a, b) => a - b)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it.each([
    ['type=owner', [1]],
    ['status=archived', [2]],
    ['status=blocked', [3]],
    ['status=all&type=owner', [1]],
    ['assignee=me', []],
    ['unread=false', []],
  ])('by %s', async (query, expected) => {
    expect(who((await list(query)).data)).toEqual(expected);
  });

  it('by type guest: those of no type yet as well; by nobody’s: all here', async () => {
    expect(await walk('type=guest')).toHaveLength(27);
    expect(await walk('assignee=none')).toHaveLength(28);
    expect(await walk('unread=true')).toHaveLength(28);
  });

  it.each(['type=other', 'status=gone', 'assignee=you', 'label=x', 'q=ab', 'unread=1', 'cursor=x', 'phoneNumberId=x'])(
    'is refused by %s',
    async (query) => {
      expect((await inbox.call('GET', `/v1/conversations?${query}`, merchant.apiKey)).status).toBe(400);
    },
  );

  describe('is searched', () => {
    const found = async (q: string, more = ''): Promise<[number, string | undefined][]> =>
      (await list(`q=${encodeURIComponent(q)}${more}`)).data.map((row) => [ids.indexOf(row.id), row.match?.field]);

    it.each([
      ['by the name that the merchant gave', 'zoë mü', [[5, 'name']]],
      ['by the name that they gave themselves', 'Person 17', [[17, 'profileName']]],
      ['by the number as people write it', '+91 98765-000 08', [[8, 'phone']]],
      ['by digits inside it', '6500009', [[9, 'phone']]],
      ['by what was said', 'letter 21', [[21, 'message']]],
      ['by characters that are wildcards elsewhere', '100%_sure', [[4, 'message']]],
      ['by a backslash', '\\ 42', [[4, 'message']]],
      ['for what nobody said', '1000_sure', []],
      ['for a pattern', 'lett%21', []],
    ] as const)('%s', async (_, q, expected) => {
      expect(await found(q)).toEqual(expected);
    });

    it('with the message and the words around them', async () => {
      const [row] = (await list('q=letter%2021')).data;
      expect(row!.match).toEqual({ field: 'message', messageId: expect.any(String) as string, excerpt: 'letter 21' });
    });

    it('through all pages, newest activity first, each conversation once; blocked and archived ones when asked', async () => {
      const rows = await walk('q=letter');
      expect(rows).toHaveLength(27);
      const places = rows.map(({ lastMessageAt, id }) => `${lastMessageAt}/${id}`);
      expect(places).toEqual([...places].sort().reverse());
      expect(await found('letter 2', '&status=archived')).toEqual([[2, 'message']]);
    });
  });

  it('is counted (S1.18, S1.75)', async () => {
    const count = async (query: string): Promise<unknown> =>
      (await inbox.call('GET', `/v1/conversations/counts${query}`, merchant.apiKey)).body;
    expect(await count('')).toEqual({
      total: 28,
      owner: 1,
      guest: 27,
      unread: 28,
      assignedToMe: 0,
      unassigned: 28,
      archived: 1,
      blocked: 1,
    });
    expect(await count('?phoneNumberId=7')).toMatchObject({ total: 10, owner: 0, archived: 0 });
  });

  it('is exported as it is filtered, and no cell is a formula', async () => {
    const { text } = await inbox.asText('GET', '/v1/conversations/export?status=blocked', merchant.apiKey);
    const rows = parse<Record<string, string>>(text, { columns: true, bom: true });
    expect(rows).toMatchObject([
      { conversation_id: ids[3], name: "'=cmd()", phone: '+919876500003', status: 'blocked' },
    ]);
    const all = await inbox.asText('GET', '/v1/conversations/export', merchant.apiKey);
    expect(parse<object>(all.text, { columns: true, bom: true }).length).toBe(28);
    expect((await inbox.asText('GET', '/v1/conversations/export?q=x', merchant.apiKey)).status).toBe(400);
  });

  it('shows one conversation where two customers turned out to be one, with what people did with both (C14)', async () => {
    const { tenantId, apiKey } = merchant;
    const byPhone = await inbox.arrive(tenantId, inbox.message({ waId: '919700000001' }, 'from my phone'));
    const byId = await inbox.arrive(tenantId, inbox.message({ userId: 'IN.1' }, 'without a number'));
    const label = await inbox.call<{ id: string }>('POST', '/v1/labels', apiKey, { name: 'VIP', color: '#000000' });
    await inbox.call('PUT', `/v1/conversations/${byId}/labels/${label.body.id}`, apiKey);
    await inbox.call('POST', `/v1/conversations/${byId}/notes`, apiKey, { body: 'A friend of the house' });
    await inbox.call('PATCH', `/v1/conversations/${byId}`, apiKey, {
      type: 'owner',
      referenceLink: 'https://x.example/1',
    });
    await inbox.arrive(tenantId, inbox.message({ waId: '919700000001', userId: 'IN.1' }, 'it is me'));
    const { body } = await inbox.call<Record<string, unknown>>('GET', `/v1/conversations/${byId}`, apiKey);
    expect(body).toMatchObject({
      id: byPhone,
      type: 'owner',
      referenceLink: 'https://x.example/1',
      labels: [{ name: 'VIP' }],
    });
    const notes = await inbox.call<{ data: { body: string }[] }>('GET', `/v1/conversations/${byPhone}/notes`, apiKey);
    expect(notes.body.data.map((note) => note.body)).toEqual(['A friend of the house']);
    expect((await list('q=without%20a%20number')).data.map(({ id }) => id)).toEqual([byPhone]);
  });
});
