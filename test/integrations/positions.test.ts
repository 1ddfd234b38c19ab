import { newId } from '../../src/kernel/ids.js';
import { AddEndpoint } from '../../src/modules/integrations/application/endpoints/add-endpoint.js';
import { ResumeEndpoint } from '../../src/modules/integrations/application/endpoints/resume-endpoint.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import type { NewTenantEvent } from '../../src/platform/realtime/tenant-events.js';
import { until } from '../setup/until.js';
import { type Endpoint, IntegrationsRig, type Merchant, said } from './integrations-rig.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("An endpoint's position in the log (D18)", () => {
  let rig: IntegrationsRig;
  let merchant: Merchant;
  let endpoint: Endpoint;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  beforeEach(async () => {
    rig.receiver.reset();
    merchant = await rig.merchant();
    endpoint = await rig.endpoint(merchant, { events: ['whatsapp-new-message'] });
  });
  afterAll(() => rig.close());

  const replay = (by: object): Promise<{ status: number; body: { replayed: number; code?: string } }> =>
    rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/replay`, merchant.apiKey, by);
  const heard = (): unknown[] => rig.receiver.heard.map(({ event }) => event.data['n']);
  const others = (count: number): NewTenantEvent[] =>
    Array.from({ length: count }, () => ({ name: 'whatsapp-conversation-update', payload: {} }));

  it('holds back what lies beyond it while a replay comes from far behind: nothing later is told before what is earlier', async () => {
    const thread = newId();
    const since = rig.clock.now().toISOString();
    await rig.happen(merchant, ...others(600), said(thread, 1), said(thread, 2));
    rig.receiver.answer = (response, { event }) => response.writeHead(event.data['n'] === 1 ? 500 : 200).end();
    await rig.pass(merchant, endpoint);
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await rig.happen(merchant, said(thread, 3));
    await rig.turn(merchant, endpoint);
    rig.clock.advance(MINUTE);
    rig.receiver.reset();
    expect((await replay({ since })).body).toMatchObject({ replayed: expect.any(Number) as number });
    await rig.turn(merchant, endpoint);
    expect(heard()).toEqual([1, 2, 3]);
  }, 30_000);

  it('is moved back for a span of time: what came after it is not told again', async () => {
    const thread = newId();
    const at: string[] = [];
    for (let n = 0; n < 10; n++) {
      rig.clock.advance(MINUTE);
      at.push(rig.clock.now().toISOString());
      await rig.happen(merchant, said(thread, n));
    }
    await rig.pass(merchant, endpoint);
    const again = async (by: object): Promise<unknown[]> => {
      rig.receiver.reset();
      expect((await replay(by)).status).toBe(202);
      await rig.pass(merchant, endpoint);
      return heard();
    };
    expect(await again({ since: at[3], until: at[5] })).toEqual([3, 4, 5]);
    expect(await again({ since: at[8], until: '2030-01-01T00:00:00Z' })).toEqual([8, 9]);
    expect(await again({ since: '2020-01-01T00:00:00Z', until: at[0] })).toEqual([0]);
    expect(await again({ since: at[6], until: at[5] })).toEqual([]);
    expect((await rig.show(merchant, endpoint)).position).toBe(10);
    // Two at once, and what happens meanwhile.
    await replay({ since: at[1], until: at[2] });
    await rig.happen(merchant, said(thread, 10));
    expect(await again({ since: at[6], until: at[6] })).toEqual([1, 2, 3, 4, 5, 6, 10]);
    expect(await replay({ until: at[3] })).toMatchObject({ status: 422, body: { code: 'UNCLEAR_REPLAY' } });
  }, 30_000);

  it('finds a time in the log by halving it, whatever the log has forgotten', async () => {
    const thread = newId();
    const at: string[] = [];
    for (let n = 0; n < 20; n++) {
      rig.clock.advance(MINUTE);
      at.push(rig.clock.now().toISOString());
      await rig.happen(merchant, ...others(n % 4), said(thread, n));
    }
    await rig.pass(merchant, endpoint);
    await rig.sql(merchant.tenantId, `delete from tenant_event where occurred_at < $1::timestamptz`, [at[5]]);
    for (const n of [0, 5, 6, 13, 19]) {
      rig.receiver.reset();
      await replay({ since: at[n] });
      await rig.pass(merchant, endpoint);
      expect(heard()).toEqual(Array.from({ length: 20 - Math.max(5, n) }, (_, i) => Math.max(5, n) + i));
    }
  }, 30_000);

  it('says how many events the log had forgotten before they were told', async () => {
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/pause`, merchant.apiKey);
    await rig.happen(merchant, ...[1, 2, 3].map((n) => said(newId(), n)));
    await rig.sql(merchant.tenantId, 'delete from tenant_event where seq < 3');
    rig.clock.advance(31 * DAY);
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/resume`, merchant.apiKey);
    await rig.pass(merchant, endpoint);
    await rig.pass(merchant, endpoint);
    expect(heard()).toEqual([3]);
    expect(await rig.sql(merchant.tenantId, `select payload from tenant_event where name = 'notification'`)).toEqual([
      {
        payload: {
          kind: 'webhook-forgotten',
          endpointId: endpoint.id,
          host: new URL(endpoint.url).host,
          events: 2,
        },
      },
    ]);
  });

  describe('is behind none that is numbered meanwhile, without a worker being woken', () => {
    /** Lets something happen and be numbered while the command's transaction is open. @returns the rings of its endpoint for that */
    const rungMeanwhile = async (command: AddEndpoint | ResumeEndpoint): Promise<unknown[]> => {
      const { tenantId } = merchant;
      await rig.sql(tenantId, `delete from lane_ring where kind = 'webhook-out'`);
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      let isOver = false;
      const happening = begun
        .then(() => rig.happen(merchant, said(newId(), 1)))
        .finally(() => {
          isOver = true;
        });
      // Asked from outside of the command's transaction, which would see the same activity all the while.
      const settled = begun.then(() => until(async () => isOver || (await waitsForLock())));
      const { id } = await rig.in(tenantId, () =>
        rig.get(UnitOfWork).run(async () => {
          const changed = await rig.get(Commands).execute<{ id: string }>(command);
          // What the command itself rings for may be answered before the next number is given.
          await rig.get(UnitOfWork).sql.query(`delete from lane_ring where kind = 'webhook-out'`);
          begin();
          await settled;
          return changed;
        }),
      );
      await happening;
      return rig.sql(tenantId, `select key from lane_ring where kind = 'webhook-out' and key = $1`, [id]);
    };
    const waitsForLock = async (): Promise<boolean> =>
      (
        await rig.sql(
          merchant.tenantId,
          `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%tenant_event_head%' and datname = current_database()`,
        )
      ).length > 0;

    it('as it is added', async () => {
      expect(await rungMeanwhile(new AddEndpoint({ url: rig.receiver.url }))).toHaveLength(1);
    }, 20_000);

    it('as it is resumed', async () => {
      await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/pause`, merchant.apiKey);
      expect(await rungMeanwhile(new ResumeEndpoint(endpoint.id))).toHaveLength(1);
    }, 20_000);
  });

  it('is gone at once when it is removed, and a month of deliveries is cleared away by its worker', async () => {
    await rig.sql(
      merchant.tenantId,
      `insert into webhook_delivery (tenant_id, id, endpoint_id, seq, event_id, type, order_key, state, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $2::uuid, n, gen_random_uuid(), 'due.added', '', 'delivered', now(), now()
       from generate_series(1, 5000) n`,
      [merchant.tenantId, endpoint.id],
    );
    const { status } = await rig.call('DELETE', `/v1/webhook-endpoints/${endpoint.id}`, merchant.apiKey);
    expect(status).toBe(204);
    expect((await rig.call('GET', `/v1/webhook-endpoints/${endpoint.id}`, merchant.apiKey)).status).toBe(404);
    expect((await rig.call<{ data: [] }>('GET', '/v1/webhook-endpoints', merchant.apiKey)).body.data).toEqual([]);
    expect(await rig.sql(merchant.tenantId, 'select from webhook_delivery')).toHaveLength(5000);
    expect(await rig.sql(merchant.tenantId, 'select from lane_ring where key = $1', [endpoint.id])).toHaveLength(1);
    expect(await rig.turn(merchant, endpoint)).toBeUndefined();
    for (const table of ['webhook_delivery', 'webhook_secret', 'webhook_endpoint'])
      expect(await rig.sql(merchant.tenantId, `select from ${table}`)).toEqual([]);
  });
});
