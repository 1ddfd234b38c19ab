import { InboxEvents } from '../../src/modules/conversations/application/inbox-events.js';
import { EventSource } from '../../src/modules/conversations/infrastructure/realtime/event-source.js';
import { EventAnnouncer } from '../../src/platform/realtime/event-announcer.js';
import { describeOnEachQueueBackend } from '../setup/redis.js';
import { until } from '../setup/until.js';
import { type Agent, Desk, type Shop } from './desk.js';
import { Ears } from './ears.js';

describeOnEachQueueBackend('Several processes tell the same, each to its own sockets', (backend) => {
  let desk: Desk;
  let shop: Shop;
  let agents: Agent[];
  let conversationId: string;

  beforeAll(async () => {
    const REDIS_URL = backend.redisUrl();
    desk = await Desk.open({ ROLE: 'api', REDIS_URL }, { ROLE: 'api', REDIS_URL }, { ROLE: 'worker', REDIS_URL });
    shop = await desk.shop();
    conversationId = await desk.thread(shop, await desk.number(shop, '801'));
    agents = await Promise.all(desk.urls.map((url) => desk.agent(shop.token, {}, url)));
  });
  afterAll(() => desk.close());

  const notify = (n: number): Promise<void> =>
    desk.in(shop.tenantId, () => desk.get(InboxEvents).notify([{ kind: 'news', details: { n } }]));

  it('but a worker has none, though it answers for its health', async () => {
    const worker = desk.apps[2]!;
    await worker.listen(0, '127.0.0.1');
    const socket = desk.socket(shop.token, {}, await worker.getUrl());
    expect(await new Promise((resolve) => socket.once('connect_error', resolve))).toBeInstanceOf(Error);
  });

  it('in order, without a gap', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => notify(n)));
    await until(() => agents.every((agent) => agent.named('notification').length >= 30));
    for (const agent of agents)
      expect(agent.numbered.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('about who views what, too (C27)', async () => {
    await agents[0]!.say('viewing', { conversationId });
    await agents[1]!.until('presence', ({ viewers }) => (viewers as unknown[]).length === 1);
    agents[0]!.socket.disconnect();
    await agents[1]!.until('presence', ({ viewers }) => (viewers as unknown[]).length === 0);
    agents[0] = await desk.agent(shop.token);
  });

  it('though no announcement is heard: each looks by itself', async () => {
    const announcers = desk.apps.map((app) => desk.get<EventAnnouncer>(EventAnnouncer, app));
    announcers.forEach((announcer) => Object.assign(announcer, { announce: () => Promise.resolve() }));
    await notify(1000);
    await Promise.all(agents.map((agent) => agent.until('notification', ({ n }) => n === 1000)));
    announcers.forEach((announcer) => delete (announcer as Partial<EventAnnouncer>).announce);
  });

  it('completely and in order, though the lines between them are cut; and they listen again', async () => {
    const ears = await Ears.of(desk.database, backend.redisUrl());
    try {
      const before = await until(async () => {
        const listening = await ears.listening();
        return listening.length === 2 ? listening : undefined;
      });
      const from = 2000;
      const turn = async (n: number): Promise<void> => {
        await notify(from + n);
        // Whoever has listened again by then is cut off once more.
        if (n % 4 === 0) await ears.cut(await ears.listening());
      };
      for (let n = 0; n < 12; n++) await turn(n);
      for (const agent of agents) {
        await agent.until('notification', ({ n }) => n === from + 11, 30_000);
        const heard = agent.named('notification').flatMap(({ n }) => (Number(n) >= from ? [n] : []));
        expect(heard).toEqual(Array.from({ length: 12 }, (_, n) => from + n));
      }
      await until(
        async () => {
          const again = await ears.listening();
          return again.length === 2 && !again.some((id) => before.includes(id));
        },
        { within: 30_000 },
      );
      // By the announcement, and not by looking: whoever looks is told nothing.
      const heads = desk.apps.slice(0, 2).map((app) => desk.get(EventSource, app));
      heads.forEach((source) => Object.assign(source, { heads: () => Promise.resolve(new Map()) }));
      await notify(3000);
      await Promise.all(agents.map((agent) => agent.until('notification', ({ n }) => n === 3000, 30_000)));
      heads.forEach((source) => delete (source as Partial<EventSource>).heads);
    } finally {
      await ears.close();
    }
  });

  it('and one that stops sends its sockets to another: a line that was cut, not a refusal', async () => {
    const dropped = await desk.agent(shop.token, {}, desk.urls[1]);
    const reason = new Promise((resolve) => dropped.socket.once('disconnect', resolve));
    await desk.apps[1]!.close();
    desk.apps.splice(1, 1);
    expect(await reason).toMatch(/^transport/);
  });
});
