import type { TenantId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import { ListConversations } from '../../src/modules/conversations/application/list-conversations.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import { Inbox, NUMBER } from './inbox.js';

interface Conversation {
  id: string;
  contact: { id: string; name: string | null; identities: { kind: string; value: string }[] };
  lastMessageAt: string;
}
interface Page<Item> {
  data: Item[];
  nextCursor: string | null;
}
type Message = Record<'id' | 'direction' | 'type' | 'status', string> & { content: Record<string, unknown> };

describe('Whoever reads the shared inbox (S0.88, S1.30, S1.102)', () => {
  let inbox: Inbox;
  let merchant: { tenantId: TenantId; apiKey: string };

  const get = <Body>(path: string, token = merchant.apiKey): Promise<{ status: number; body: Body }> =>
    inbox.call<Body>('GET', path, token);
  const customer = (n: number): { waId: string; profileName: string } => ({
    waId: `91980000000${n}`,
    profileName: `Customer ${n}`,
  });

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
    for (let n = 0; n < 5; n++) {
      await inbox.arrive(merchant.tenantId, inbox.message(customer(n), 'hi'));
      inbox.clock.advance(1000);
    }
  });
  afterAll(() => inbox.close());

  it('sees the newest activity first, page by page, each conversation once', async () => {
    const names: (string | null)[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 5; page++) {
      const { body }: { body: Page<Conversation> } = await get(
        `/v1/conversations?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      names.push(...body.data.map(({ contact }) => contact.name));
      cursor = body.nextCursor;
    }
    expect(names).toEqual(['Customer 4', 'Customer 3', 'Customer 2', 'Customer 1', 'Customer 0']);
  });

  it('sees who it is, what was said last, and how long anything may be said', async () => {
    const { body } = await get<Page<Conversation>>('/v1/conversations?limit=1');
    expect(body.data[0]).toEqual({
      id: expect.any(String) as string,
      phoneNumberId: NUMBER,
      area: null,
      type: null,
      status: 'active',
      assignee: null,
      participants: [],
      labels: [],
      referenceLink: null,
      viewers: 0,
      mutedUntil: null,
      botPausedUntil: null,
      botPause: null,
      contact: {
        id: expect.any(String) as string,
        name: 'Customer 4',
        identities: [
          { kind: 'phone', value: '+919800000004' },
          { kind: 'wa_id', value: '919800000004' },
        ],
      },
      unreadCount: 1,
      lastMessageAt: '2026-11-21T10:00:04.000Z',
      lastMessageDirection: 'OUTBOUND',
      lastMessagePreview: 'Welcome to No-Due! Please select an option below:',
      lastInboundAt: '2026-11-21T10:00:04.000Z',
      windowOpen: true,
      windowClosesAt: '2026-11-22T09:59:04.000Z',
    });
    const one = await get<Conversation>(`/v1/conversations/${body.data[0]!.id}`);
    expect(one).toEqual({ status: 200, body: body.data[0] });
  });

  it('sees the conversations of one number, and those with something unread', async () => {
    await inbox.arrive(
      merchant.tenantId,
      inbox.message(
        customer(0),
        { type: 'media', kind: 'image', mediaId: '1', caption: 'my receipt' },
        { phoneNumberId: '2' },
      ),
    );
    const { body } = await get<Page<{ lastMessagePreview: string }>>('/v1/conversations?phoneNumberId=2&unread=true');
    expect(body.data.map(({ lastMessagePreview }) => lastMessagePreview)).toEqual(['my receipt']);
    expect((await get<Page<unknown>>('/v1/conversations?unread=false')).body.data).toEqual([]);
    expect((await get('/v1/conversations?unread=perhaps')).status).toBe(400);
  });

  it('reads the latest messages oldest first, and goes back in time', async () => {
    const asha = { waId: '919811111111' };
    for (let n = 0; n < 3; n++) {
      await inbox.arrive(merchant.tenantId, inbox.message(asha, n === 0 ? 'hi' : `message ${n}`));
      inbox.clock.advance(60_000);
    }
    const [conversation] = (await get<Page<Conversation>>('/v1/conversations?limit=1')).body.data;
    const all = (await get<Page<Message>>(`/v1/conversations/${conversation!.id}/messages`)).body;
    expect(all.nextCursor).toBeNull();
    expect(all.data.map(({ direction, type, status }) => [direction, type, status])).toEqual([
      ['INBOUND', 'text', 'received'],
      ['OUTBOUND', 'list', 'queued'],
      ['INBOUND', 'text', 'received'],
      ['OUTBOUND', 'text', 'queued'],
      ['INBOUND', 'text', 'received'],
    ]);
    const latest = (await get<Page<Message>>(`/v1/conversations/${conversation!.id}/messages?limit=2`)).body;
    expect(latest.data).toEqual(all.data.slice(3));
    const earlier = (
      await get<Page<Message>>(`/v1/conversations/${conversation!.id}/messages?limit=2&cursor=${latest.nextCursor}`)
    ).body;
    expect(earlier.data).toEqual(all.data.slice(1, 3));
    const before = (
      await get<Page<Message>>(`/v1/conversations/${conversation!.id}/messages?beforeMessageId=${all.data[2]!.id}`)
    ).body;
    expect(before.data).toEqual(all.data.slice(0, 2));
  });

  it('finds what was said in both threads when two contacts turned out to be one', async () => {
    const [byNumber, byUserId] = [{ waId: '919822222222' }, { userId: 'IN.22' }];
    await inbox.arrive(merchant.tenantId, inbox.message(byNumber, 'from my number'));
    const absorbed = await inbox.arrive(merchant.tenantId, inbox.message(byUserId, 'from my name'));
    const survivor = await inbox.arrive(merchant.tenantId, inbox.message({ ...byNumber, ...byUserId }, 'it is me'));
    for (const id of [absorbed, survivor]) {
      expect((await get<Conversation>(`/v1/conversations/${id}`)).body.id).toBe(survivor);
      const { body } = await get<Page<Message>>(`/v1/conversations/${id}/messages`);
      expect(
        body.data.filter(({ direction }) => direction === 'INBOUND').map(({ content }) => content['text']),
      ).toEqual(['from my number', 'from my name', 'it is me']);
    }
  });

  it("sees nothing of another merchant's (G6)", async () => {
    const other = await inbox.merchant();
    const [conversation] = (await get<Page<Conversation>>('/v1/conversations?limit=1')).body.data;
    expect((await get<Page<Conversation>>('/v1/conversations', other.apiKey)).body.data).toEqual([]);
    for (const path of [`/v1/conversations/${conversation!.id}`, `/v1/conversations/${conversation!.id}/messages`])
      expect(await get(path, other.apiKey)).toMatchObject({ status: 404, body: { code: 'CONVERSATION_NOT_FOUND' } });
  });

  it('who works in some areas sees the conversations of their numbers alone (S1.25-S1.28)', async () => {
    const area = '0190a000-0000-7000-8000-000000000001';
    const account = '0190a000-0000-7000-8000-000000000002';
    await inbox.sql(
      merchant.tenantId,
      `insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, 'athens', now())`,
      [merchant.tenantId, area],
    );
    await inbox.sql(
      merchant.tenantId,
      `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at) values ($1::uuid, $2::uuid, '1', 'connected', 'complete', now(), now())`,
      [merchant.tenantId, account],
    );
    await inbox.sql(
      merchant.tenantId,
      `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at) values ($1::uuid, '2', $2::uuid, '+911', $3::uuid, now(), now())`,
      [merchant.tenantId, account, area],
    );
    const seen = async (areas: string[]): Promise<string[]> => {
      const page = await inbox.in(merchant.tenantId, () =>
        inbox.get(Queries).execute(new ListConversations(InboxAccess.of({ role: 'SALES', areas }), {}, 100, undefined)),
      );
      return page.data.map(({ phoneNumberId }) => phoneNumberId);
    };
    expect(await seen([area])).toEqual(['2']);
    expect(await seen([])).toEqual([]);
  });
});
