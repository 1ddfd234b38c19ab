import { newId } from '../../src/kernel/ids.js';
import { InboxAccess, type ThreadFacts } from '../../src/kernel/inbox-access.js';
import { NumberTenantEvents } from '../../src/platform/realtime/number-tenant-events.js';
import { type NewTenantEvent, TenantEvents } from '../../src/platform/realtime/tenant-events.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Shop } from './desk.js';

interface Holder {
  readonly who: string;
  readonly access: InboxAccess;
  readonly userId: string | undefined;
  readonly token: string;
}

/** What happened, and whom the policy lets know. */
interface Happening {
  readonly event: NewTenantEvent;
  readonly thread?: ThreadFacts;
  readonly areaId?: string | null;
}

describe('Sockets and the event log tell each exactly what the policy lets them see (S1.22, S1.25, S1.26, S1.27, S1.28, S1.31, S1.32, S1.98, C28)', () => {
  let desk: Desk;
  let shop: Shop;
  const holders: Holder[] = [];
  const happenings: Happening[] = [];
  const agents = new Map<string, Agent>();

  beforeAll(async () => {
    desk = await Desk.open();
    shop = await desk.shop();
    const [athens, crete] = [await desk.area(shop, 'Athens'), await desk.area(shop, 'Crete')];
    await desk.sql(shop.tenantId, 'update tenant set sales_assigned_only = false');
    const numbers = new Map<string, string | null>([
      [await desk.number(shop, '601', athens), athens],
      [await desk.number(shop, '602', crete), crete],
      [await desk.number(shop, '603'), null],
    ]);
    const reaches = [[], [athens], [athens, crete]];
    for (const role of ['ADMIN', 'DEVELOPER', 'SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN'] as const)
      for (const areas of reaches) {
        const { id, token } = await desk.person(shop, role, areas);
        holders.push({
          who: `${role} of ${areas.length} areas`,
          access: InboxAccess.of({ role, userId: id, areas, salesAssignedOnly: true }),
          userId: id,
          token,
        });
      }
    holders.push({ who: 'API key', access: InboxAccess.of({ areas: 'all' }), userId: undefined, token: shop.apiKey });
    await desk.sql(shop.tenantId, 'update tenant set sales_assigned_only = true');

    const sales = holders.filter(({ who }) => who.startsWith('SALES of')).map(({ userId }) => userId!);
    for (const [phoneNumberId, areaId] of numbers) {
      for (const [assigneeId, participantIds] of [
        [null, []],
        [sales[1]!, []],
        [null, [sales[1]!, sales[2]!]],
        [sales[2]!, [sales[1]!]],
      ] as const) {
        const threadId = await desk.thread(shop, phoneNumberId, {
          ...(assigneeId !== null && { assigneeId }),
          participantIds,
        });
        const thread = { areaId, assigneeId, participantIds };
        const about = { phoneNumberId, threadId };
        happenings.push({ thread, event: { ...about, name: 'whatsapp-new-message', payload: {} } });
        happenings.push({ thread, event: { ...about, name: 'notification', payload: {} } });
        happenings.push({
          thread,
          event: { ...about, name: 'notification', actor: `user:${sales[2]!}`, userId: sales[2]!, payload: {} },
        });
        happenings.push({ thread, event: { ...about, name: 'notification', userId: sales[1]!, payload: {} } });
      }
      happenings.push({ areaId, event: { phoneNumberId, name: 'notification', payload: {} } });
    }
    happenings.push({ event: { name: 'notification', payload: {} } });
    happenings.push({ event: { name: 'whatsapp-conversation-update', userId: sales[0]!, payload: { left: true } } });

    for (const { who, token } of holders) agents.set(who, await desk.agent(token));
    await desk.in(shop.tenantId, () => desk.get(TenantEvents).append(happenings.map(({ event }) => event)));
    await desk.get(TenantScope).run(shop.tenantId, () => desk.get(NumberTenantEvents).numberAll());
    // The last event but one is everybody's: whoever has it has been told all that came before.
    await until(() =>
      [...agents.values()].every((agent) => agent.numbered.some(({ seq }) => seq === happenings.length - 1)),
    );
  });
  afterAll(() => desk.close());

  /** Computed from the policy alone. */
  function allowed({ access, userId }: Holder): number[] {
    return happenings.flatMap(({ event, thread, areaId }, index) => {
      if (event.userId !== undefined && event.userId !== userId) return [];
      if (event.name === 'notification' && !access.isNewsBy(event.actor ?? null)) return [];
      const isTold = thread
        ? event.name === 'notification' && event.userId === undefined
          ? access.hearsOf(thread)
          : access.sees(thread)
        : areaId === undefined || (access.ownOnly === undefined && access.seesNumber(areaId));
      return isTold ? [index + 1] : [];
    });
  }

  it('over sockets, in order', async () => {
    for (const holder of holders) {
      const agent = agents.get(holder.who)!;
      const expected = allowed(holder);
      await until(() => agent.numbered.length >= expected.length);
      expect({ [holder.who]: agent.numbered.map(({ seq }) => seq) }).toEqual({ [holder.who]: expected });
    }
  });

  it('in the log, however short its pages', async () => {
    for (const holder of holders)
      expect({ [holder.who]: (await desk.log(holder.token)).map(({ seq }) => seq) }).toEqual({
        [holder.who]: allowed(holder),
      });
    const seen: number[] = [];
    for (let after: string | null = '0'; after !== null;) {
      const { body }: { body: { data: { seq: number }[]; nextCursor: string | null } } = await desk.call(
        'GET',
        `/v1/events?after=${after}&limit=3`,
        holders[4]!.token,
      );
      seen.push(...body.data.map(({ seq }) => seq));
      after = body.nextCursor;
    }
    expect(seen).toEqual(allowed(holders[4]!));
  });

  it('to the same rooms that joining acknowledges, whatever room is asked for (S1.21)', async () => {
    for (const holder of holders) {
      const answer = await agents.get(holder.who)!.say('join-whatsapp-room', { room: `number:602`, tenant: newId() });
      const numbers = ['601', '602', '603'].filter((_, index) =>
        holder.access.seesNumber([...happenings.filter(({ areaId }) => areaId !== undefined)][index]!.areaId!),
      );
      expect(answer).toEqual({ rooms: holder.access.rooms(numbers) });
    }
  });

  it('as things are now: who is taken out of an area or given a thread is told accordingly (S1.98)', async () => {
    const sales = holders.find(({ who }) => who === 'SALES of 1 areas')!;
    const agent = agents.get(sales.who)!;
    const threadId = await desk.thread(shop, '601');
    const tell = (n: number): Promise<void> =>
      desk.in(shop.tenantId, () =>
        desk
          .get(TenantEvents)
          .append([{ name: 'whatsapp-conversation-update', phoneNumberId: '601', threadId, payload: { n } }]),
      );
    const heard = (): unknown[] => agent.named('whatsapp-conversation-update').map(({ n }) => n);
    const everybody = agents.get('API key')!;
    await tell(1);
    await everybody.until('whatsapp-conversation-update', ({ n }) => n === 1);
    await desk.sql(shop.tenantId, 'update thread set assignee_id = $2::uuid where id = $1::uuid', [
      threadId,
      sales.userId,
    ]);
    await tell(2);
    await agent.until('whatsapp-conversation-update', ({ n }) => n === 2);
    expect(heard()).toEqual([2]);
    expect((await desk.log(sales.token)).flatMap(({ n }) => (n === undefined ? [] : [n]))).toEqual([1, 2]);
    await desk.call('PATCH', `/v1/users/${sales.userId}`, shop.token, { areas: [] });
    const reached = await until(async () => {
      const before = heard().length;
      await tell(3);
      await everybody.until('whatsapp-conversation-update', ({ seq }) => seq! > (everybody.numbered.at(-2)?.seq ?? 0));
      return heard().length === before;
    });
    expect(reached).toBe(true);
    expect((await desk.log(sales.token)).some(({ n }) => n !== undefined)).toBe(false);
  });
});
