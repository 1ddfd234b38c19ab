import { InboxEvents } from '../../src/modules/conversations/application/inbox-events.js';
import { ClearLostViewers } from '../../src/modules/conversations/infrastructure/presence/clear-lost-viewers.js';
import { ClearOldEvents } from '../../src/platform/realtime/clear-old-events.js';
import { Desk, type Shop } from './desk.js';

describe('The event log lets a client catch up (reliability 2.14)', () => {
  let desk: Desk;
  let shop: Shop;

  beforeAll(async () => {
    desk = await Desk.open({ ROLE: 'api' });
  });
  beforeEach(async () => {
    shop = await desk.shop();
  });
  afterAll(() => desk.close());

  const append = (...ns: number[]): Promise<void> =>
    desk.in(shop.tenantId, () => desk.get(InboxEvents).notify(ns.map((n) => ({ kind: 'news', details: { n } }))));
  const page = (query = ''): Promise<{ status: number; body: Record<string, unknown> }> =>
    desk.call('GET', `/v1/events${query}`, shop.token);

  it('without any worker: it numbers what is not numbered yet', async () => {
    await append(1, 2, 3);
    const { body } = await page('?after=0&limit=2');
    expect(body).toMatchObject({
      data: [
        { seq: 1, n: 1 },
        { seq: 2, n: 2 },
      ],
      nextCursor: '2',
      head: 3,
    });
    expect((await page('?after=2&limit=2')).body).toMatchObject({
      data: [{ seq: 3, n: 3 }],
      nextCursor: null,
      head: 3,
    });
    expect((await page('?after=3')).body).toEqual({ data: [], nextCursor: null, head: 3 });
  });

  it('an empty one is no error', async () => {
    for (const query of ['', '?after=0'])
      expect((await page(query)).body).toEqual({ data: [], nextCursor: null, head: 0 });
  });

  it('says so when it does not reach back that far, or was never that long', async () => {
    await append(1, 2, 3);
    await page();
    await desk.sql(shop.tenantId, `update tenant_event set occurred_at = now() - interval '31 days' where seq < 3`);
    await desk.get(ClearOldEvents).clear();
    expect((await page('?after=0')).status).toBe(409);
    expect((await page('?after=0')).body).toMatchObject({ code: 'EVENTS_FORGOTTEN', head: 3 });
    expect((await page('?after=4')).body).toMatchObject({ code: 'EVENTS_FORGOTTEN' });
    expect((await page('?after=2')).body).toMatchObject({ data: [{ seq: 3 }] });
    expect((await page()).body).toMatchObject({ data: [{ seq: 3 }] });
  });

  it('refuses what is no number', async () => {
    for (const query of [
      '?after=-1',
      '?after=x',
      '?after=1.5',
      '?after=99999999999999999999',
      '?limit=0',
      '?limit=1001',
    ])
      expect((await page(query)).status).toBe(400);
  });

  it('another tenant’s is another', async () => {
    await append(1);
    await page();
    const other = await desk.shop();
    expect((await desk.call('GET', '/v1/events', other.token)).body).toEqual({ data: [], nextCursor: null, head: 0 });
  });

  it('viewers whose process died are forgotten when their lease ends (C27)', async () => {
    const threadId = await desk.thread(shop, await desk.number(shop, `90${shop.wabaId}`));
    await desk.sql(
      shop.tenantId,
      `insert into thread_viewer (tenant_id, thread_id, connection_id, user_id, viewing_until)
       values ($1::uuid, $2::uuid, 'dead', $2::uuid, now() - interval '1 second'), ($1::uuid, $2::uuid, 'alive', $2::uuid, now() + interval '1 minute')`,
      [shop.tenantId, threadId],
    );
    await desk.get(ClearLostViewers).clear();
    expect(await desk.sql(shop.tenantId, 'select connection_id from thread_viewer')).toEqual([
      { connection_id: 'alive' },
    ]);
  });
});
