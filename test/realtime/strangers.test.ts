import { SignJWT } from 'jose';
import { accessTokenKey } from '../../src/modules/tenants/infrastructure/jwt-access-tokens.js';
import { newId } from '../../src/kernel/ids.js';
import { LOOK_MS } from '../../src/modules/conversations/infrastructure/realtime/access-watch.js';
import { InboxEvents } from '../../src/modules/conversations/application/inbox-events.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Person, type Shop } from './desk.js';

describe('A socket gives away nothing and takes nothing that is not its holder’s (F53)', () => {
  let desk: Desk;
  let [ours, theirs]: [Shop, Shop] = [] as never;
  let lead: Person;
  let agent: Agent;
  let conversationId: string;

  beforeAll(async () => {
    desk = await Desk.open();
    [ours, theirs] = [await desk.shop(), await desk.shop()];
    const area = await desk.area(ours, 'Athens');
    conversationId = await desk.thread(ours, await desk.number(ours, '701', area));
    await desk.number(theirs, '702');
    lead = await desk.person(ours, 'SALES_TEAM_LEAD', [area]);
    agent = await desk.agent(lead.token);
  });
  afterAll(() => desk.close());

  const refusal = (
    token: unknown,
    options: object = {},
    namespace = '',
  ): Promise<{ message: string; data?: { code: string } }> =>
    new Promise((resolve, reject) => {
      const socket = desk.socket(token, { ...options }, undefined, namespace);
      socket.on('connect_error', (error) => resolve(error as never));
      socket.on('connect', () => reject(new Error('It was let in')));
    });
  const ended = (one: Agent): Promise<unknown> =>
    until(() => one.socket.disconnected && one.seen.at(-1)!.event, { within: 30_000 });

  it('refuses who does not say who they are, or says it wrongly', async () => {
    for (const token of [undefined, '', 'nonsense', 7, {}, 'nd_no-such-key', 'x'.repeat(5000), `${lead.token}x`])
      expect(await refusal(token)).toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    const { body } = await desk.call<{ key: string }>('POST', '/v1/api-keys', ours.token, {
      name: 'messages only',
      scopes: ['messages:read'],
    });
    expect(await refusal(body.key)).toMatchObject({ data: { code: 'FORBIDDEN' } });
  });

  it('refuses namespaces that it does not have', async () => {
    for (const namespace of ['/admin', `/${ours.tenantId}`])
      expect((await refusal(lead.token, {}, namespace)).message).toBe('Invalid namespace');
  });

  it('refuses pages of other hosts, over either transport', async () => {
    for (const transports of [['websocket'], ['polling']])
      for (const origin of ['https://evil.example', 'null', 'not a url'])
        expect(await refusal(lead.token, { transports, extraHeaders: { origin } })).toBeInstanceOf(Error);
    const own = await desk.agent(lead.token, { extraHeaders: { origin: desk.urls[0]! } });
    own.socket.disconnect();
    const polling = await desk.agent(lead.token, { transports: ['polling'] });
    polling.socket.disconnect();
  });

  it('hears nothing of another tenant, and can touch nothing of theirs', async () => {
    const foreign = await desk.agent(theirs.token);
    for (const event of ['mark_read', 'viewing', 'typing'])
      expect(await foreign.say(event, { conversationId })).toMatchObject({ error: { code: 'CONVERSATION_NOT_FOUND' } });
    expect(JSON.stringify(await foreign.say('join-whatsapp-room', `number:701`))).not.toContain('701');
    for (const shop of [ours, theirs])
      await desk.in(shop.tenantId, () =>
        desk.get(InboxEvents).notify([{ kind: `canary-${shop.wabaId}`, details: {} }]),
      );
    await agent.until('notification');
    await foreign.until('notification');
    expect(agent.named('notification').map(({ kind }) => kind)).toEqual([`canary-${ours.wabaId}`]);
    expect(foreign.named('notification').map(({ kind }) => kind)).toEqual([`canary-${theirs.wabaId}`]);
    expect((await desk.log(theirs.token)).map(({ kind }) => kind)).toEqual([`canary-${theirs.wabaId}`]);
    foreign.socket.disconnect();
  });

  it('answers bad input with a code, and goes on', async () => {
    for (const payload of [undefined, null, 7, 'x', [], {}, { conversationId: 7 }, { conversationId: 'x\0' }])
      for (const event of ['mark_read', 'typing'])
        expect(await agent.say(event, payload)).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await agent.say('viewing', { conversationId: newId() })).toMatchObject({
      error: { code: 'CONVERSATION_NOT_FOUND' },
    });
    expect(await agent.say('typing', { conversationId })).toMatchObject({ error: { code: 'CONVERSATION_NOT_OPEN' } });
  });

  it('lets a program hear what its key may read, and do nothing that it may not', async () => {
    const { body } = await desk.call<{ key: string }>('POST', '/v1/api-keys', ours.token, {
      name: 'reads',
      scopes: ['conversations:read'],
    });
    const reader = await desk.agent(body.key);
    expect(await reader.say('join-whatsapp-room')).toMatchObject({ rooms: expect.arrayContaining(['number:701']) });
    for (const event of ['mark_read', 'typing'])
      expect(await reader.say(event, { conversationId })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    for (const payload of [{ conversationId }, { conversationId: null }])
      expect(await reader.say('viewing', payload)).toMatchObject(
        payload.conversationId === null ? { conversationId: null } : { error: { code: 'FORBIDDEN' } },
      );
    reader.socket.disconnect();
  });

  it('says nothing to who asks for no answer, and goes on', async () => {
    agent.socket.emit('mark_read', { conversationId: 7 });
    agent.socket.emit('no-such-event', { conversationId });
    expect(await agent.say('mark_read', { conversationId })).toEqual({ conversationId });
    expect(agent.seen.map(({ event }) => event)).not.toContain('exception');
  });

  it('holds who says too much to a limit', async () => {
    const chatty = await desk.agent(lead.token);
    const answers = await Promise.all(Array.from({ length: 60 }, () => chatty.say('join-whatsapp-room')));
    const refused = answers.filter(
      (answer) => (answer['error'] as { code?: string } | undefined)?.code === 'RATE_LIMITED',
    );
    expect(refused.length).toBeGreaterThanOrEqual(20);
    chatty.socket.disconnect();
  });

  it('cuts off who sends a frame of a megabyte', async () => {
    const loud = await desk.agent(lead.token);
    loud.socket.emit('typing', { conversationId: 'x'.repeat(1024 * 1024) });
    await until(() => loud.socket.disconnected);
  });

  it('sends away within five seconds whose session was ended, who was disabled, whose key was revoked', async () => {
    const leaver = await desk.logIn(lead.email);
    const one = await desk.agent(leaver.token);
    await desk.call('POST', '/v1/auth/logout', leaver.token, { refreshToken: leaver.refreshToken });
    expect(await ended(one)).toBe('session-ended');
    expect(LOOK_MS).toBeLessThan(5000);
    const { body: key } = await desk.call<{ id: string; key: string }>('POST', '/v1/api-keys', ours.token, {
      name: 'inbox',
      scopes: ['conversations:read'],
    });
    const program = await desk.agent(key.key);
    await desk.call('DELETE', `/v1/api-keys/${key.id}`, ours.token);
    expect(await ended(program)).toBe('session-ended');
    expect(agent.socket.connected).toBe(true);
  });

  it('sends away whose token ends', async () => {
    const claims = JSON.parse(Buffer.from(lead.token.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const now = Math.floor(Date.now() / 1000);
    const short = await new SignJWT({ ...claims, iat: now, exp: now + 2 })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(accessTokenKey('test-jwt-secret-0123456789-0123456789'));
    const one = await desk.agent(short);
    expect(['token-expired', 'session-ended']).toContain(await ended(one));
    expect(await refusal(short)).toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
  });
});
