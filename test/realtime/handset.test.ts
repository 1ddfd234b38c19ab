import { type RunningSandbox, startSandbox } from '../../src/sandbox/start-sandbox.js';
import { APP_SECRET, VERIFY_TOKEN } from '../setup/config.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Person, type Seen, type Shop } from './desk.js';

const PATIENCE = 30_000;
const [MAIN, BRANCH] = ['200000000001', '200000000002'];
/** Statuses that a customer's phone causes, after those of the house itself. */
const FROM_THE_PHONE = ['sent', 'delivered', 'read'];

describe('Two agents and a handset, with WhatsApp between them as the sandbox plays it', () => {
  let sandbox: RunningSandbox;
  let desk: Desk;
  let shop: Shop;
  let [asha, ben, carla]: [Person, Person, Person] = [] as never;
  let [ashas, bens, carlas]: [Agent, Agent, Agent] = [] as never;
  let [athens, crete]: [string, string] = [] as never;
  let [customers, texts] = [0, 0];

  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, appId: '1', appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN });
    desk = await Desk.open({ WHATSAPP_GRAPH_URL: sandbox.url, SANDBOX: '1' });
    sandbox.deliverWebhooksTo(`${desk.urls[0]}/whatsapp/webhook`);
    shop = await desk.shop();
    [athens, crete] = [await desk.area(shop, 'Athens'), await desk.area(shop, 'Crete')];
    for (const phoneNumberId of [MAIN, BRANCH]) {
      await change('POST', '/v1/whatsapp/connect', { wabaId: '100000000001', phoneNumberId, accessToken: 'mock_shop' });
      await change('PATCH', `/v1/whatsapp/phone-numbers/${phoneNumberId}`, { areaId: athens });
    }
    asha = await desk.person(shop, 'SALES_TEAM_LEAD', [athens], 'Asha');
    ben = await desk.person(shop, 'SALES', [athens], 'Ben');
    carla = await desk.person(shop, 'SALES', [crete], 'Carla');
  });
  beforeEach(async () => {
    [ashas, bens, carlas] = await Promise.all([desk.agent(asha.token), desk.agent(ben.token), desk.agent(carla.token)]);
  });
  afterEach(() => [ashas, bens, carlas].forEach(({ socket }) => socket.disconnect()));
  afterAll(async () => {
    await desk.close();
    await sandbox.close();
  });

  async function change(
    method: string,
    path: string,
    body?: object,
    token = shop.token,
  ): Promise<Record<string, unknown>> {
    const answer = await desk.call(method, path, token, body);
    expect({ path, ok: answer.status < 300, body: answer.body }).toMatchObject({ path, ok: true });
    return answer.body;
  }

  async function onThePhone<Body>(path: string, body: object): Promise<Body> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.url}/sandbox/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as Body;
  }
  const writes = async (customer: string, text: string, phoneNumberId = MAIN): Promise<string> =>
    (await onThePhone<{ wamid: string }>(`handsets/${customer}/messages`, { phoneNumberId, text })).wamid;
  const newcomer = (): string => `91987654${String(++customers).padStart(4, '0')}`;
  const isFrom = (wamid: string) => (seen: Seen) => seen['wamid'] === wamid;
  const of = (conversationId: string) => (seen: Seen) => seen.conversationId === conversationId;

  /** A customer who has written. */
  async function conversation(phoneNumberId = MAIN): Promise<{ customer: string; conversationId: string }> {
    const customer = newcomer();
    const wamid = await writes(customer, 'Good day', phoneNumberId);
    const shown = await Promise.all(
      [ashas, bens].map((one) => one.until('whatsapp-new-message', isFrom(wamid), PATIENCE)),
    );
    expect(shown[0]).toEqual(shown[1]);
    return { customer, conversationId: shown[0]!.conversationId! };
  }

  /** @returns the message's id */
  async function answers({ token }: Person, conversationId: string): Promise<string> {
    const text = `Answer ${++texts}`;
    return (await change('POST', `/v1/conversations/${conversationId}/messages`, { type: 'text', text }, token))[
      'id'
    ] as string;
  }
  const isRead = (agent: Agent, messageId: string): Promise<Seen> =>
    agent.until(
      'whatsapp-message-status',
      (seen) => seen['messageId'] === messageId && seen['status'] === 'read',
      PATIENCE,
    );

  it('an answer is seen by both as it is sent, delivered and read, in this order, and by nobody else (S0.87, S0.89, S1.8, S1.20)', async () => {
    const { customer, conversationId } = await conversation();
    const messageId = await answers(asha, conversationId);
    for (const agent of [ashas, bens]) {
      await isRead(agent, messageId);
      const told = agent.numbered.filter((seen) => seen['messageId'] === messageId);
      expect(told[0]).toMatchObject({
        event: 'whatsapp-new-message',
        conversationId,
        direction: 'OUTBOUND',
        actor: `user:${asha.id}`,
        unreadIncrement: 0,
      });
      const statuses = told.slice(1).map(({ status }) => status as string);
      expect(statuses.filter((status) => FROM_THE_PHONE.includes(status))).toEqual(FROM_THE_PHONE);
      expect(statuses.slice(-3)).toEqual(FROM_THE_PHONE);
      expect(new Set(statuses).size).toBe(statuses.length);
      const seqs = agent.numbered.map(({ seq }) => seq!);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(agent.named('notification').filter(({ actor }) => actor === `user:${asha.id}`)).toEqual([]);
    }
    const phone = await fetch(`${sandbox.url}/sandbox/handsets/${customer}/messages`);
    const { data } = (await phone.json()) as { data: object[] };
    expect(data).toContainEqual(
      expect.objectContaining({ direction: 'received', text: `Answer ${texts}`, status: 'read' }),
    );
    expect(carlas.numbered).toEqual([]);
    expect((await desk.log(carla.token)).filter(of(conversationId))).toEqual([]);
  });

  it('what the customer answers is unread to those who do not look, and to nobody while somebody does (S0.90, S1.66, S1.90)', async () => {
    const { customer, conversationId } = await conversation();
    const unread = await writes(customer, 'Are you there?');
    expect(await bens.until('whatsapp-new-message', isFrom(unread), PATIENCE)).toMatchObject({
      direction: 'INBOUND',
      preview: 'Are you there?',
      unreadIncrement: 1,
    });
    await ashas.say('viewing', { conversationId });
    await bens.until(
      'whatsapp-conversation-update',
      (seen) => of(conversationId)(seen) && (seen['changed'] as object & { unreadCount?: number }).unreadCount === 0,
      PATIENCE,
    );
    await bens.until('presence', of(conversationId), PATIENCE);
    expect(await ashas.say('typing', { conversationId })).toEqual({ conversationId });
    const isTyping = (seen: Seen): boolean =>
      (seen['viewers'] as { name: string; typing: boolean }[]).some(({ name, typing }) => name === 'Asha' && typing);
    await bens.until('presence', (seen) => of(conversationId)(seen) && isTyping(seen), PATIENCE);
    const open = await writes(customer, 'I am waiting');
    expect(await bens.until('whatsapp-new-message', isFrom(open), PATIENCE)).toMatchObject({ unreadIncrement: 0 });
    const { body } = await desk.call('GET', `/v1/conversations/${conversationId}`, ben.token);
    expect(body).toMatchObject({ unreadCount: 0 });
    expect(carlas.seen.map(({ event }) => event)).toEqual(['hello']);
  });

  it('what is written on the merchant’s own phone is seen by both, and unread to nobody (F12)', async () => {
    const { customer, conversationId } = await conversation();
    const { id } = await onThePhone<{ id: string }>(`numbers/${MAIN}/echoes`, { to: customer, text: 'By hand' });
    for (const agent of [ashas, bens])
      expect(await agent.until('whatsapp-message-echo', isFrom(id), PATIENCE)).toMatchObject({
        conversationId,
        direction: 'OUTBOUND',
        preview: 'By hand',
        unreadIncrement: 0,
      });
    expect(carlas.numbered).toEqual([]);
  });

  it('who mutes it is told of it in all his tabs, and nobody else; who is given it is notified, and the others see it (S1.31, S1.32, S1.67)', async () => {
    const { conversationId } = await conversation();
    const tab = await desk.agent(ben.token);
    await change('POST', `/v1/conversations/${conversationId}/mute`, undefined, ben.token);
    for (const own of [bens, tab]) await own.until('notification', ({ kind }) => kind === 'muted', PATIENCE);
    await change('POST', `/v1/conversations/${conversationId}/assign`, { userId: ben.id }, asha.token);
    for (const agent of [ashas, bens, tab])
      await agent.until(
        'whatsapp-conversation-update',
        (seen) => of(conversationId)(seen) && (seen['changed'] as { assigneeId?: string }).assigneeId === ben.id,
        PATIENCE,
      );
    for (const own of [bens, tab]) await own.until('notification', ({ kind }) => kind === 'assigned', PATIENCE);
    expect(ashas.named('notification')).toEqual([]);
    expect(carlas.numbered).toEqual([]);
    tab.socket.disconnect();
  });

  it('whose line was cut catches up: complete, in order, nothing twice, and nothing of what he sees no more (S1.20, S1.98)', async () => {
    const [kept, lost] = [await conversation(), await conversation(BRANCH)];
    const after = ashas.numbered.at(-1)!.seq!;
    await until(() => bens.numbered.at(-1)!.seq === after, { within: PATIENCE });

    bens.socket.io.engine.close();
    await until(() => bens.socket.disconnected);
    await change('PATCH', `/v1/whatsapp/phone-numbers/${BRANCH}`, { areaId: crete });
    const messageId = await answers(asha, kept.conversationId);
    await writes(kept.customer, 'While he was away');
    const unseen = await writes(lost.customer, 'For Crete', BRANCH);
    await carlas.until('whatsapp-new-message', isFrom(unseen), PATIENCE);
    await isRead(ashas, messageId);

    // It goes on happening while he comes back.
    const meanwhile = Promise.all(['one', 'two', 'three'].map((text) => writes(kept.customer, text)));
    bens.socket.connect();
    await until(() => bens.named('hello').length === 2, { within: PATIENCE });
    const caughtUp = await desk.log(ben.token, after);
    const last = await writes(kept.customer, 'four');
    for (const wamid of [...(await meanwhile), last]) {
      await ashas.until('whatsapp-new-message', isFrom(wamid), PATIENCE);
      await until(() => [...caughtUp, ...bens.numbered].some(isFrom(wamid)), { within: PATIENCE });
    }

    const live = bens.numbered.filter(({ seq }) => seq! > after);
    const hello = bens.named('hello').at(-1)!.seq!;
    expect(live.every(({ seq }) => seq! > hello)).toBe(true);
    const both = new Map([...caughtUp, ...live].map((seen) => [seen.seq!, seen]));
    const end = live.at(-1)!.seq!;
    const truth = (await desk.log(asha.token, after)).filter(({ seq, name }) => seq! <= end && name !== 'notification');
    expect(truth.every(of(kept.conversationId))).toBe(true);
    const shown = [...both.values()].filter((seen) => (seen['name'] ?? seen.event) !== 'notification');
    expect(shown.map(({ seq }) => seq)).toEqual(truth.map(({ seq }) => seq));
    for (const list of [caughtUp, live]) {
      const seqs = list.map(({ seq }) => seq!);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    }
    expect([...both.values()].some(of(lost.conversationId))).toBe(false);
    await change('PATCH', `/v1/whatsapp/phone-numbers/${BRANCH}`, { areaId: athens });
  });

  it('a window that closes is told as it closes: to those of its area, to sales of their own and of nobody’s (S1.31, S1.68)', async () => {
    const [nobodys, ashasOwn] = [await conversation(), await conversation()];
    await change('POST', `/v1/conversations/${ashasOwn.conversationId}/assign`, { userId: asha.id });
    const inAWhile = new Date(Date.now() + 21.5 * 3_600_000).toISOString();
    await change('POST', '/sandbox/clock', { now: inAWhile });
    const closing = (agent: Agent): (string | undefined)[] =>
      agent
        .named('notification')
        .flatMap(({ kind, conversationId }) => (kind === 'window-closing' ? [conversationId] : []));
    const isClosing =
      ({ conversationId }: { conversationId: string }) =>
      (seen: Seen) =>
        seen['kind'] === 'window-closing' && seen.conversationId === conversationId;
    await ashas.until('notification', isClosing(ashasOwn), PATIENCE);
    const told = await ashas.until('notification', isClosing(nobodys), PATIENCE);
    expect(told).toMatchObject({ severity: 'urgent', actor: null });
    expect(await bens.until('notification', isClosing(nobodys), PATIENCE)).toEqual(told);
    expect((await desk.log(ben.token)).filter(isClosing(ashasOwn))).toEqual([]);
    await until(async () => bens.numbered.at(-1)!.seq === (await desk.log(ben.token)).at(-1)!.seq, {
      within: PATIENCE,
    });
    expect(closing(bens)).not.toContain(ashasOwn.conversationId);
    expect(closing(carlas)).toEqual([]);
  });
});
