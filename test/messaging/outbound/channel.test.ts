import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../../src/app.module.js';
import { Clock } from '../../../src/kernel/clock.js';
import type { VirtualClock } from '../../../src/platform/clock/virtual-clock.js';
import { createApplication } from '../../../src/platform/http/configure-http.js';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { APP_SECRET, PLATFORM_KEY, testConfig, VERIFY_TOKEN } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';

interface Answer {
  status: number;
  body: Record<string, unknown> & {
    messageId: string;
    status: string;
    code: string;
    data: Record<string, unknown>[];
    nextCursor: string | null;
  };
}

interface Merchant {
  token: string;
  apiKey: string;
  phoneNumberId: string;
}

const CUSTOMER = '919811111111';

describe('Messages through the whole application and the sandbox', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  let app: NestFastifyApplication;
  let url: string;
  let shop: Merchant;
  let other: Merchant;

  beforeAll(async () => {
    database = await createTestDatabase();
    sandbox = await startSandbox({ port: 0, appId: '1', appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN });
    const config = testConfig(database, { WHATSAPP_GRAPH_URL: sandbox.url, SANDBOX: '1' });
    app = await createApplication(AppModule.of(config), config);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    sandbox.deliverWebhooksTo(`${url}/whatsapp/webhook`);
    shop = await merchant(1);
    other = await merchant(2);
  });
  afterAll(async () => {
    await app.close();
    await sandbox.close();
    await database.drop();
  });
  afterEach(async () => {
    await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
  });

  const call = async (method: string, path: string, token: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Answer['body'] };
  };
  const merchant = async (n: number): Promise<Merchant> => {
    const admin = { email: `admin-${n}@shop.example`, password: 'a-long-test-password', name: 'Admin' };
    const registered = await call('POST', '/v1/tenants', PLATFORM_KEY, {
      name: `Shop ${n}`,
      country: 'IN',
      timezone: 'Asia/Kolkata',
      currency: 'INR',
      admin,
    });
    const apiKey = registered.body['apiKey'] as string | { key: string };
    const login = await call('POST', '/v1/auth/login', PLATFORM_KEY, { email: admin.email, password: admin.password });
    const token = login.body['accessToken'] as string;
    const phoneNumberId = `20000000000${n}`;
    await call('POST', '/v1/whatsapp/connect', token, {
      wabaId: `10000000000${n}`,
      phoneNumberId,
      accessToken: `mock_shop_${n}`,
    });
    return { token, apiKey: typeof apiKey === 'string' ? apiKey : apiKey.key, phoneNumberId };
  };
  const write = async (phoneNumberId: string, text: string, from = CUSTOMER): Promise<void> => {
    const body = JSON.stringify({ phoneNumberId, text });
    await fetch(`${sandbox.url}/sandbox/handsets/${from}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    // Answered: it is in its conversation, and free text may be sent.
    await until(async () => (await ledger(from)).some((sent) => sent['phoneNumberId'] === phoneNumberId));
  };
  const fault = (given: Record<string, unknown>): Promise<Response> =>
    fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([given]),
    });
  const ledger = async (to: string): Promise<Record<string, unknown>[]> => {
    const answer = (await (await fetch(`${sandbox.url}/sandbox/ledger?to=${to}`)).json()) as {
      data: Record<string, unknown>[];
    };
    return answer.data;
  };
  const untilStatus = (messageId: string, status: string): Promise<Answer['body']> =>
    until(async () => {
      const { body } = await call('GET', `/v1/messages/${messageId}`, shop.token);
      if (body.status !== status) throw new Error(JSON.stringify(body));
      return body;
    });

  it('a text goes from 202 queued to read, with its statuses and its one attempt (S0.86, S0.87, S2.63)', async () => {
    await write(shop.phoneNumberId, 'hello');
    const queued = await call('POST', '/v1/messages', shop.token, { to: '+91 98111 11111', text: 'Good morning' });
    expect(queued).toMatchObject({ status: 202, body: { status: 'queued', messageId: expect.any(String) } });
    const message = await untilStatus(queued.body.messageId, 'read');
    expect(message).toMatchObject({
      to: `+${CUSTOMER}`,
      type: 'text',
      content: { body: 'Good morning' },
      acceptedTwice: false,
      failure: null,
    });
    expect(message['attempts']).toMatchObject([
      { attempt: 1, outcome: 'accepted', wamid: message['wamid'], error: null },
    ]);
    expect((message['statuses'] as { status: string }[]).map(({ status }) => status).sort()).toEqual([
      'delivered',
      'read',
      'sent',
    ]);
  });

  it('a template reaches a customer who never wrote (S0.49)', async () => {
    const template = {
      name: 'interactive_due_today',
      language: 'en',
      body: { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' },
    };
    const queued = await call('POST', '/v1/messages', shop.apiKey, {
      to: '+919822222222',
      whatsappTemplate: template,
      phoneNumberId: shop.phoneNumberId,
    });
    expect(queued.status).toBe(202);
    expect(await untilStatus(queued.body.messageId, 'read')).toMatchObject({ type: 'template', failure: null });
  });

  it('a business key is used once: 409 with the first messageId (S2.51, C43)', async () => {
    await write(other.phoneNumberId, 'hello');
    const request = { to: CUSTOMER, text: 'once', idempotencyKey: 'order-7' };
    const first = await call('POST', '/v1/messages', shop.token, request);
    const second = await call('POST', '/v1/messages', shop.token, { ...request, text: 'twice' });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_USED', title: 'Conflict', messageId: first.body.messageId },
    });
    expect((await call('POST', '/v1/messages', other.token, request)).status).toBe(202);
    await untilStatus(first.body.messageId, 'read');
    expect(
      (await ledger(CUSTOMER)).filter(({ payload }) => (payload as { text?: { body: string } }).text?.body === 'twice'),
    ).toEqual([]);
  });

  it('bad requests are told what is wrong', async () => {
    const cases: [unknown, number, string][] = [
      [{ to: 'x', text: 'hi' }, 400, 'INVALID_PHONE_NUMBER'],
      [{ to: CUSTOMER }, 400, 'INVALID_REQUEST'],
      [{ to: CUSTOMER, text: 'a', whatsappTemplate: { name: 'x', language: 'en' } }, 400, 'INVALID_REQUEST'],
      [{ to: CUSTOMER, whatsappTemplate: { name: 'x', language: 'en', body: [1] } }, 400, 'INVALID_REQUEST'],
      [{ to: CUSTOMER, text: 'x'.repeat(4097) }, 422, 'CONTENT_REFUSED'],
      [{ to: CUSTOMER, text: 'a\0b' }, 422, 'CONTENT_REFUSED'],
      [{ to: CUSTOMER, text: 'hi', phoneNumberId: other.phoneNumberId }, 404, 'PHONE_NUMBER_NOT_FOUND'],
      [{ to: CUSTOMER, text: 'hi', state: 'read' }, 400, 'INVALID_REQUEST'],
    ];
    for (const [body, status, code] of cases)
      expect({ given: body, ...(await call('POST', '/v1/messages', shop.token, body)) }).toMatchObject({
        body: { code },
        status,
      });
  });

  it("another tenant's message does not exist, on any route", async () => {
    const { body } = await call('POST', '/v1/messages', shop.token, { to: CUSTOMER, text: 'mine' });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['POST', '/resend'],
    ] as const) {
      expect(await call(method, `/v1/messages/${body.messageId}${path}`, other.token)).toMatchObject({
        status: 404,
        body: { code: 'MESSAGE_NOT_FOUND' },
      });
    }
    const theirs = await call('GET', '/v1/messages?limit=100', other.token);
    expect(theirs.body.data.map(({ messageId }) => messageId)).not.toContain(body.messageId);
  });

  it('lists by pages, the newest first, filtered', async () => {
    await write(shop.phoneNumberId, 'hello', '919833333333');
    const sent: string[] = [];
    for (let n = 0; n < 5; n++)
      sent.unshift(
        (await call('POST', '/v1/messages', shop.token, { to: '919833333333', text: `page ${n}` })).body.messageId,
      );
    const first = await call('GET', `/v1/messages?limit=3&phoneNumberId=${shop.phoneNumberId}`, shop.token);
    const second = await call(
      'GET',
      `/v1/messages?limit=2&cursor=${first.body.nextCursor}&phoneNumberId=${shop.phoneNumberId}`,
      shop.token,
    );
    expect([...first.body.data, ...second.body.data].map(({ messageId }) => messageId)).toEqual(sent);
    expect((await call('GET', '/v1/messages?status=parked', shop.token)).body.data).toEqual([]);
    expect((await call('GET', '/v1/messages?status=nonsense', shop.token)).status).toBe(400);
  });

  it('an answer that was lost after acceptance is settled by the callback, without a second send (F03)', async () => {
    await write(shop.phoneNumberId, 'hello', '919844444444');
    await fault({ kind: 'reset-after-accept', times: 1, match: { to: '919844444444' } });
    const { body } = await call('POST', '/v1/messages', shop.token, { to: '919844444444', text: 'lost answer' });
    const message = await untilStatus(body.messageId, 'read');
    expect(message['attempts']).toHaveLength(1);
    expect(
      (await ledger('919844444444')).filter(
        ({ payload }) => (payload as { text?: { body: string } }).text?.body === 'lost answer',
      ),
    ).toHaveLength(1);
  });

  it('a lost person-written answer without callbacks is parked; the person sends it again or gives it up', async () => {
    await write(shop.phoneNumberId, 'hello', '919855555555');
    await fault({ kind: 'reset-before-accept', times: 2, match: { to: '919855555555' } });
    const messages = await Promise.all(
      ['again', 'never mind'].map((text) => call('POST', '/v1/messages', shop.token, { to: '919855555555', text })),
    );
    const parked = messages.map(({ body }) => body.messageId);
    for (const id of parked) await untilStatus(id, 'unknown');
    expect((await call('POST', `/v1/messages/${parked[0]}/resend`, shop.token)).body).toMatchObject({
      code: 'MESSAGE_NOT_PARKED',
    });
    const clock = app.get<VirtualClock>(Clock);
    await clock.advance(new Date(clock.now().getTime() + 31_000));
    for (const id of parked) await untilStatus(id, 'parked');
    expect((await call('GET', '/v1/messages?status=parked', shop.token)).body.data).toHaveLength(2);
    expect((await call('POST', `/v1/messages/${parked[1]}/cancel`, shop.token)).status).toBe(204);
    expect((await call('POST', `/v1/messages/${parked[0]}/resend`, shop.token)).status).toBe(202);
    await untilStatus(parked[0]!, 'read');
    expect(await call('POST', `/v1/messages/${parked[0]}/cancel`, shop.token)).toMatchObject({
      status: 409,
      body: { code: 'MESSAGE_NOT_CANCELLABLE' },
    });
    expect((await call('GET', `/v1/messages/${parked[1]}`, shop.token)).body.status).toBe('cancelled');
    expect(
      (await ledger('919855555555')).map(({ payload }) => (payload as { text?: { body: string } }).text?.body),
    ).toEqual(expect.arrayContaining(['again']));
  });

  it("each merchant's messages leave from a number of its own, by a token of its own (S0.16)", async () => {
    const whatsappTemplate = {
      name: 'interactive_due_today',
      language: 'en',
      body: { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' },
    };
    const send = async ({ token }: Merchant): Promise<string> =>
      (await call('POST', '/v1/messages', token, { to: '919866666666', whatsappTemplate })).body.messageId;
    await fault({ kind: 'graph-error', code: 190, times: 1, match: { phoneNumberId: other.phoneNumberId } });
    const refused = await send(other);
    await until(
      async () => (await call('GET', '/v1/whatsapp/account', other.token)).body.status === 'credential_refused',
    );
    await untilStatus(await send(shop), 'read');
    expect((await ledger('919866666666')).map(({ phoneNumberId }) => phoneNumberId)).toEqual([shop.phoneNumberId]);
    expect((await call('GET', `/v1/messages/${refused}`, other.token)).body.status).toBe('queued');
  });
});
