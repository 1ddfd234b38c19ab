import { createHmac, timingSafeEqual } from 'node:crypto';
import fc from 'fast-check';
import { newId } from '../../src/kernel/ids.js';
import { DeliveryQueue } from '../../src/modules/integrations/application/deliveries/delivery-queue.js';
import { PostWebhook } from '../../src/modules/integrations/application/deliveries/post-webhook.js';
import { PruneDeliveries } from '../../src/modules/integrations/infrastructure/prune-deliveries.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { until } from '../setup/until.js';
import { type Endpoint, IntegrationsRig, type Merchant, said } from './integrations-rig.js';
import type { Heard } from './receiver.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Verifies as the specification of Standard Webhooks says, knowing nothing of the house. */
function isSigned({ headers, body }: Heard, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(signed)
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => signature.split(','))
    .some(([version, value]) => {
      const given = Buffer.from(value ?? '', 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}

describe("A merchant's system is told what happened (D18, F65)", () => {
  let rig: IntegrationsRig;
  let merchant: Merchant;
  let endpoint: Endpoint;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  beforeEach(async () => {
    rig.receiver.reset();
    merchant = await rig.merchant();
    endpoint = await rig.endpoint(merchant);
  });
  afterAll(() => rig.close());

  const numbers = (threadId: string): unknown[] => rig.receiver.numbersOf(threadId);

  it('from the moment on at which its endpoint was added, once each, under the ids of the log', async () => {
    const thread = newId();
    await rig.happen(merchant, said(thread, 1), { ...said(thread, 2), actor: 'user:7' });
    const [first, second] = await rig.log(merchant.tenantId);
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event)).toEqual([
      {
        id: first,
        type: 'whatsapp-new-message',
        seq: 1,
        occurredAt: rig.clock.now().toISOString(),
        data: { conversationId: thread, n: 1, actor: null },
      },
      expect.objectContaining({ id: second, seq: 2, data: { conversationId: thread, n: 2, actor: 'user:7' } }),
    ]);
    const later = await rig.endpoint(merchant);
    await rig.happen(merchant, said(thread, 3));
    rig.receiver.reset();
    await rig.pass(merchant, later);
    expect(rig.receiver.heard.map(({ event }) => event.seq)).toEqual([3]);
  });

  it('signed, so that a verifier of its own believes it, and none that was changed', async () => {
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint);
    const [heard] = rig.receiver.heard;
    expect(isSigned(heard!, endpoint.secret)).toBe(true);
    expect(isSigned({ ...heard!, body: `${heard!.body} ` }, endpoint.secret)).toBe(false);
    expect(heard!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': heard!.event.id,
      'webhook-timestamp': String(rig.clock.now().getTime() / 1000),
      'user-agent': expect.stringMatching(/^NoDue/) as string,
    });
  });

  it('by both secrets for a day after one was rotated; rotated twice, the first is worth nothing', async () => {
    const rotate = async (): Promise<string> =>
      (await rig.call<Endpoint>('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`, merchant.apiKey)).body
        .secret;
    const tell = async (): Promise<Heard> => {
      await rig.happen(merchant, said(newId(), 1));
      await rig.pass(merchant, endpoint);
      return rig.receiver.heard.at(-1)!;
    };
    const second = await rotate();
    const during = await tell();
    expect([endpoint.secret, second].map((secret) => isSigned(during, secret))).toEqual([true, true]);
    rig.clock.advance(DAY);
    const after = await tell();
    expect([endpoint.secret, second].map((secret) => isSigned(after, secret))).toEqual([false, true]);
    const third = await rotate();
    const fourth = await rotate();
    const last = await tell();
    expect([second, third, fourth].map((secret) => isSigned(last, secret))).toEqual([false, true, true]);
  });

  it('though it was down for an hour: everything once it is up, in order per conversation, nothing invented', async () => {
    const threads = [newId(), newId(), newId()];
    rig.receiver.answer = (response) => response.destroy();
    for (let n = 0; n < 12; n++) {
      await rig.happen(merchant, said(threads[n % 3]!, n));
      await rig.pass(merchant, endpoint, 5 * MINUTE);
    }
    expect(new Set(rig.receiver.ids).size).toBe(3);
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect([...rig.receiver.ids].sort()).toEqual([...(await rig.log(merchant.tenantId))].sort());
    for (const [index, thread] of threads.entries())
      expect(numbers(thread)).toEqual([index, index + 3, index + 6, index + 9]);
    expect(await rig.deliveries(merchant, endpoint, '&state=pending')).toEqual([]);
  }, 60_000);

  it('again on the schedule while it refuses, eight times in all, and then people are told', async () => {
    const at: number[] = [];
    rig.receiver.answer = (response) => {
      at.push(rig.clock.now().getTime());
      response.writeHead(500).end('Out of order');
    };
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint);
    const waits = at.slice(1).map((time, n) => (time - at[n]!) / 1000);
    for (const [n, planned] of [5, 300, 1800, 7200, 18_000, 36_000, 36_000].entries()) {
      expect(waits[n]).toBeGreaterThanOrEqual(planned * 0.9);
      expect(waits[n]).toBeLessThanOrEqual(planned * 1.1);
    }
    expect(await rig.deliveries(merchant, endpoint)).toEqual([
      expect.objectContaining({
        state: 'exhausted',
        attempts: 8,
        nextAt: null,
        lastStatus: 500,
        lastError: 'Out of order',
      }),
    ]);
    expect(await rig.sql(merchant.tenantId, `select payload from tenant_event where name = 'notification'`)).toEqual([
      {
        payload: {
          kind: 'webhook-exhausted',
          endpointId: endpoint.id,
          host: new URL(endpoint.url).host,
          deliveries: 1,
        },
      },
    ]);
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard).toEqual([]);
  });

  it('and 2xx alone counts: not a redirect, which is not followed, nor an answer without end', async () => {
    for (const answer of [301, 302, 307, 199 + 200, 400, 404, 503])
      await fails((response) => response.writeHead(answer, { location: `${rig.receiver.origin}/elsewhere` }).end());
    await fails((response) => response.writeHead(500).end(Buffer.alloc(5_000_000, 'x')));
    expect((await rig.deliveries(merchant, endpoint))[0]!.lastError).toHaveLength(500);
    await fails((response) => response.destroy());
    for (const huge of [200, 202, 204]) {
      rig.receiver.reset();
      rig.receiver.answer = (response) => {
        response.writeHead(huge);
        if (huge === 200) response.write(Buffer.alloc(200_000, 'x'));
        else response.end();
      };
      await rig.happen(merchant, said(newId(), 1));
      await rig.turn(merchant, endpoint);
      expect((await rig.deliveries(merchant, endpoint))[0]).toMatchObject({ state: 'delivered', lastStatus: huge });
    }

    async function fails(answer: (typeof rig.receiver)['answer']): Promise<void> {
      rig.receiver.reset();
      rig.receiver.answer = answer;
      await rig.happen(merchant, said(newId(), 1));
      await rig.turn(merchant, endpoint);
      expect(rig.receiver.heard).toHaveLength(1);
      expect((await rig.deliveries(merchant, endpoint))[0]).toMatchObject({ state: 'pending', attempts: 1 });
    }
  }, 60_000);

  it('not sooner than it asks by Retry-After, up to an hour', async () => {
    for (const [asked, seconds] of [
      ['120', 120],
      ['86400', 3600],
    ] as const) {
      rig.receiver.answer = (response) => response.writeHead(429, { 'retry-after': asked }).end();
      await rig.happen(merchant, said(newId(), 1));
      const began = rig.clock.now().getTime();
      await rig.turn(merchant, endpoint);
      const [delivery] = await rig.deliveries(merchant, endpoint);
      expect(Date.parse(delivery!.nextAt!) - began).toBe(seconds * 1000);
    }
  });

  it('no more once it says 410, or nothing for five days; resumed, all that waited comes in order', async () => {
    const thread = newId();
    rig.receiver.answer = (response) => response.writeHead(410).end();
    await rig.happen(merchant, said(thread, 1));
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard).toHaveLength(1);
    expect((await rig.show(merchant, endpoint)).status).toBe('disabled');
    const resume = (): Promise<unknown> =>
      rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/resume`, merchant.apiKey);
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await resume();
    await rig.turn(merchant, endpoint);
    const { failingSince } = await rig.show(merchant, endpoint);
    expect(failingSince).toBe(rig.clock.now().toISOString());
    for (let halfDay = 1; halfDay <= 9; halfDay++) {
      rig.clock.advance(DAY / 2);
      await rig.happen(merchant, said(newId(), halfDay));
      await rig.turn(merchant, endpoint);
      expect((await rig.show(merchant, endpoint)).status).toBe('enabled');
    }
    rig.clock.advance(DAY / 2);
    await rig.happen(merchant, said(thread, 2));
    await rig.turn(merchant, endpoint);
    expect((await rig.show(merchant, endpoint)).status).toBe('disabled');
    const news = await rig.sql<{ reason: string }>(
      merchant.tenantId,
      `select payload ->> 'reason' as reason from tenant_event where payload ->> 'kind' = 'webhook-disabled' order by seq`,
    );
    expect(news).toEqual([{ reason: 'GONE' }, { reason: 'FAILING' }]);
    await rig.happen(merchant, said(thread, 3));
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard).toEqual([]);
    await resume();
    await rig.pass(merchant, endpoint);
    expect(numbers(thread)).toEqual([1, 2, 3]);
  }, 60_000);

  it('nothing while it is paused, and all of it afterwards', async () => {
    const thread = newId();
    const say = (what: string): Promise<unknown> =>
      rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/${what}`, merchant.apiKey);
    await say('pause');
    for (let n = 1; n <= 3; n++) await rig.happen(merchant, said(thread, n));
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard).toEqual([]);
    await say('resume');
    await rig.pass(merchant, endpoint);
    expect(numbers(thread)).toEqual([1, 2, 3]);
  });

  it('of the events alone that it asked for, never of what is for one person, or about endpoints', async () => {
    const choosy = await rig.endpoint(merchant, { events: ['payment.recorded'] });
    await rig.happen(
      merchant,
      { name: 'payment.recorded', payload: { customerId: newId() } },
      { name: 'due.added', payload: { customerId: newId() } },
      { name: 'notification', userId: newId(), payload: { kind: 'mentioned' } },
      { name: 'notification', payload: { kind: 'webhook-exhausted' } },
      { name: 'notification', payload: { kind: 'account-alert' } },
    );
    await rig.pass(merchant, choosy);
    expect(rig.receiver.heard.map(({ event }) => event.type)).toEqual(['payment.recorded']);
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event.data['kind'] ?? event.type).sort()).toEqual([
      'account-alert',
      'due.added',
      'payment.recorded',
    ]);
  });

  it("never of another merchant's", async () => {
    const other = await rig.merchant();
    await rig.happen(other, said(newId(), 1));
    await rig.happen(merchant, said(newId(), 2));
    await rig.pass(merchant, endpoint);
    // Not even when the lane of an endpoint is taken for the wrong tenant.
    await rig.happen(merchant, said(newId(), 3));
    expect(await rig.turn(other, endpoint)).toBeUndefined();
    expect(rig.receiver.heard.map(({ event }) => event.data['n'])).toEqual([2]);
  });

  it('again, under the same id, when the process died between the POST and the books', async () => {
    const thread = newId();
    await rig.happen(merchant, said(thread, 1), said(thread, 2));
    const [first, second] = await rig.log(merchant.tenantId);
    // All that a worker does but the settling.
    await rig.in(merchant.tenantId, async () => {
      const [queue, unitOfWork] = [rig.get(DeliveryQueue), rig.get(UnitOfWork)];
      const claimed = await unitOfWork.runSql(async () => {
        const held = await queue.hold(endpoint.id);
        await queue.take(endpoint.id, 500);
        return queue.claim(held!.id, { pings: 0, heads: 16 });
      });
      for (const { event } of claimed) await rig.get(PostWebhook).post(endpoint.url, event!, [endpoint.secret]);
    });
    expect(rig.receiver.ids).toEqual([first]);
    await rig.turn(merchant, endpoint);
    expect(rig.receiver.ids).toEqual([first]);
    await rig.sql(
      merchant.tenantId,
      `update webhook_delivery set lease_until = now() - interval '1 s' where state = 'sending'`,
    );
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.ids).toEqual([first, first, second]);
  });

  it('once each, though two workers are at it', async () => {
    const threads = Array.from({ length: 8 }, () => newId());
    await rig.happen(merchant, ...Array.from({ length: 40 }, (_, n) => said(threads[n % 8]!, n)));
    await Promise.all([rig.turn(merchant, endpoint), rig.turn(merchant, endpoint)]);
    await rig.pass(merchant, endpoint);
    expect([...rig.receiver.ids].sort()).toEqual([...(await rig.log(merchant.tenantId))].sort());
    for (const [index, thread] of threads.entries())
      expect(numbers(thread)).toEqual([0, 8, 16, 24, 32].map((n) => n + index));
  }, 30_000);

  it('whatever another one does: a slow receiver holds up itself alone, and its own other conversations not at all', async () => {
    const slow = await rig.endpoint(merchant, { url: `${rig.receiver.url}?slow`, description: 'Slow' });
    const [stuck, free] = [newId(), newId()];
    const held: (() => void)[] = [];
    rig.receiver.answer = (response, { event }) => {
      if (event.data['conversationId'] === stuck && held.length === 0) held.push(() => response.writeHead(200).end());
      else response.writeHead(200).end();
    };
    await rig.happen(merchant, said(stuck, 1), said(stuck, 2), ...Array.from({ length: 30 }, (_, n) => said(free, n)));
    const waiting = rig.turn(merchant, slow);
    await until(() => held.length === 1);
    await rig.turn(merchant, endpoint);
    expect(numbers(stuck)).toEqual(expect.arrayContaining([1, 2]));
    expect(await rig.deliveries(merchant, endpoint, '&state=delivered')).toHaveLength(32);
    expect(held).toHaveLength(1);
    held[0]!();
    await waiting;
    expect(await rig.deliveries(merchant, slow, '&state=delivered')).toHaveLength(32);
  }, 30_000);

  it('again when somebody asks for it: by ids, by what was given up, by time, under exactly the same ids and in order', async () => {
    const thread = newId();
    rig.clock.advance(HOUR);
    const since = rig.clock.now();
    await rig.happen(merchant, said(thread, 1), said(thread, 2), said(thread, 3));
    const told = await rig.log(merchant.tenantId);
    rig.receiver.answer = (response, { event }) => response.writeHead(event.seq === 2 ? 500 : 200).end();
    await rig.pass(merchant, endpoint);
    const replay = (by: object): Promise<{ status: number; body: { replayed: number } }> =>
      rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/replay`, merchant.apiKey, by);

    rig.receiver.reset();
    expect(await replay({ state: 'exhausted' })).toEqual({ status: 202, body: { replayed: 1 } });
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.ids).toEqual([told[1]]);

    rig.receiver.reset();
    const ids = (await rig.deliveries(merchant, endpoint)).flatMap(({ id, eventId }) =>
      eventId === told[1] ? [] : id,
    );
    expect((await replay({ ids })).body.replayed).toBe(ids.length);
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.ids.filter((id) => told.includes(id))).toEqual([told[0], told[2]]);

    rig.receiver.reset();
    await replay({ since: since.toISOString() });
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.ids.filter((id) => told.includes(id))).toEqual(told);

    for (const unclear of [{}, { ids, state: 'exhausted' }])
      expect(await replay(unclear)).toMatchObject({ status: 422, body: { code: 'UNCLEAR_REPLAY' } });
    expect(await replay({ ids: [newId()] })).toMatchObject({
      status: 404,
      body: { code: 'WEBHOOK_DELIVERY_NOT_FOUND' },
    });
  }, 30_000);

  it('again before what comes later in its conversation, though that was about to go', async () => {
    const thread = newId();
    await rig.happen(merchant, said(thread, 1), said(thread, 2), said(newId(), 3));
    const refuse = (...refused: number[]): void => {
      rig.receiver.answer = (response, { event }) => response.writeHead(refused.includes(event.seq!) ? 500 : 200).end();
    };
    refuse(2);
    await rig.turn(merchant, endpoint);
    const [first] = (await rig.deliveries(merchant, endpoint)).filter(({ state }) => state === 'delivered').slice(-1);
    refuse(1);
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/replay`, merchant.apiKey, { ids: [first!.id] });
    rig.receiver.heard.length = 0;
    rig.clock.advance(MINUTE);
    await rig.turn(merchant, endpoint);
    expect(numbers(thread)).toEqual([1]);
    refuse();
    await rig.pass(merchant, endpoint);
    expect(numbers(thread)).toEqual([1, 1, 2]);
  });

  it('at once when somebody says that it is up again (resume), not when its next attempt is due', async () => {
    const thread = newId();
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await rig.happen(merchant, said(thread, 1), said(thread, 2));
    await rig.pass(merchant, endpoint, HOUR);
    rig.receiver.reset();
    await rig.turn(merchant, endpoint);
    expect(rig.receiver.heard).toEqual([]);
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/resume`, merchant.apiKey);
    await rig.turn(merchant, endpoint);
    expect(numbers(thread)).toEqual([1, 2]);
  });

  it('and what became of it is forgotten after a month, not what still waits', async () => {
    rig.receiver.answer = (response, { event }) => response.writeHead(event.seq === 1 ? 200 : 500).end();
    await rig.happen(merchant, said(newId(), 1), said(newId(), 2), said(newId(), 3));
    await rig.turn(merchant, endpoint);
    await rig.sql(
      merchant.tenantId,
      `update webhook_delivery set updated_at = now() - interval '31 days' where seq < 3`,
    );
    expect(await rig.get(PruneDeliveries).clear()).toBe(1);
    expect((await rig.deliveries(merchant, endpoint)).map(({ state }) => state)).toEqual(['pending', 'pending']);
  });

  it('by whoever is rung in the transaction that numbers the log: nobody polls', async () => {
    const rung = (): Promise<unknown> =>
      rig.sql(merchant.tenantId, `select key from lane_ring where kind = 'webhook-out' and key = $1`, [endpoint.id]);
    expect(await rung()).toEqual([]);
    await rig.happen(merchant, said(newId(), 1));
    expect(await rung()).toEqual([{ key: endpoint.id }]);
  });

  it('in a ping when it is tested, once, even while it is paused', async () => {
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/pause`, merchant.apiKey);
    await rig.happen(merchant, said(newId(), 1));
    const { status, body } = await rig.call<{ id: string; event: object }>(
      'POST',
      `/v1/webhook-endpoints/${endpoint.id}/test`,
      merchant.apiKey,
    );
    expect(status).toBe(202);
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event)).toEqual([body.event]);
    expect(isSigned(rig.receiver.heard[0]!, endpoint.secret)).toBe(true);
    expect(body.event).toMatchObject({ type: 'ping', seq: null, data: { endpointId: endpoint.id } });
    rig.receiver.answer = (response) => response.writeHead(500).end('No');
    const again = await rig.call<{ id: string }>('POST', `/v1/webhook-endpoints/${endpoint.id}/test`, merchant.apiKey);
    await rig.pass(merchant, endpoint);
    expect(
      (await rig.call('GET', `/v1/webhook-endpoints/${endpoint.id}/deliveries/${again.body.id}`, merchant.apiKey)).body,
    ).toMatchObject({ state: 'exhausted', attempts: 1, lastStatus: 500, lastError: 'No' });
    expect((await rig.show(merchant, endpoint)).failingSince).toBeNull();
  });

  it('of what the log still knows: what it has forgotten meanwhile is cancelled, and holds up nothing', async () => {
    const thread = newId();
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await rig.happen(merchant, said(thread, 1), said(thread, 2));
    await rig.turn(merchant, endpoint);
    await rig.sql(merchant.tenantId, 'delete from tenant_event where seq = 1');
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(numbers(thread)).toEqual([2]);
    expect((await rig.deliveries(merchant, endpoint)).map(({ state, lastError }) => [state, lastError])).toEqual(
      expect.arrayContaining([
        ['cancelled', 'EVENT_FORGOTTEN'],
        ['delivered', null],
      ]),
    );
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/pause`, merchant.apiKey);
    await rig.happen(merchant, said(thread, 3));
    await rig.sql(merchant.tenantId, 'delete from tenant_event');
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/resume`, merchant.apiKey);
    expect(await rig.turn(merchant, endpoint)).toBeUndefined();
  });

  it('in order and completely, whatever it answers, whenever a worker dies, whatever is replayed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }),
        fc.array(fc.constantFrom<200 | 500 | 'cut' | 'late'>(200, 200, 500, 'cut', 'late'), { maxLength: 20 }),
        fc.array(fc.constantFrom('turn', 'die', 'replay', 'wait'), { maxLength: 6 }),
        async (conversations, answers, acts) => {
          rig.receiver.reset();
          merchant = await rig.merchant();
          endpoint = await rig.endpoint(merchant);
          const since = rig.clock.now().toISOString();
          const threads = [newId(), newId(), newId()];
          const accepted = new Set<string>();
          const firstAccepted: Heard[] = [];
          let n = 0;
          rig.receiver.answer = (response, heard) => {
            const answer = answers[n++] ?? 200;
            if (answer !== 500 && !accepted.has(heard.event.id)) {
              accepted.add(heard.event.id);
              firstAccepted.push(heard);
            }
            // `cut`: the receiver has taken it, and its answer is lost.
            if (answer === 'cut') response.destroy();
            else if (answer === 'late') setTimeout(() => response.writeHead(200).end(), 5);
            else response.writeHead(answer).end();
          };
          for (const [index, conversation] of conversations.entries()) {
            await rig.happen(merchant, said(threads[conversation]!, index));
            const act = acts[index % 6];
            if (act === 'turn') await rig.turn(merchant, endpoint);
            if (act === 'wait') await rig.pass(merchant, endpoint, 10 * MINUTE);
            if (act === 'replay')
              await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/replay`, merchant.apiKey, { since });
            if (act === 'die') {
              await rig.in(merchant.tenantId, () =>
                rig.get(UnitOfWork).runSql(async () => {
                  const queue = rig.get(DeliveryQueue);
                  const held = await queue.hold(endpoint.id);
                  await queue.take(endpoint.id, 3);
                  await queue.claim(held!.id, { pings: 0, heads: 2 });
                }),
              );
              await rig.sql(
                merchant.tenantId,
                `update webhook_delivery set lease_until = now() where state = 'sending'`,
              );
            }
          }
          await rig.pass(merchant, endpoint);
          const log = await rig.log(merchant.tenantId);
          expect([...accepted].sort()).toEqual([...log].sort());
          for (const thread of threads) {
            const order = firstAccepted.flatMap(({ event }) =>
              event.data['conversationId'] === thread ? [event.data['n'] as number] : [],
            );
            expect(order).toEqual([...order].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});
