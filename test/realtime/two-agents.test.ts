import { InboxEvents } from '../../src/modules/conversations/application/inbox-events.js';
import { EnqueueMessage } from '../../src/modules/messaging/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Person, type Seen, type Shop } from './desk.js';

describe('Two agents and a handset see the same conversation as it happens (S0.89, S0.90, S1.8, S1.20)', () => {
  let desk: Desk;
  let shop: Shop;
  let [asha, ben]: [Person, Person] = [] as never;
  let [ashas, bens]: [Agent, Agent] = [] as never;
  let conversationId: string;
  const NUMBER = '501';

  beforeAll(async () => {
    desk = await Desk.open();
    shop = await desk.shop();
    const area = await desk.area(shop, 'Athens');
    await desk.number(shop, NUMBER, area);
    asha = await desk.person(shop, 'SALES_TEAM_LEAD', [area], 'Asha');
    ben = await desk.person(shop, 'SALES', [area], 'Ben');
    await desk.write(shop, NUMBER, 'first');
    await until(async () => (await desk.log(shop.token)).find(({ name }) => name === 'whatsapp-new-message'));
    const [thread] = await desk.sql<{ id: string }>(shop.tenantId, 'select id from thread');
    conversationId = thread!.id;
  });
  beforeEach(async () => {
    [ashas, bens] = await Promise.all([desk.agent(asha.token), desk.agent(ben.token)]);
  });
  afterEach(() => {
    ashas.socket.disconnect();
    bens.socket.disconnect();
  });
  afterAll(() => desk.close());

  const isFrom = (wamid: string) => (seen: Seen) => seen['wamid'] === wamid;

  it('tells both of each message as it comes, the same (S1.66)', async () => {
    for (let n = 0; n < 5; n++) {
      const wamid = await desk.write(shop, NUMBER, `message ${n}`);
      const [one, other] = await Promise.all(
        [ashas, bens].map((agent) => agent.until('whatsapp-new-message', isFrom(wamid))),
      );
      expect(one).toMatchObject({ conversationId, direction: 'INBOUND', preview: `message ${n}`, unreadIncrement: 1 });
      expect(one).toEqual(other);
    }
  });

  it('tells both of an answer and what became of it, in order (S0.87)', async () => {
    const { messageId } = await desk.get(TenantScope).run(shop.tenantId, () =>
      desk.get(Commands).execute(
        new EnqueueMessage({
          phoneNumberId: NUMBER,
          to: { kind: 'phone', value: '919876543210' } as never,
          content: { type: 'text', body: 'answer' },
          category: 'agent_reply',
          threadId: conversationId,
          sentBy: asha.id,
        }),
      ),
    );
    const shown = await bens.until('whatsapp-new-message', (seen) => seen['messageId'] === messageId);
    expect(shown).toMatchObject({ direction: 'OUTBOUND', actor: `user:${asha.id}`, unreadIncrement: 0 });
    await desk.call('POST', `/v1/messages/${messageId}/cancel`, shop.token);
    const status = await bens.until('whatsapp-message-status', (seen) => seen['messageId'] === messageId);
    expect(status).toMatchObject({ conversationId, status: 'cancelled' });
    expect(status.seq!).toBeGreaterThan(shown.seq!);
  });

  it('shows each who else looks at it, and who writes (C27)', async () => {
    expect(await ashas.say('viewing', { conversationId })).toMatchObject({
      conversationId,
      viewers: [{ userId: asha.id, name: 'Asha', typing: false }],
    });
    await bens.until('presence', ({ viewers }) => (viewers as unknown[]).length === 1);
    await bens.say('viewing', { conversationId });
    await ashas.until('presence', ({ viewers }) => (viewers as unknown[]).length === 2);
    expect(await bens.say('typing', { conversationId })).toEqual({ conversationId });
    await ashas.until('presence', ({ viewers }) =>
      (viewers as { name: string; typing: boolean }[]).some(({ name, typing }) => name === 'Ben' && typing),
    );
    bens.socket.disconnect();
    await ashas.until('presence', ({ viewers }) => {
      const names = (viewers as { name: string }[]).map(({ name }) => name);
      return names.join() === 'Asha' && ashas.named('presence').length > 2;
    });
    expect(await ashas.say('viewing', { conversationId: null })).toEqual({ conversationId: null });
    expect(await desk.sql(shop.tenantId, 'select 1 from thread_viewer')).toEqual([]);
  });

  it('does not count as unread what arrives while somebody has it open; reading it is told to the other (S0.91, S1.90, C27)', async () => {
    const unread = async (): Promise<number> =>
      (await desk.sql<{ n: number }>(shop.tenantId, 'select unread_count as n from thread'))[0]!.n;
    await bens.until('whatsapp-new-message', isFrom(await desk.write(shop, NUMBER, 'unread')));
    expect(await unread()).toBeGreaterThan(0);
    expect(await ashas.say('mark_read', { conversationId })).toEqual({ conversationId });
    const read = await bens.until('whatsapp-conversation-update');
    expect(read).toMatchObject({ conversationId, actor: `user:${asha.id}`, changed: { unreadCount: 0 } });
    await ashas.say('viewing', { conversationId });
    const seen = await bens.until('whatsapp-new-message', isFrom(await desk.write(shop, NUMBER, 'while open')));
    expect(seen).toMatchObject({ unreadIncrement: 0 });
    expect(await unread()).toBe(0);
    await ashas.say('viewing', { conversationId: null });
    const after = await bens.until('whatsapp-new-message', isFrom(await desk.write(shop, NUMBER, 'closed')));
    expect(after).toMatchObject({ unreadIncrement: 1 });
    expect(await unread()).toBe(1);
  });

  it('notifies those who hear of it, but not whoever did it, nor whoever has muted it (S1.32)', async () => {
    const notify = (kind: string, actor: string): Promise<void> =>
      desk.in(shop.tenantId, () =>
        desk.get(InboxEvents).notify([{ kind, threadId: conversationId, phoneNumberId: NUMBER, actor, details: {} }]),
      );
    await desk.sql(
      shop.tenantId,
      `insert into thread_mute (tenant_id, thread_id, user_id, muted_until) values ($1::uuid, $2::uuid, $3::uuid, now() + interval '30 minutes')`,
      [shop.tenantId, conversationId, ben.id],
    );
    const admin = await desk.agent(shop.token);
    await notify('one', `user:${asha.id}`);
    await admin.until('notification');
    admin.socket.disconnect();
    await desk.sql(shop.tenantId, 'delete from thread_mute');
    await notify('two', `user:${asha.id}`);
    await notify('three', `user:${ben.id}`);
    await bens.until('notification', ({ kind }) => kind === 'two');
    await ashas.until('notification', ({ kind }) => kind === 'three');
    expect(bens.named('notification').map(({ kind }) => kind)).toEqual(['two']);
    expect(ashas.named('notification').map(({ kind }) => kind)).toEqual(['three']);
  });

  it('tells whoever mutes it in all tabs, and the others nothing of it (S1.67)', async () => {
    const tab = await desk.agent(ben.token);
    expect((await desk.call('POST', `/v1/conversations/${conversationId}/mute`, ben.token)).status).toBeLessThan(300);
    await tab.until('notification', ({ kind }) => kind === 'muted');
    await desk.call('POST', `/v1/conversations/${conversationId}/unmute`, ben.token);
    await tab.until('notification', ({ kind }) => kind === 'unmuted');
    expect(ashas.named('notification')).toEqual([]);
    tab.socket.disconnect();
  });

  it('tells both of what was written on the phone (F12)', async () => {
    await desk.webhook(shop, 'smb_message_echoes', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: NUMBER },
      message_echoes: [
        {
          from: '15550783881',
          to: '919876543210',
          id: 'wamid.by-hand',
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'text',
          text: { body: 'By hand' },
        },
      ],
    });
    for (const agent of [ashas, bens])
      expect(await agent.until('whatsapp-message-echo')).toMatchObject({
        conversationId,
        preview: 'By hand',
        unreadIncrement: 0,
      });
  });

  it('tells of an assignment to whom it should: both see the change, the new assignee is notified (C62)', async () => {
    expect(
      (await desk.call('POST', `/v1/conversations/${conversationId}/assign`, asha.token, { userId: ben.id })).status,
    ).toBe(204);
    for (const agent of [ashas, bens])
      expect(
        await agent.until('whatsapp-conversation-update', ({ changed }) => 'assigneeId' in (changed as object)),
      ).toMatchObject({ conversationId, actor: `user:${asha.id}`, changed: { assigneeId: ben.id } });
    await bens.until('notification', ({ kind }) => kind === 'assigned');
    expect(ashas.named('notification')).toEqual([]);
  });

  it('is complete after a line that was cut: the socket and the log together miss nothing and repeat nothing', async () => {
    const before = await desk.write(shop, NUMBER, 'before');
    await bens.until('whatsapp-new-message', isFrom(before));
    bens.socket.io.engine.close();
    const missed = [await desk.write(shop, NUMBER, 'missed 1'), await desk.write(shop, NUMBER, 'missed 2')];
    await ashas.until('whatsapp-new-message', isFrom(missed[1]!));
    const again = await desk.agent(ben.token);
    const last = bens.numbered.at(-1)!.seq!;
    const caught = await desk.log(ben.token, last);
    const later = await desk.write(shop, NUMBER, 'later');
    await again.until('whatsapp-new-message', isFrom(later));
    const all = [...bens.numbered, ...caught, ...again.numbered];
    const once = [...new Map(all.map((event) => [event.seq, event])).values()];
    expect(once.map(({ seq }) => seq)).toEqual(once.map(({ seq }) => seq!).sort((a, b) => a - b));
    const wamids = once.flatMap(({ wamid }) => (typeof wamid === 'string' ? [wamid] : []));
    expect(wamids).toEqual([before, ...missed, later]);
    again.socket.disconnect();
  });
});
