import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { io } from 'socket.io-client';
import { AppModule } from '../../src/app.module.js';
import { createApplication } from '../../src/platform/http/configure-http.js';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/start-sandbox.js';
import { APP_SECRET, PLATFORM_KEY, testConfig, VERIFY_TOKEN } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

/** Whatever an answer holds; which of it, the tests say. */
type Body = Record<string, unknown> & {
  readonly id: string;
  readonly accessToken: string;
  readonly data: readonly Body[];
};

const WABA = '100000000001';
const [NUMBER, OTHER_NUMBER] = ['200000000001', '200000000002'];
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** Merchant, customers, and WhatsApp between them as the sandbox plays it; asked as a user of the API asks. */
describe('A conversation, both ways and to the end', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  let wire: Server;
  /** Where the Graph API was asked. */
  const asked: string[] = [];
  let app: NestFastifyApplication;
  let url: string;
  let token: string;
  let customers = 0;
  let wamids = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    sandbox = await startSandbox({ port: 0, appId: '1', appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN });
    wire = createServer((request, response) => {
      asked.push(request.url!);
      void forward(sandbox.url, request).then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      );
    }).listen(0, '127.0.0.1');
    await once(wire, 'listening');
    const graph = `http://127.0.0.1:${(wire.address() as AddressInfo).port}`;
    const config = testConfig(database, { WHATSAPP_GRAPH_URL: graph, SANDBOX: '1' });
    app = await createApplication(AppModule.of(config), config);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    sandbox.deliverWebhooksTo(`${url}/whatsapp/webhook`);
    const login = { email: 'admin@shop.example', password: 'a-long-test-password' };
    const profile = { name: 'Shop', country: 'IN', currency: 'INR', admin: { ...login, name: 'Admin' } };
    await call('POST', '/v1/tenants', profile, PLATFORM_KEY);
    token = (await call('POST', '/v1/auth/login', login, PLATFORM_KEY)).body.accessToken;
    for (const phoneNumberId of [NUMBER, OTHER_NUMBER])
      await call('POST', '/v1/whatsapp/connect', { wabaId: WABA, phoneNumberId, accessToken: 'mock_shop' });
  });
  afterAll(async () => {
    await app.close();
    wire.close();
    await sandbox.close();
    await database.drop();
  });

  const call = async (
    method: string,
    path: string,
    body?: object,
    by = token,
  ): Promise<{ status: number; body: Body }> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${by}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
  };
  const get = async (path: string): Promise<Body> => {
    const { status, body } = await call('GET', path);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body;
  };
  const newcomer = (): string => `9196${String(++customers).padStart(8, '0')}`;
  /** What Meta would post, signed. */
  const webhook = async (value: object, path = '/whatsapp/webhook', phoneNumberId = NUMBER): Promise<number> => {
    const metadata = { display_phone_number: '15550000000', phone_number_id: phoneNumberId };
    const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: WABA, changes: [change] }] });
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`,
    };
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).status;
  };
  const item = (from: string, own: object, wamid = `wamid.round${++wamids}`): object => ({
    from,
    id: wamid,
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...own,
  });
  const writes = (from: string, text: string, phoneNumberId = NUMBER, wamid?: string): Promise<number> =>
    webhook(
      {
        contacts: [{ profile: { name: 'Asha' }, wa_id: from }],
        messages: [item(from, { type: 'text', text: { body: text } }, wamid)],
      },
      undefined,
      phoneNumberId,
    );
  /** The customer's conversations, when there are so many. */
  const conversationsOf = (waId: string, count = 1): Promise<readonly Body[]> =>
    until(async () => {
      const { data } = await get(`/v1/conversations?status=all&q=${waId}`);
      return data.length === count ? data : undefined;
    });
  const said = async (conversationId: string): Promise<readonly Body[]> =>
    (await get(`/v1/conversations/${conversationId}/messages`)).data;
  const untilRead = (conversationId: string, messageId: string): Promise<Body> =>
    until(async () => (await said(conversationId)).find(({ id, status }) => id === messageId && status === 'read'), {
      within: 20_000,
    });

  it('comes in: a thread is made, the message kept in it, and what answers it is linked to it (S4.1, S4.10, S1.6, S1.7)', async () => {
    const waId = newcomer();
    expect(await writes(waId, 'hello', NUMBER, 'wamid.first')).toBe(200);
    const [conversation] = await conversationsOf(waId);
    expect(conversation).toMatchObject({ phoneNumberId: NUMBER, unreadCount: 1, windowOpen: true });
    const answer = { type: 'text', text: { body: 'about that' }, context: { from: waId, id: 'wamid.first' } };
    await webhook({ contacts: [{ wa_id: waId }], messages: [item(waId, answer)] });
    const found = await until(async () => {
      const messages = await said(conversation!.id);
      return messages.find(({ replyTo }) => replyTo !== null);
    });
    const [first] = await said(conversation!.id);
    expect(first).toMatchObject({ direction: 'INBOUND', status: 'received', wamid: 'wamid.first' });
    expect(found).toMatchObject({ direction: 'INBOUND', replyTo: { messageId: first!.id, preview: 'hello' } });
    expect(await conversationsOf(waId)).toMatchObject([{ id: conversation!.id, unreadCount: 2 }]);
  });

  it('goes out: thread, message, WhatsApp, and each status is merged into the message, with what it cost (S4.1, S4.11, S1.15)', async () => {
    const waId = newcomer();
    // By the handset: to whom has not written, WhatsApp brings no text.
    await fetch(`${sandbox.url}/sandbox/handsets/${waId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumberId: NUMBER, text: 'hello' }),
    });
    const [conversation] = await conversationsOf(waId);
    const sent = await call('POST', `/v1/conversations/${conversation!.id}/messages`, {
      type: 'text',
      text: 'Good day',
    });
    expect(sent).toMatchObject({ status: 202, body: { status: 'queued', statusEvents: [] } });
    const message = await untilRead(conversation!.id, sent.body.id);
    const events = message['statusEvents'] as { status: string; at: string }[];
    expect(events.map(({ status }) => status).sort()).toEqual(['delivered', 'read', 'sent']);
    expect(events.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
    expect(
      (await said(conversation!.id)).filter(({ content }) => (content as Body)['body'] === 'Good day'),
    ).toHaveLength(1);
    const usage = await until(async () => {
      const { body } = await call('GET', `/v1/billing/usage?from=${YESTERDAY}&to=${TOMORROW}&groupBy=category`);
      return ((body['totals'] as { messages: number } | undefined)?.messages ?? 0) > 0 ? body : undefined;
    });
    expect(usage.data.map(({ key }) => key)).toContain('service');
  });

  it("is an owner's or a guest's by the first template that was sent and the merchant's rules, whatever is sent later (S1.11, S1.39, S1.89)", async () => {
    expect((await call('POST', '/v1/inbox-presets/villa-rentals/apply')).status).toBe(204);
    const typeAfter = async (...names: string[]): Promise<unknown> => {
      const { body } = await call('POST', '/v1/conversations', { phone: `+${newcomer()}`, phoneNumberId: NUMBER });
      for (const name of names) {
        const template = { type: 'template', template: { name, language: 'en' } };
        expect((await call('POST', `/v1/conversations/${body.id}/messages`, template)).status).toBe(202);
      }
      return (await get(`/v1/conversations/${body.id}`))['type'];
    };
    expect(await typeAfter()).toBeNull();
    expect(await typeAfter('summer_owners_template', 'first_template')).toBe('owner');
    expect(await typeAfter('owner_welcome')).toBe('owner');
    expect(await typeAfter('first_template', 'owner_welcome')).toBe('guest');
    const rules = [{ match: 'starts_with', pattern: 'landlord', type: 'owner' }];
    expect((await call('PUT', '/v1/conversation-type-rules', { rules })).status).toBe(200);
    expect(await typeAfter('landlord_welcome')).toBe('owner');
    expect(await typeAfter('owner_welcome')).toBe('guest');
  });

  it('a template is selected, its parameters taken out and filled, previewed and sent; the type follows (S1.41, S1.36, S1.37, S1.38)', async () => {
    const rules = [{ match: 'starts_with', pattern: 'interactive', type: 'owner' }];
    expect((await call('PUT', '/v1/conversation-type-rules', { rules })).status).toBe(200);
    expect((await call('POST', '/v1/whatsapp/templates/sync')).status).toBeLessThan(300);
    const [template] = (await get('/v1/whatsapp/templates?status=approved&name=interactive_due_today')).data;
    const { body: wanted } = template!['parameters'] as { body: readonly string[] };
    expect([...wanted].sort()).toEqual(['amount', 'companyname', 'duedate', 'name']);
    const body = Object.fromEntries(wanted.map((name) => [name, `<${name}>`]));
    const name = template!['name'] as string;
    const shown = await call('POST', `/v1/whatsapp/templates/${name}/preview`, { parameters: { body } });
    expect(shown).toMatchObject({ status: 200, body: { faults: [] } });
    for (const value of Object.values(body)) expect(shown.body['body']).toContain(value);
    const phone = newcomer();
    const opened = (await call('POST', '/v1/conversations', { phone: `+${phone}`, phoneNumberId: NUMBER })).body;
    const say = (values: object): Promise<{ status: number; body: Body }> =>
      call('POST', `/v1/conversations/${opened.id}/messages`, {
        type: 'template',
        template: { name, language: 'en', body: values },
      });
    expect((await say({ ...body, name: undefined })).status).toBe(422);
    expect((await get(`/v1/conversations/${opened.id}`))['type']).toBeNull();
    const sent = await say(body);
    expect(sent.status).toBe(202);
    await untilRead(opened.id, sent.body.id);
    expect((await get(`/v1/conversations/${opened.id}`))['type']).toBe('owner');
  });

  it('is one of a number and a contact, however many messages open it at once (S4.17)', async () => {
    const waId = newcomer();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => writes(waId, `letter ${n}`, n % 2 === 0 ? NUMBER : OTHER_NUMBER)),
    );
    const both = await conversationsOf(waId, 2);
    expect(both.map(({ phoneNumberId }) => phoneNumberId).sort()).toEqual([NUMBER, OTHER_NUMBER]);
    await until(async () => {
      const unread = (await conversationsOf(waId, 2)).map(({ unreadCount }) => unreadCount);
      return unread.every((count) => count === 10);
    });
    const again = await call('POST', '/v1/conversations', { phone: `+${waId}`, phoneNumberId: NUMBER });
    expect(again.status).toBe(200);
    expect(both.map(({ id }) => id)).toContain(again.body.id);
  });

  it("knows a contact by WhatsApp's id, a number or a user id, and may point to a record elsewhere (S4.9)", async () => {
    const [waId, userId] = [newcomer(), `IN.${newcomer()}`];
    const message = { ...item('', { type: 'text', text: { body: 'hi' } }), from: undefined, from_user_id: userId };
    const contacts = [{ profile: { name: 'Asha', username: 'asha' }, user_id: userId }];
    await webhook({ contacts, messages: [message] });
    const [hidden] = await until(async () => {
      const { data } = await get('/v1/conversations?q=Asha');
      const known = data.filter(({ contact }) => JSON.stringify(contact).includes(userId));
      return known.length > 0 ? known : undefined;
    });
    await webhook({
      contacts: [{ profile: { name: 'Asha' }, wa_id: waId, user_id: userId }],
      messages: [item(waId, { from_user_id: userId, type: 'text', text: { body: 'it is me' } })],
    });
    const [shown] = await conversationsOf(waId);
    expect(shown!.id).toBe(hidden!.id);
    expect((shown!['contact'] as { identities: object[] }).identities).toEqual(
      expect.arrayContaining([
        { kind: 'bsuid', value: userId },
        { kind: 'phone', value: `+${waId}` },
      ]),
    );
    const referenceLink = 'https://crm.example/contacts/7';
    const linked = await call('POST', '/v1/conversations', { phone: `+${waId}`, phoneNumberId: NUMBER, referenceLink });
    expect(linked).toMatchObject({ status: 200, body: { id: shown!.id, referenceLink } });
  });

  it('keeps contacts apart from conversations, and owners among the contacts (S1.2)', async () => {
    const waId = newcomer();
    const open = async (phoneNumberId: string): Promise<Body> =>
      (await call('POST', '/v1/conversations', { phone: `+${waId}`, phoneNumberId, name: 'Ravi' })).body;
    const [one, other] = [await open(NUMBER), await open(OTHER_NUMBER)];
    expect(one.id).not.toBe(other.id);
    await call('PATCH', `/v1/conversations/${one.id}`, { name: 'Ravi Rao', type: 'owner' });
    const there = await get(`/v1/conversations/${other.id}`);
    expect(there).toMatchObject({ type: null, contact: { id: (one['contact'] as Body).id, name: 'Ravi Rao' } });
    // No books are kept on somebody because one talks to them, whether they are an owner or a guest.
    expect((await call('GET', `/v1/customers/${(one['contact'] as Body).id}`)).status).toBe(404);
    expect(await said(one.id)).toEqual([]);
  });

  it('keeps the whole content of a message as JSON, of kinds that nobody knows yet as well (S4.19, S4.2, S4.18, S1.93)', async () => {
    const waId = newcomer();
    const own = { type: 'hologram', hologram: { shape: ['cube', { depth: 3.5 }], note: 'ünïcode 🧊', empty: null } };
    const sent = item(waId, own, 'wamid.hologram');
    for (const phoneNumberId of [NUMBER, OTHER_NUMBER])
      await webhook({ contacts: [{ wa_id: waId }], messages: [sent] }, undefined, phoneNumberId);
    const ids = await Promise.all(
      (await conversationsOf(waId, 2)).map(async ({ id, phoneNumberId }) => {
        const [message, ...others] = await said(id);
        expect(others).toEqual([]);
        expect(message).toMatchObject({
          wamid: 'wamid.hologram',
          phoneNumberId,
          direction: 'INBOUND',
          status: 'received',
          sentBy: null,
          media: null,
          createdAt: expect.any(String) as string,
        });
        const whole = await get(`/v1/messages/${message!.id}`);
        expect(whole['payload']).toMatchObject(sent);
        return message!.id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('speaks v24.0 of the Graph API, tells over Socket.IO, and is for who has logged in, by their role (S1.1, C4, C64)', async () => {
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((path) => !path.startsWith('/v24.0/'))).toEqual([]);

    const told = (auth: object): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(url, { auth, transports: ['websocket'], forceNew: true, reconnection: false });
        const end = (with_: string) => (): void => {
          socket.disconnect();
          resolve(with_);
        };
        socket.on('hello', end('hello')).on('connect_error', end('refused'));
      });
    expect([await told({ token }), await told({ token: 'nobody' }), await told({})]).toEqual([
      'hello',
      'refused',
      'refused',
    ]);

    const form = new FormData();
    form.set('file', new Blob(['a price list'], { type: 'text/plain' }), 'prices.txt');
    const headers = { authorization: `Bearer ${token}` };
    const uploaded = (await (await fetch(`${url}/v1/media`, { method: 'POST', headers, body: form })).json()) as Body;
    const link = async (): Promise<URL> =>
      new URL((await get(`/v1/media/${uploaded['mediaId'] as string}`))['url'] as string, url);
    const [now, later] = [await link(), await link()];
    expect(later.pathname).toBe(now.pathname);
    expect(await (await fetch(now)).text()).toBe('a price list');

    const seller = { email: 'seller@shop.example', password: 'a-long-test-password' };
    expect((await call('POST', '/v1/users', { ...seller, name: 'Ravi', role: 'SALES', areas: [] })).status).toBe(201);
    const theirs = (await call('POST', '/v1/auth/login', seller, '')).body.accessToken;
    const statuses = async (path: string): Promise<number[]> =>
      Promise.all([token, theirs, ''].map(async (by) => (await call('GET', path, undefined, by)).status));
    expect(await statuses('/v1/conversations')).toEqual([200, 200, 401]);
    expect(await statuses('/v1/api-keys')).toEqual([200, 403, 401]);
  });

  it('comes by one path, whatever the documents call it (S1.3)', async () => {
    for (const path of ['/webhook', '/api/whatsapp/webhook', '/v1/whatsapp/webhook', '/api/whatsapp/webhook/'])
      expect({ path, status: await webhook({ messages: [] }, path) }).toEqual({ path, status: 404 });
    expect(await webhook({ messages: [] })).toBe(200);
  });
});

async function forward(to: string, request: IncomingMessage): Promise<{ status: number; body: Buffer }> {
  const body = await buffer(request);
  const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
  const answer = await fetch(`${to}${request.url}`, {
    method: request.method!,
    headers: { authorization, 'content-type': type },
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
