import { PLATFORM_KEY } from '../setup/config.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Person, type Seen, type Shop } from './desk.js';

const PATIENCE = 30_000;

/** Somebody whose conversation it is, and who has it open. */
interface Worker extends Person {
  readonly agent: Agent;
  readonly conversationId: string;
  readonly customer: string;
}

interface Shown {
  readonly unreadCount: number;
  readonly assignee: { readonly id: string } | null;
}

describe('Whoever sees a conversation no more is told nothing more of it (C28, C52)', () => {
  let desk: Desk;
  let shop: Shop;
  let witness: Agent;
  let [athens, crete]: [string, string] = [] as never;
  let customers = 0;
  const NUMBER = '601';

  beforeAll(async () => {
    desk = await Desk.open();
    shop = await desk.shop();
    [athens, crete] = [await desk.area(shop, 'Athens'), await desk.area(shop, 'Crete')];
    await desk.number(shop, NUMBER, athens);
    witness = await desk.agent(shop.token);
  });
  afterAll(() => desk.close());

  const of =
    (conversationId: string) =>
    (seen: Seen): boolean =>
      seen.conversationId === conversationId;

  async function writes(customer: string): Promise<string> {
    const wamid = await desk.write(shop, NUMBER, 'hello', customer);
    const told = await witness.until('whatsapp-new-message', (seen) => seen['wamid'] === wamid, PATIENCE);
    return told.conversationId!;
  }
  const assign = async (conversationId: string, userId: string | null): Promise<void> =>
    void expect(
      (await desk.call('POST', `/v1/conversations/${conversationId}/assign`, shop.token, { userId })).status,
    ).toBe(204);
  const change = async (method: string, path: string, body?: object): Promise<void> =>
    void expect((await desk.call(method, path, shop.token, body)).status).toBeLessThan(300);
  const viewersSeen = (conversationId: string): unknown[] | undefined =>
    witness.named('presence').findLast((seen) => seen.conversationId === conversationId)?.['viewers'] as
      unknown[] | undefined;
  const show = async (conversationId: string): Promise<Shown> =>
    (await desk.call<Shown>('GET', `/v1/conversations/${conversationId}`, shop.token)).body;

  async function working(role = 'SALES', areas: readonly string[] = [athens]): Promise<Worker> {
    const person = await desk.person(shop, role, areas);
    const customer = `9198765${String(++customers).padStart(5, '0')}`;
    const conversationId = await writes(customer);
    await assign(conversationId, person.id);
    const agent = await desk.agent(person.token);
    await agent.say('viewing', { conversationId });
    await until(() => viewersSeen(conversationId)?.length === 1, { within: PATIENCE });
    return { ...person, agent, conversationId, customer };
  }

  const isTakenFrom = ({ conversationId }: Worker): Promise<unknown> =>
    witness.until(
      'whatsapp-conversation-update',
      (seen) => of(conversationId)(seen) && (seen['changed'] as { assigneeId?: unknown }).assigneeId === null,
      PATIENCE,
    );

  async function isShownToNobody({ conversationId, customer }: Worker): Promise<void> {
    await until(() => viewersSeen(conversationId)?.length === 0, { within: PATIENCE });
    expect((await show(conversationId)).unreadCount).toBe(0);
    await writes(customer);
    expect((await show(conversationId)).unreadCount).toBe(1);
  }

  describe('works on it no more, and views it no more (S1.25, S1.90, S1.98):', () => {
    it.each<[string, (worker: Worker) => Promise<void>]>([
      ['whose area was taken', ({ id }) => change('PATCH', `/v1/users/${id}`, { areas: [crete] })],
      ['whose number moved', () => change('PATCH', `/v1/whatsapp/phone-numbers/${NUMBER}`, { areaId: crete })],
    ])('%s', async (_, happens) => {
      const worker = await working();
      const { agent, conversationId, token } = worker;
      await happens(worker);
      await isTakenFrom(worker);
      const left = await agent.until(
        'whatsapp-conversation-update',
        (seen) => seen['left'] === true && of(conversationId)(seen),
        PATIENCE,
      );
      await isShownToNobody(worker);
      expect((await show(conversationId)).assignee).toBeNull();

      const after = agent.numbered.filter(({ seq }) => seq! > left.seq!);
      expect(after.filter(of(conversationId))).toEqual([]);
      expect((await desk.log(token)).filter(of(conversationId))).toEqual([
        expect.objectContaining({ seq: left.seq, left: true }),
      ]);
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/messages'],
        ['POST', '/read'],
      ] as const)
        expect((await desk.call(method, `/v1/conversations/${conversationId}${path}`, token)).status).toBe(404);
      expect(await agent.say('viewing', { conversationId })).toMatchObject({
        error: { code: 'CONVERSATION_NOT_FOUND' },
      });
      const { body } = await desk.call<{ data: { id: string }[] }>('GET', '/v1/conversations', token);
      expect(body.data.map(({ id }) => id)).not.toContain(conversationId);
      await change('PATCH', `/v1/whatsapp/phone-numbers/${NUMBER}`, { areaId: athens });
    });

    it('who has another role: he logs in again, and sees what it sees', async () => {
      const worker = await working('DEVELOPER', []);
      await change('PATCH', `/v1/users/${worker.id}`, { role: 'SALES' });
      await until(() => worker.agent.socket.disconnected, { within: PATIENCE });
      expect(worker.agent.seen.at(-1)!.event).toBe('session-ended');
      await isTakenFrom(worker);
      await isShownToNobody(worker);
      expect((await desk.call('GET', '/v1/events', worker.token)).status).toBe(401);
      const { token } = await desk.logIn(worker.email);
      expect((await desk.log(token)).filter(of(worker.conversationId))).toMatchObject([{ left: true }]);
      expect((await desk.call('GET', `/v1/conversations/${worker.conversationId}`, token)).status).toBe(404);
    });

    it('who was disabled', async () => {
      const worker = await working();
      await change('POST', `/v1/users/${worker.id}/disable`);
      await until(() => worker.agent.socket.disconnected, { within: PATIENCE });
      expect(worker.agent.seen.at(-1)!.event).toBe('session-ended');
      await isTakenFrom(worker);
      await isShownToNobody(worker);
      expect((await desk.call('GET', '/v1/events', worker.token)).status).toBe(401);
    });
  });

  it('who works in every area keeps it, whatever other areas he is given or loses (S1.23, C51)', async () => {
    const everywhere = await desk.area(shop, 'all');
    const worker = await working('SALES', [everywhere, athens]);
    await change('PATCH', `/v1/users/${worker.id}`, { areas: [everywhere] });
    const other = await working();
    await change('PATCH', `/v1/users/${other.id}`, { areas: [crete] });
    // Reactions are told in the order of what they react to.
    await isTakenFrom(other);
    expect((await show(worker.conversationId)).assignee?.id).toBe(worker.id);
    expect(viewersSeen(worker.conversationId)).toHaveLength(1);
    await writes(worker.customer);
    expect((await show(worker.conversationId)).unreadCount).toBe(0);
    await assign(worker.conversationId, null);
    await assign(worker.conversationId, worker.id);
  });

  it('who sees his own alone views it no more when it becomes another’s (S1.29)', async () => {
    const settings = { salesAssignedOnly: true, readReceipts: 'never', botPauseMinutes: 0 };
    await change('PUT', '/v1/inbox-settings', settings);
    const worker = await working();
    await assign(worker.conversationId, null);
    await worker.agent.until('whatsapp-conversation-update', ({ left }) => left === true, PATIENCE);
    await isShownToNobody(worker);
    expect((await desk.call('GET', `/v1/conversations/${worker.conversationId}`, worker.token)).status).toBe(404);
    await change('PUT', '/v1/inbox-settings', { ...settings, salesAssignedOnly: false });
    await worker.agent.until('access-changed', () => worker.agent.named('access-changed').length > 0, PATIENCE);
    await until(
      () =>
        worker.agent.say('viewing', { conversationId: worker.conversationId }).then((answer) => 'viewers' in answer),
      { within: PATIENCE },
    );
  });

  it('whose session was ended keeps his work, but views nothing', async () => {
    const worker = await working();
    await desk.call('POST', '/v1/auth/logout', worker.token, { refreshToken: worker.refreshToken });
    await until(() => worker.agent.socket.disconnected, { within: PATIENCE });
    await isShownToNobody(worker);
    expect((await show(worker.conversationId)).assignee?.id).toBe(worker.id);
    expect((await desk.call('GET', `/v1/conversations/${worker.conversationId}`, worker.token)).status).toBe(401);
  });

  it('all of a tenant that is suspended, until it goes on', async () => {
    const worker = await working();
    const suspend = async (act: string): Promise<void> =>
      void expect(
        (await desk.call('POST', `/v1/tenants/${shop.tenantId}/${act}`, PLATFORM_KEY, { reason: 'unpaid' })).status,
      ).toBeLessThan(300);
    await suspend('suspend');
    for (const { socket } of [worker.agent, witness]) await until(() => socket.disconnected, { within: PATIENCE });
    expect(worker.agent.seen.at(-1)!.event).toBe('session-ended');
    for (const path of ['/v1/events', `/v1/conversations/${worker.conversationId}`])
      expect((await desk.call('GET', path, worker.token)).body).toMatchObject({ code: 'TENANT_SUSPENDED' });
    const refused = desk.socket(worker.token);
    const error = await new Promise((resolve) => refused.once('connect_error', resolve));
    expect(error).toMatchObject({ data: { code: 'TENANT_SUSPENDED' } });
    await suspend('resume');
    expect((await show(worker.conversationId)).assignee?.id).toBe(worker.id);
    expect(await desk.sql(shop.tenantId, 'select 1 from thread_viewer')).toEqual([]);
  });
});
