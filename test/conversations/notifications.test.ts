import type { Role } from '../../src/kernel/access.js';
import {
  MuteConversation,
  UnmuteConversation,
} from '../../src/modules/conversations/application/notifications/mute-conversation.js';
import {
  NotificationSummary,
  type NotificationSummaryView,
} from '../../src/modules/conversations/application/notifications/notification-summary.js';
import { TellOfClosingWindows } from '../../src/modules/conversations/application/notifications/tell-of-closing-windows.js';
import { SendInConversation } from '../../src/modules/conversations/application/messages/send-in-conversation.js';
import { Commands, Queries } from '../../src/platform/cqrs/commands.js';
import { Inbox } from './inbox.js';
import { type PolicyCaller, type PolicyMerchant, plantMerchant } from './policy-cases.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('What people are told of', () => {
  let inbox: Inbox;
  let shop: PolicyMerchant;

  beforeEach(async () => {
    inbox = await Inbox.open();
    shop = await plantMerchant(inbox, 1);
    // Written an hour before the harness's clock began: all windows close at the same time.
    inbox.clock.advance(Date.parse('2026-11-21T12:00:00Z') - inbox.clock.now().getTime());
  });
  afterEach(() => inbox.close());

  const callerOf = (name: Role | 'API_KEY'): PolicyCaller => shop.callers.find((caller) => caller.name === name)!;
  const summary = (name: Role | 'API_KEY', ownOnly = false): Promise<NotificationSummaryView> => {
    const { access, userId } = callerOf(name);
    return inbox.in(shop.tenantId, () => inbox.get(Queries).execute(new NotificationSummary(access(ownOnly), userId)));
  };
  const command = <T>(work: Parameters<Commands['execute']>[0]): Promise<T> =>
    inbox.in(shop.tenantId, () => inbox.get(Commands).execute(work)) as Promise<T>;
  const told = (): Promise<{ payload: Record<string, unknown> }[]> =>
    inbox.sql(
      shop.tenantId,
      `select thread_id, user_id, payload from tenant_event where name = 'notification' order by position`,
    );

  it('is what is unread among the own and the free conversations of sales, and all that others see (S1.31, S1.65, S1.87, C52)', async () => {
    for (const { name, access } of shop.callers)
      for (const ownOnly of [false, true]) {
        const policy = access(ownOnly);
        const { unread, counts } = await summary(name, ownOnly);
        const heard = shop.threads.filter((thread) => policy.hearsOf(thread)).map(({ id }) => id);
        expect({
          name,
          ownOnly,
          ids: new Set(unread.map(({ conversationId }) => conversationId)),
          n: counts.unread,
        }).toEqual({ name, ownOnly, ids: new Set(heard), n: heard.length });
      }
  });

  it('is the windows of the own areas that close within three hours, critical within one (S1.31, S1.63, S1.64)', async () => {
    expect((await summary('SALES')).expiring).toEqual([]);
    // All wrote at 09:00: their windows close at 08:59 on the day after.
    inbox.clock.advance(Date.parse('2026-11-22T05:59:00Z') - inbox.clock.now().getTime());
    for (const { name, access } of shop.callers) {
      const { expiring, counts } = await summary(name);
      const seen = shop.threads.filter((thread) => access(false).sees(thread));
      expect({ name, ...counts }).toMatchObject({ name, expiring: seen.length, critical: 0 });
      expect(new Set(expiring.map(({ conversationId }) => conversationId))).toEqual(new Set(seen.map(({ id }) => id)));
      expect(new Set(expiring.map(({ severity }) => severity))).toEqual(new Set(['urgent']));
    }
    inbox.clock.advance(2 * HOUR);
    const { expiring, counts } = await summary('SALES');
    expect(counts.critical).toBe(counts.expiring);
    expect(expiring[0]).toMatchObject({ severity: 'critical', closesAt: new Date('2026-11-22T08:59:00Z') });
    inbox.clock.advance(HOUR);
    expect((await summary('SALES')).counts).toMatchObject({ expiring: 0, critical: 0 });
  });

  it('is nothing of what one has said oneself, nor of what is blocked (S1.32, S1.99)', async () => {
    inbox.clock.advance(Date.parse('2026-11-22T06:00:00Z') - inbox.clock.now().getTime());
    const { access, userId } = callerOf('SALES_TEAM_LEAD');
    const before = (await summary('SALES_TEAM_LEAD')).counts;
    const seen = shop.threads.filter((thread) => access(false).sees(thread));
    const [answered, blocked] = [seen[0]!, seen[1]!];
    const content = { type: 'text', body: 'Yes, gladly' } as const;
    await command(new SendInConversation(access(false), `user:${userId}`, answered.id, { content, sentBy: userId }));
    await inbox.sql(shop.tenantId, `update thread set status = 'blocked' where id = $1::uuid`, [blocked.id]);
    const mine = await summary('SALES_TEAM_LEAD');
    expect(mine.counts).toEqual({ expiring: before.expiring - 2, critical: 0, unread: before.unread - 2 });
    // Others are still told that its window closes: nobody but the sender had that word.
    const theirs = await summary('ADMIN');
    expect(theirs.expiring.map(({ conversationId }) => conversationId)).toContain(answered.id);
    expect(theirs.unread.map(({ conversationId }) => conversationId)).not.toContain(answered.id);
  });

  it('is nothing of a muted conversation for 30 minutes, and it again afterwards (S1.67)', async () => {
    const { access, userId } = callerOf('SALES');
    const { id } = shop.threads.find((thread) => access(false).hearsOf(thread))!;
    const isTold = async (name: Role): Promise<boolean> =>
      (await summary(name)).unread.some(({ conversationId }) => conversationId === id);
    const mute = (minutes: number): Promise<{ mutedUntil: Date }> =>
      command(new MuteConversation(access(false), userId!, id, minutes));
    const { mutedUntil } = await mute(30);
    expect(mutedUntil.getTime() - inbox.clock.now().getTime()).toBe(30 * MINUTE);
    expect([await isTold('SALES'), await isTold('ADMIN')]).toEqual([false, true]);
    inbox.clock.advance(30 * MINUTE - 1);
    expect(await isTold('SALES')).toBe(false);
    inbox.clock.advance(1);
    expect(await isTold('SALES')).toBe(true);
    await mute(10);
    await command(new UnmuteConversation(access(false), userId!, id));
    expect(await isTold('SALES')).toBe(true);
    expect((await told()).map(({ payload }) => payload['kind'])).toEqual(['muted', 'muted', 'unmuted']);
    const unseen = shop.threads.find((thread) => !access(false).sees(thread))!;
    await expect(command(new MuteConversation(access(false), userId!, unseen.id, 5))).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
  });

  it('is each closing window once at three hours and once at one, whatever runs again (S1.63, S1.64, S1.68)', async () => {
    const turn = (): Promise<{ nextAt: Date | undefined }> => command(new TellOfClosingWindows());
    const alerts = async (): Promise<unknown[]> => (await told()).map(({ payload }) => payload['severity']);
    expect((await turn()).nextAt).toEqual(new Date('2026-11-22T05:59:00Z'));
    inbox.clock.advance(Date.parse('2026-11-22T05:58:59.999Z') - inbox.clock.now().getTime());
    await turn();
    expect(await alerts()).toEqual([]);
    inbox.clock.advance(1);
    await Promise.all([turn(), turn()]);
    expect(await alerts()).toEqual(shop.threads.map(() => 'urgent'));
    expect((await turn()).nextAt).toEqual(new Date('2026-11-22T07:59:00Z'));
    inbox.clock.advance(2 * HOUR);
    expect((await turn()).nextAt).toBeUndefined();
    await turn();
    expect(await alerts()).toEqual([...shop.threads.map(() => 'urgent'), ...shop.threads.map(() => 'critical')]);
    expect((await told()).at(-1)!.payload).toMatchObject({
      kind: 'window-closing',
      severity: 'critical',
      closesAt: '2026-11-22T08:59:00.000Z',
    });
    inbox.clock.advance(2 * HOUR);
    await turn();
    expect(await inbox.sql(shop.tenantId, 'select 1 from window_alert')).toEqual([]);
  });

  it('wakes up when a window opens that was closed, and not with every message', async () => {
    const rings = async (): Promise<number> =>
      (
        await inbox.sql<{ n: number }>(
          shop.tenantId,
          `select count(*)::int as n from lane_ring where kind = 'window-alerts' and key = $1`,
          [shop.tenantId],
        )
      )[0]!.n;
    const write = (): Promise<string> => inbox.arrive(shop.tenantId, inbox.message({ waId: '919500000000' }, 'hello'));
    await write();
    await write();
    expect(await rings()).toBe(1);
    inbox.clock.advance(25 * HOUR);
    await write();
    expect(await rings()).toBe(2);
  });

  it('is asked for, muted and unmuted over HTTP', async () => {
    const { token } = callerOf('ADMIN');
    const { id } = shop.threads[0]!;
    const path = `/v1/conversations/${id}`;
    const key = callerOf('API_KEY').token;
    const unread = async (caller: string): Promise<number> =>
      (await inbox.call<NotificationSummaryView>('GET', '/v1/notifications/summary', caller)).body.counts.unread;
    expect(await inbox.call('POST', `${path}/mute`, key, {})).toMatchObject({
      status: 403,
      body: { code: 'ONLY_FOR_USERS' },
    });
    expect((await inbox.call('POST', `${path}/mute`, token, { minutes: 31 })).status).toBe(400);
    expect(await inbox.call('POST', `${path}/mute`, token, {})).toMatchObject({
      status: 200,
      body: { mutedUntil: new Date(inbox.clock.now().getTime() + 30 * MINUTE).toISOString() },
    });
    expect([await unread(token), await unread(key)]).toEqual([shop.threads.length - 1, shop.threads.length]);
    expect((await inbox.call('POST', `${path}/unmute`, token)).status).toBe(204);
    expect(await unread(token)).toBe(shop.threads.length);
    const other = await inbox.merchant();
    expect(await unread(other.apiKey)).toBe(0);
  });
});
