import { newId } from '../../src/kernel/ids.js';
import {
  type Said,
  SendInConversation,
  type SentMessageView,
} from '../../src/modules/conversations/application/messages/send-in-conversation.js';
import type { MessageContent } from '../../src/modules/messaging/index.js';
import { messagePayload } from '../../src/modules/messaging/infrastructure/meta/message-payload.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox } from './inbox.js';
import { type PolicyMerchant, plantMerchant } from './policy-cases.js';

interface Answer {
  status: number;
  body: Record<string, unknown> & { id: string; messageId: string; conversationId: string; code: string };
}
interface StoredMessage {
  id: string;
  thread_id: string;
  content: MessageContent;
  context_wamid: string | null;
  category: string;
  sent_by: string | null;
  expires_at: Date | null;
}

const HOUR = 3_600_000;

describe('What is sent in a conversation', () => {
  let inbox: Inbox;
  let shop: PolicyMerchant;
  let key: string;
  let customers = 0;

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await plantMerchant(inbox, 1);
    key = tokenOf('API_KEY');
  });
  afterAll(() => inbox.close());

  const tokenOf = (name: string): string => shop.callers.find((caller) => caller.name === name)!.token;
  const userOf = (name: string): string => shop.callers.find((caller) => caller.name === name)!.userId!;
  const [athens, nowhere] = ['10000', '10003'];
  /** A customer who has just written. */
  const written = async (phoneNumberId = athens, text = 'good day'): Promise<{ id: string; waId: string }> => {
    const waId = `9197${String(++customers).padStart(8, '0')}`;
    const id = await inbox.arrive(shop.tenantId, inbox.message({ waId }, text, { phoneNumberId }));
    return { id, waId };
  };
  const say = (id: string, body: object, token = key): Promise<Answer> =>
    inbox.call('POST', `/v1/conversations/${id}/messages`, token, body);
  /** Without a token: those end when the clock moves on. */
  const sayAs = (role: string, id: string, content: Said, more: object = {}): Promise<SentMessageView> => {
    const { access, userId } = shop.callers.find(({ name }) => name === role)!;
    const request = { content, sentBy: userId, ...more };
    return inbox.in(shop.tenantId, () =>
      inbox.get(Commands).execute(new SendInConversation(access(false), `user:${userId}`, id, request)),
    );
  };
  const texts = async (id: string): Promise<string[]> => {
    const rows = await inbox.sql<{ content: { type: string; body?: string } }>(
      shop.tenantId,
      `select content from message where thread_id = $1::uuid and direction = 'OUTBOUND' order by seq`,
      [id],
    );
    return rows.map(({ content }) => content.body ?? content.type);
  };
  const stored = async (id: string): Promise<StoredMessage> =>
    (await inbox.sql<StoredMessage>(shop.tenantId, 'select * from message where id = $1::uuid', [id]))[0]!;

  const TYPES: [string, object, object][] = [
    ['text', { text: 'Hello', previewUrl: true }, { text: { body: 'Hello', preview_url: true } }],
    [
      'image',
      { media: { link: 'https://shop.example/a.jpg' }, caption: 'A' },
      { image: { link: 'https://shop.example/a.jpg', caption: 'A' } },
    ],
    ['video', { media: { id: '123' } }, { video: { id: '123' } }],
    ['audio', { media: { id: '124' } }, { audio: { id: '124' } }],
    ['document', { media: { id: '125' }, filename: 'bill.pdf' }, { document: { id: '125', filename: 'bill.pdf' } }],
    ['sticker', { media: { id: '126' } }, { sticker: { id: '126' } }],
    [
      'template',
      { template: { name: 'due_today', language: 'en', body: ['Asha'] } },
      { template: { name: 'due_today' } },
    ],
    [
      'interactive',
      { interactive: { body: 'Shall we?', buttons: [{ id: 'y', title: 'Yes' }] } },
      { interactive: { type: 'button' } },
    ],
    [
      'interactive',
      { interactive: { body: 'Which?', button: 'Open', sections: [{ rows: [{ id: '1', title: 'One' }] }] } },
      { interactive: { type: 'list' } },
    ],
    [
      'location',
      { location: { latitude: 37.9, longitude: 23.7, name: 'Shop' } },
      { location: { latitude: 37.9, longitude: 23.7, name: 'Shop' } },
    ],
    [
      'contacts',
      { contacts: [{ name: { formatted: 'Asha' }, phones: [{ phone: '+911' }] }] },
      { contacts: [{ name: { formatted_name: 'Asha' } }] },
    ],
  ];

  it.each(TYPES)('may be a message of type %s (S1.16, S1.77-S1.80, S4.18): %j', async (type, said, payload) => {
    const { id, waId } = await written();
    const sent = await say(id, { type, ...said });
    expect(sent).toMatchObject({ status: 202, body: { conversationId: id, status: 'queued', direction: 'OUTBOUND' } });
    const { content } = await stored(sent.body.id);
    const posted = messagePayload({ to: { kind: 'phone', value: waId }, content, reference: 'r' });
    expect(posted).toMatchObject({ to: waId, type, ...payload });
  });

  it('may answer a message and react to one, each named by our own id (S1.34, S4.18)', async () => {
    const { id } = await written();
    const history = await inbox.call<{ data: { id: string; wamid: string }[] }>(
      'GET',
      `/v1/conversations/${id}/messages`,
      key,
    );
    const theirs = history.body.data[0]!;
    const answer = await say(id, { type: 'text', text: 'Yes', replyTo: theirs.id });
    expect(answer.body).toMatchObject({
      contextWamid: theirs.wamid,
      replyTo: { messageId: theirs.id, preview: 'good day' },
    });
    const reaction = await say(id, { type: 'reaction', reaction: { messageId: theirs.id, emoji: '👍' } });
    expect((await stored(reaction.body.id)).content).toEqual({ type: 'reaction', toWamid: theirs.wamid, emoji: '👍' });
    const again = await inbox.call<{ data: object[] }>('GET', `/v1/conversations/${id}/messages`, key);
    expect(again.body.data[0]).toMatchObject({
      reactions: [{ messageId: reaction.body.id, direction: 'OUTBOUND', emoji: '👍' }],
    });
    await say(id, { type: 'reaction', reaction: { messageId: theirs.id, emoji: '' } });
    const taken = await inbox.call<{ data: object[] }>('GET', `/v1/conversations/${id}/messages`, key);
    expect(taken.body.data[0]).toMatchObject({ reactions: [] });
    expect(await say(id, { type: 'text', text: 'Yes', replyTo: answer.body.id })).toMatchObject({
      status: 409,
      body: { code: 'MESSAGE_NOT_SENT_YET' },
    });
    const other = await written();
    expect(await say(other.id, { type: 'text', text: 'Yes', replyTo: theirs.id })).toMatchObject({
      status: 404,
      body: { code: 'MESSAGE_NOT_FOUND' },
    });
  });

  it('is refused in the words of the field when it is no message', async () => {
    const { id } = await written();
    const bad: [object, number][] = [
      [{ type: 'text' }, 400],
      [{ type: 'text', text: '' }, 422],
      [{ type: 'text', text: 'x'.repeat(4097) }, 422],
      [{ type: 'shout', text: 'x' }, 400],
      [{ type: 'text', text: 'x', location: { latitude: 1, longitude: 1 } }, 400],
      [{ type: 'image', media: { id: '1', link: 'https://a.example/' } }, 400],
      [{ type: 'image', media: {} }, 400],
      [{ type: 'interactive', interactive: { body: 'x', buttons: [] } }, 422],
      [{ type: 'interactive', interactive: { body: 'x' } }, 400],
      [{ type: 'contacts', contacts: [{ name: {} }] }, 400],
      [{ type: 'reaction', reaction: { messageId: 'no', emoji: 'x' } }, 400],
      [{ type: 'location', location: { latitude: 'north', longitude: 1 } }, 400],
      [{ type: 'text', text: null }, 400],
    ];
    for (const [body, status] of bad) expect({ body, status: (await say(id, body)).status }).toEqual({ body, status });
  });

  it('is anything within 24 hours less a minute, and a template at any time (S1.10, S1.35, S1.88, S1.101, C56)', async () => {
    const { id } = await written();
    const [closesAt, text] = [
      new Date(inbox.clock.now().getTime() + 24 * HOUR - 60_000),
      { type: 'text', text: 'Hello' },
    ];
    inbox.clock.advance(24 * HOUR - 60_001);
    const last = await say(id, text);
    expect(last.status).toBe(202);
    expect((await stored(last.body.id)).expires_at).toEqual(closesAt);
    inbox.clock.advance(1);
    expect(await say(id, text)).toMatchObject({
      status: 422,
      body: { code: 'WINDOW_CLOSED', closedAt: closesAt.toISOString(), usableTemplates: [] },
    });
    const template = await say(id, { type: 'template', template: { name: 'due_today', language: 'en' } });
    expect(template.status).toBe(202);
    expect((await stored(template.body.id)).expires_at).toBeNull();
  });

  it('is one message, whoever sends it a hundred times with one key', async () => {
    const { id } = await written();
    const idempotencyKey = newId();
    const once = (): Promise<Answer> => say(id, { type: 'text', text: 'Once', idempotencyKey });
    // Whoever waits too long for a connection is told to come again, and does.
    const patient = async (): Promise<Answer> => {
      const answer = await once();
      return answer.status === 503 ? patient() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, patient));
    const [first, second] = answers.filter(({ status }) => status === 202);
    expect(second).toBeUndefined();
    for (const { status, body } of answers.filter((answer) => answer !== first))
      expect([status, body.code, body.messageId]).toEqual([409, 'IDEMPOTENCY_KEY_USED', first!.body.id]);
    expect((await texts(id)).filter((text) => text === 'Once')).toHaveLength(1);
  });

  it('goes nowhere while the conversation is blocked: what was committed first holds', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await written();
      const [blocked, sent] = await Promise.all([
        inbox.call('PATCH', `/v1/conversations/${id}`, key, { status: 'blocked' }),
        say(id, { type: 'text', text: 'Hello' }),
      ]);
      expect(blocked.status).toBe(200);
      expect([202, 409]).toContain(sent.status);
      expect(await say(id, { type: 'text', text: 'again' })).toMatchObject({
        status: 409,
        body: { code: 'CONVERSATION_BLOCKED' },
      });
      const [{ n }] = (await inbox.sql<{ n: number }>(
        shop.tenantId,
        `select count(*)::int as n from message where thread_id = $1::uuid and category = 'order_update'`,
        [id],
      )) as [{ n: number }];
      expect(n).toBe(sent.status === 202 ? 1 : 0);
    }
  });

  it("says who wrote it; a person's message reads what is there and takes the conversation out of the archive (S1.13)", async () => {
    const { id } = await written();
    await inbox.call('PATCH', `/v1/conversations/${id}`, key, { status: 'archived' });
    const sent = await sayAs('SALES', id, { type: 'text', body: 'With you in a minute' });
    const userId = userOf('SALES');
    expect(sent).toMatchObject({ sender: { kind: 'user', userId, name: 'SALES person' }, sentBy: userId });
    expect((await inbox.call('GET', `/v1/conversations/${id}`, key)).body).toMatchObject({
      status: 'active',
      unreadCount: 0,
      lastMessageDirection: 'OUTBOUND',
      lastMessagePreview: 'With you in a minute',
    });
  });

  it('moves the conversation up, and sockets are told of it (S1.14)', async () => {
    const { id } = await written();
    inbox.clock.advance(1000);
    const later = await written();
    const first = async (): Promise<string> =>
      (await inbox.call<{ data: { id: string }[] }>('GET', '/v1/conversations?limit=1', key)).body.data[0]!.id;
    expect(await first()).toBe(later.id);
    inbox.clock.advance(1000);
    const sent = await say(id, { type: 'text', text: 'Hello' });
    expect(await first()).toBe(id);
    const told = await inbox.sql(
      shop.tenantId,
      `select name, payload ->> 'direction' as direction, payload ->> 'preview' as preview from tenant_event where payload ->> 'messageId' = $1`,
      [sent.body.id],
    );
    expect(told).toContainEqual({ name: 'whatsapp-new-message', direction: 'OUTBOUND', preview: 'Hello' });
  });

  it("silences the bot when a person wrote it, for an hour; not when it is a program's, a template or a reaction (F12)", async () => {
    const { id, waId } = await written(athens, 'hi');
    const hi = (): Promise<string> =>
      inbox.arrive(shop.tenantId, inbox.message({ waId }, 'hi', { phoneNumberId: athens }));
    await say(id, { type: 'text', text: 'from a program' });
    await sayAs('SALES', id, { type: 'template', name: 'due_today', language: 'en' });
    inbox.clock.advance(1000);
    await hi();
    expect((await texts(id)).at(-1)).toMatch(/^Welcome/);
    await sayAs('SALES', id, { type: 'text', body: 'I am here' });
    await hi();
    expect((await texts(id)).at(-1)).toBe('I am here');
    inbox.clock.advance(HOUR - 1);
    await hi();
    expect((await texts(id)).at(-1)).toBe('I am here');
    inbox.clock.advance(1);
    await hi();
    expect((await texts(id)).at(-1)).toMatch(/^Welcome/);
  });

  it('is seen and sent by who sees the conversation, and by nobody else (S1.12, S1.98)', async () => {
    const { id } = await written(nowhere);
    await expect(sayAs('SALES', id, { type: 'text', body: 'x' })).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
    await expect(sayAs('LEAD_GEN', id, { type: 'text', body: 'x' })).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
    await expect(sayAs('DEVELOPER', id, { type: 'text', body: 'x' })).resolves.toMatchObject({ status: 'queued' });
  });

  it('goes from a number for retargeting into the conversation of that number (S1.24, S1.40)', async () => {
    const { id } = await written();
    const template = { type: 'template', name: 'come_back', language: 'en' } as const;
    await expect(sayAs('SALES_TEAM_LEAD', id, template, { phoneNumberId: '10001' })).rejects.toMatchObject({
      code: 'NUMBER_NOT_FOR_RETARGETING',
    });
    await inbox.sql(shop.tenantId, `update phone_number set purpose = 'retarget' where phone_number_id = '10001'`);
    const sent = await sayAs('SALES_TEAM_LEAD', id, template, { phoneNumberId: '10001' });
    expect(sent.conversationId).not.toBe(id);
    expect(sent.phoneNumberId).toBe('10001');
    // Sales of another area does not see that number.
    await expect(sayAs('SALES', id, template, { phoneNumberId: '10001' })).rejects.toMatchObject({
      code: 'PHONE_NUMBER_NOT_FOUND',
    });
    await expect(
      sayAs('SALES_TEAM_LEAD', id, { type: 'text', body: 'x' }, { phoneNumberId: '10001' }),
    ).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });
  });

  describe('when it is sent by address', () => {
    const send = (body: object): Promise<Answer> =>
      inbox.call('POST', '/v1/messages', key, { phoneNumberId: athens, ...body });

    it('has its place in the conversation, which is opened where there is none', async () => {
      const to = '+919600000001';
      const whatsappTemplate = { name: 'due_today', language: 'en' };
      const { status, body } = await send({ to, whatsappTemplate });
      expect(status).toBe(202);
      const { thread_id: threadId } = await stored(body.messageId);
      const waId = to.slice(1);
      expect(await inbox.arrive(shop.tenantId, inbox.message({ waId }, 'hello', { phoneNumberId: athens }))).toBe(
        threadId,
      );
      const text = await send({ to, text: 'Hello yourself' });
      expect((await stored(text.body.messageId)).thread_id).toBe(threadId);
    });

    it('is free text to nobody who has not written, and to nobody who is blocked (S1.88, C56)', async () => {
      const refused = await send({ to: '+919600000002', text: 'Hello stranger' });
      expect(refused).toMatchObject({ status: 422, body: { code: 'WINDOW_CLOSED', closedAt: null } });
      expect(await inbox.sql(shop.tenantId, `select 1 from contact_identity where value = '+919600000002'`)).toEqual(
        [],
      );
      const { id, waId } = await written();
      await inbox.call('PATCH', `/v1/conversations/${id}`, key, { status: 'blocked' });
      expect(await send({ to: `+${waId}`, text: 'Hello' })).toMatchObject({
        status: 409,
        body: { code: 'CONVERSATION_BLOCKED' },
      });
    });
  });
});
