import fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, NUMBER } from './inbox.js';

type Message = Record<string, unknown> & { id: string; wamid: string | null; direction: string; type: string };
interface Page {
  data: Message[];
  nextCursor: string | null;
}

const PICTURE = { type: 'media', kind: 'image', mediaId: '1', caption: '=cmd()' } as const;

describe('The history of a conversation', () => {
  let inbox: Inbox;
  let merchant: { tenantId: TenantId; apiKey: string };
  let customers = 0;

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
  });
  afterAll(() => inbox.close());

  const page = async (id: string, query = ''): Promise<Page> => {
    const { status, body } = await inbox.call<Page>(
      'GET',
      `/v1/conversations/${id}/messages?${query}`,
      merchant.apiKey,
    );
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  const newcomer = (): { waId: string } => ({ waId: `9195${String(++customers).padStart(8, '0')}` });
  const arrive = (...given: Parameters<Inbox['message']>): Promise<string> =>
    inbox.arrive(merchant.tenantId, inbox.message(...given));
  /** A picture: nothing answers it. */
  const picture = (from: object): Promise<string> => arrive(from, PICTURE);

  it('has neither gap nor duplicate, read either way and by pages of any size, in merged threads and while messages arrive (S1.19, S1.76, S1.104)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('number', 'user'), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (senders, backwards, forwards) => {
          const [{ waId }, userId] = [newcomer(), `IN.${++customers}`];
          for (const sender of senders) await picture(sender === 'number' ? { waId } : { userId });
          const id = await picture({ waId, userId });
          const all = (await page(id, 'limit=100')).data.map((message) => message.id);
          expect(all).toHaveLength(senders.length + 1);

          const back: string[] = [];
          for (let cursor: string | null = '', turn = 0; cursor !== null; turn++) {
            const { data, nextCursor } = await page(id, `limit=${backwards}${cursor && `&cursor=${cursor}`}`);
            back.unshift(...data.map((message) => message.id));
            cursor = nextCursor;
            if (turn === 0) await picture({ waId });
          }
          expect(back).toEqual(all);

          const ahead: string[] = [all[0]!];
          for (let cursor: string | null = '', turn = 0; cursor !== null; turn++) {
            const from = cursor === '' ? `afterMessageId=${all[0]}` : `cursor=${cursor}`;
            const { data, nextCursor } = await page(id, `limit=${forwards}&${from}`);
            ahead.push(...data.map((message) => message.id));
            cursor = nextCursor;
          }
          expect(ahead).toEqual((await page(id, 'limit=100')).data.map((message) => message.id));
        },
      ),
      { numRuns: 8 },
    );
  });

  it('goes back from a message or an instant, and refuses a message of another conversation', async () => {
    const asha = newcomer();
    for (let n = 0; n < 4; n++) {
      await picture(asha);
      inbox.clock.advance(60_000);
    }
    const id = await picture(asha);
    const { data } = await page(id);
    expect((await page(id, `beforeMessageId=${data[2]!.id}`)).data).toEqual(data.slice(0, 2));
    expect((await page(id, `afterMessageId=${data[2]!.id}`)).data).toEqual(data.slice(3));
    const other = await picture(newcomer());
    const [theirs] = (await page(other)).data;
    const asked = await inbox.call(
      'GET',
      `/v1/conversations/${id}/messages?afterMessageId=${theirs!.id}`,
      merchant.apiKey,
    );
    expect(asked).toMatchObject({ status: 404, body: { code: 'MESSAGE_NOT_FOUND' } });
    const tampered = await inbox.call('GET', `/v1/conversations/${id}/messages?cursor=x`, merchant.apiKey);
    expect(tampered).toMatchObject({ status: 400, body: { code: 'INVALID_CURSOR' } });
  });

  it('shows history of before the connection first, whenever it came', async () => {
    const asha = newcomer();
    const id = await picture(asha);
    await inbox.sql(
      merchant.tenantId,
      `insert into message (tenant_id, id, seq, phone_number_id, direction, address_kind, address, thread_id, type, content, state, wamid, origin, next_at, created_at, updated_at)
       values ($1::uuid, gen_random_uuid(), -5, $2, 'OUTBOUND', 'phone', '', $3::uuid, 'text', '{"type":"text","body":"long ago"}', 'read', 'wamid.old', 'history', now(), now(), now())`,
      [merchant.tenantId, NUMBER, id],
    );
    expect((await page(id)).data).toMatchObject([
      { content: { body: 'long ago' }, origin: 'history', sender: { kind: 'app' } },
      { type: 'media', sender: { kind: 'customer' }, origin: 'api' },
    ]);
  });

  it('tells who wrote what, every status with its time and errors, and the reactions (S1.34, S1.91, S1.93, S4.2, S4.5, S4.12)', async () => {
    const asha = newcomer();
    const id = await arrive(asha, 'hi');
    const statuses = [
      { status: 'sent', at: '2026-11-21T10:00:01Z' },
      { status: 'delivered', at: '2026-11-21T10:00:02Z' },
      { status: 'failed', at: '2026-11-21T10:00:03Z', errors: [{ code: 131049 }] },
    ];
    const failure = { code: 131049, class: 'refused', title: 'Not delivered' };
    await inbox.sql(
      merchant.tenantId,
      `update message set wamid = 'wamid.menu', state = 'failed', statuses = $2::jsonb, failure = $3::jsonb where thread_id = $1::uuid and direction = 'OUTBOUND'`,
      [id, JSON.stringify(statuses), JSON.stringify(failure)],
    );
    for (const emoji of ['👍', '❤️']) await arrive(asha, { type: 'reaction', toWamid: 'wamid.menu', emoji });
    const { data } = await page(id);
    expect(data).toMatchObject([
      {
        direction: 'INBOUND',
        status: 'received',
        type: 'text',
        content: { type: 'text', text: 'hi' },
        wamid: expect.any(String) as string,
        phoneNumberId: NUMBER,
        sender: { kind: 'customer' },
        sentBy: null,
        media: null,
        statusEvents: [],
        reactions: [],
        createdAt: expect.any(String) as string,
      },
      {
        direction: 'OUTBOUND',
        status: 'failed',
        wamid: 'wamid.menu',
        phoneNumberId: NUMBER,
        sender: { kind: 'bot' },
        statusEvents: statuses,
        failure,
        reactions: [{ emoji: '❤️', direction: 'INBOUND' }],
      },
      { type: 'reaction' },
      { type: 'reaction' },
    ]);
  });

  it('leaves as a file: a CSV that no spreadsheet runs, or a message a line', async () => {
    const asha = newcomer();
    await picture(asha);
    const id = await arrive(asha, 'a text, with "quotes"');
    const token = { authorization: `Bearer ${merchant.apiKey}` };
    const csv = await inbox.download(`/v1/conversations/${id}/messages/export`, token);
    expect(csv).toContain(`,"'=cmd()",`.replaceAll('"', ''));
    expect(csv).toContain('"a text, with ""quotes"""');
    const lines = (await inbox.download(`/v1/conversations/${id}/messages/export?format=jsonl`, token))
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Message).type)).toEqual(['media', 'text', 'text']);
  });

  it('counts nothing unread that somebody has just looked at (S1.90, C27), and comes back from the archive (S1.92)', async () => {
    const asha = newcomer();
    const id = await picture(asha);
    const shown = async (): Promise<object> =>
      (await inbox.call<object>('GET', `/v1/conversations/${id}`, merchant.apiKey)).body;
    await inbox.sql(
      merchant.tenantId,
      `insert into thread_viewer (tenant_id, thread_id, connection_id, user_id, viewing_until) values ($1::uuid, $2::uuid, 'c', gen_random_uuid(), now() + interval '1 hour')`,
      [merchant.tenantId, id],
    );
    await picture(asha);
    expect(await shown()).toMatchObject({ unreadCount: 1 });
    await inbox.sql(merchant.tenantId, `update thread_viewer set viewing_until = now() - interval '1 second'`);
    await inbox.call('PATCH', `/v1/conversations/${id}`, merchant.apiKey, { status: 'archived' });
    await picture(asha);
    expect(await shown()).toMatchObject({ unreadCount: 2, status: 'active' });
    await inbox.call('PATCH', `/v1/conversations/${id}`, merchant.apiKey, { status: 'blocked' });
    await arrive(asha, 'hi');
    expect(await shown()).toMatchObject({ unreadCount: 2, status: 'blocked', lastMessageDirection: 'INBOUND' });
    const events = await inbox.sql<{ name: string; payload: Record<string, unknown> }>(
      merchant.tenantId,
      `select name, payload from tenant_event where thread_id = $1::uuid and name in ('whatsapp-new-message') order by position`,
      [id],
    );
    expect(events.map(({ payload }) => payload['unreadIncrement'])).toEqual([1, 0, 1, 0]);
    const { data } = await page(id);
    expect(events.map(({ payload }) => payload['messageId'])).toEqual(data.map((message) => message.id));
  });
});
