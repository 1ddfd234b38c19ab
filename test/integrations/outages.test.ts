import { newId } from '../../src/kernel/ids.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { type Endpoint, IntegrationsRig, type Merchant, said } from './integrations-rig.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('A receiver that was down (F65, D18)', () => {
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
  /** An hour in which each of the threads is written to every five minutes, and nobody answers. */
  const hourDown = async (...threads: string[]): Promise<void> => {
    rig.receiver.answer = (response) => response.destroy();
    for (let n = 0; n < 12; n++) {
      await rig.happen(merchant, ...threads.map((thread) => said(thread, n)));
      await rig.pass(merchant, endpoint, 5 * MINUTE);
    }
    rig.receiver.reset();
  };
  const twelve = Array.from({ length: 12 }, (_, n) => n);

  it('is told all that waits as soon as it answers anything, not hours later when each conversation is due', async () => {
    const [first, second] = [newId(), newId()];
    await hourDown(first, second);
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint, 2 * MINUTE);
    expect([numbers(first), numbers(second)]).toEqual([twelve, twelve]);
  }, 60_000);

  it('is found to be up by what is new in the one conversation that waits, too', async () => {
    const thread = newId();
    await hourDown(thread);
    await rig.happen(merchant, said(thread, 12));
    await rig.pass(merchant, endpoint, 2 * MINUTE);
    expect(numbers(thread)).toEqual([...twelve, 12]);
  }, 60_000);

  it('and an attempt out of turn costs none of the schedule, where one thing alone is refused', async () => {
    const refused = newId();
    await hourDown(refused);
    const head = async (): Promise<object> => {
      const { attempts, nextAt } = (await rig.deliveries(merchant, endpoint)).at(-1)!;
      return { attempts, nextAt };
    };
    const before = await head();
    rig.receiver.answer = (response, { event }) =>
      response.writeHead(event.data['conversationId'] === refused ? 500 : 200).end();
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint, 2 * MINUTE);
    expect(numbers(refused)).toEqual([0]);
    expect(await head()).toEqual(before);
  }, 60_000);

  it('is asked one thing at a time meanwhile, with rests, so that those who answer have its place (F54)', async () => {
    let [now, most] = [0, 0];
    rig.receiver.answer = (response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.writeHead(500).end();
      }, 5);
    };
    await rig.happen(merchant, ...Array.from({ length: 20 }, (_, n) => said(newId(), n)));
    await rig.turn(merchant, endpoint);
    expect(rig.receiver.heard).toHaveLength(20);
    expect(most).toBeGreaterThan(1);
    rig.clock.advance(10 * MINUTE);
    most = rig.receiver.heard.length = 0;
    const next = await rig.turn(merchant, endpoint);
    expect([most, rig.receiver.heard.length]).toEqual([1, 1]);
    expect(next!.getTime() - rig.clock.now().getTime()).toBe(MINUTE);
    // Events that happen meanwhile wake its worker, and no attempt comes of it.
    await rig.happen(merchant, said(newId(), 20));
    expect(await rig.turn(merchant, endpoint)).toEqual(next);
    expect(rig.receiver.heard).toHaveLength(1);
    // Nor is it kept from being tested.
    await rig.call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`, merchant.apiKey);
    await rig.turn(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event.type).slice(1)).toEqual(['ping']);
  }, 30_000);

  it('is not disabled by its first failure after quiet days', async () => {
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint);
    rig.clock.advance(6 * DAY);
    await rig.happen(merchant, said(newId(), 2));
    await rig.turn(merchant, endpoint);
    expect(await rig.show(merchant, endpoint)).toMatchObject({
      status: 'enabled',
      failingSince: rig.clock.now().toISOString(),
    });
  }, 30_000);

  it('is judged by what its own URL answers, not by the last word of the one before', async () => {
    const said410: (() => void)[] = [];
    rig.receiver.answer = (response) => said410.push(() => response.writeHead(410).end());
    await rig.happen(merchant, said(newId(), 1));
    const turn = rig.turn(merchant, endpoint);
    while (said410.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await rig.call('PATCH', `/v1/webhook-endpoints/${endpoint.id}`, merchant.apiKey, {
      url: `${rig.receiver.url}/new`,
    });
    said410[0]!();
    await turn;
    expect(await rig.show(merchant, endpoint)).toMatchObject({ status: 'enabled', failingSince: null });
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(await rig.deliveries(merchant, endpoint, '&state=delivered')).toHaveLength(1);
  });

  it('remembers how each attempt went', async () => {
    rig.receiver.answer = (response) => response.writeHead(rig.receiver.heard.length === 1 ? 500 : 429).end('No');
    await rig.happen(merchant, said(newId(), 1));
    await rig.pass(merchant, endpoint, MINUTE);
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    const [delivery] = await rig.deliveries(merchant, endpoint);
    const url = `/v1/webhook-endpoints/${endpoint.id}/deliveries/${delivery!.id}`;
    const { body } = await rig.call<{ history: { status: number }[] }>('GET', url, merchant.apiKey);
    expect(body.history.map(({ status }) => status)).toEqual([500, 429, 204]);
    expect(body.history[0]).toEqual({
      at: expect.stringMatching(/Z$/) as string,
      status: 500,
      tookMs: expect.any(Number) as number,
      error: 'No',
    });
  });
});

describe("A suspended merchant's systems are told nothing, and all of it when the merchant may work again", () => {
  let rig: IntegrationsRig;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  afterAll(() => rig.close());

  it('as if their endpoints were paused', async () => {
    const merchant = await rig.merchant();
    const { tenantId } = merchant;
    const endpoint = await rig.endpoint(merchant);
    const thread = newId();
    await rig.happen(merchant, said(thread, 1));
    const operator = (what: string): Promise<{ status: number }> =>
      rig.call('POST', `/v1/tenants/${tenantId}/${what}`, PLATFORM_KEY);
    expect((await operator('suspend')).status).toBe(200);
    expect(await rig.turn(merchant, endpoint)).toBeUndefined();
    await rig.happen(merchant, said(thread, 2));
    expect(await rig.turn(merchant, endpoint)).toBeUndefined();
    expect(rig.receiver.heard).toEqual([]);
    await rig.sql(tenantId, 'delete from lane_ring where key = $1', [endpoint.id]);
    await operator('resume');
    for (const shard of [0, 1, 2, 3])
      await rig.in(tenantId, () =>
        rig
          .get(OutboxRelay)
          .drain({ key: `${tenantId}:${shard}`, tenantId, deaths: 0, signal: new AbortController().signal }),
      );
    expect(await rig.sql(tenantId, 'select from lane_ring where key = $1', [endpoint.id])).toHaveLength(1);
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event.data['n'])).toEqual([1, 2]);
  });
});
