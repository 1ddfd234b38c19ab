import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../../src/kernel/ids.js';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import { settle } from '../../../src/modules/messaging/domain/settlement.js';
import { SendQueue, type ClaimedMessage } from '../../../src/modules/messaging/infrastructure/outbound/send-queue.js';
import { Settlements } from '../../../src/modules/messaging/infrastructure/outbound/settlements.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

const LOST: SendOutcome = {
  kind: 'unknown',
  soft: false,
  error: { code: 'ECONNRESET', title: 'No readable answer came' },
};

describe('A message whose answer was lost (reliability 2.5, F01-F05)', () => {
  const provider = new ScriptedProvider();
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  let engine: OutboundEngine;
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await OutboundEngine.start(database, provider, senders);
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });
  beforeEach(() => {
    provider.reset();
    senders.reset();
    tenant = newTenant();
  });

  /** Lets the time pass that an unknown message waits. */
  const letTimePass = async (id: string, seconds: number): Promise<void> => {
    await engine.sql(
      tenant,
      `update send_attempt set started_at = started_at - make_interval(secs => $2) where message_id = $1::uuid`,
      [id, seconds],
    );
    await engine.hurry(tenant, id);
  };
  /** The callbacks of everything that was accepted so far. */
  const callBack = (): Promise<unknown> =>
    engine.sql(tenant, `update message set state = 'delivered' where state = 'accepted'`);
  const sendOthers = async (count: number): Promise<void> => {
    const sent = await Promise.all(
      Array.from({ length: count }, (_, n) => engine.enqueue(tenant, `92${n}`, `other ${n}`)),
    );
    for (const { messageId } of sent) await engine.untilState(tenant, messageId, 'accepted');
  };
  const loseFirst = (text: string): void => {
    let lost = false;
    provider.answer = (post) => {
      if (post.text !== text || lost) return { kind: 'accepted', wamid: post.wamid };
      lost = true;
      return LOST;
    };
  };

  it('is unknown, and never queued by itself', async () => {
    loseFirst('hello');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    expect(await engine.untilState(tenant, messageId, 'unknown')).toMatchObject({
      failure: { code: 'ECONNRESET', class: 'unknown' },
    });
    await engine.ring(tenant);
    await sendOthers(1);
    expect((await engine.message(tenant, messageId)).state).toBe('unknown');
    expect(provider.texts().filter((text) => text === 'hello')).toHaveLength(1);
  });

  it('is sent once more when its time is over and later sends were called back', async () => {
    loseFirst('hello');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await engine.untilState(tenant, messageId, 'unknown');
    await sendOthers(3);
    await callBack();
    await letTimePass(messageId, 61);
    const row = await engine.untilState(tenant, messageId, 'accepted');
    expect(row).toMatchObject({ attempt_no: 2, refusals: 0 });
    expect((await engine.attempts(tenant, messageId)).map(({ outcome }) => outcome)).toEqual(['unknown', 'accepted']);
  });

  it('on a quiet number is sent once more when the provider lists what it accepted, and not this (2.5.5b)', async () => {
    await sendOthers(1);
    await callBack();
    const accepted = provider.posted.map(({ wamid }) => wamid);
    loseFirst('hello');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await engine.untilState(tenant, messageId, 'unknown');
    provider.history = accepted;
    await letTimePass(messageId, 61);
    expect(await engine.untilState(tenant, messageId, 'accepted')).toMatchObject({ attempt_no: 2 });
  });

  it.each([
    ['names one that is not known', (known: string[]) => ['wamid.unknown', ...known]],
    ['lacks one that is known, and so is not complete', () => []],
  ])('is not sent again because of a list that %s', async (_, listed) => {
    await sendOthers(1);
    await callBack();
    const accepted = provider.posted.map(({ wamid }) => wamid);
    loseFirst('hello');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await engine.untilState(tenant, messageId, 'unknown');
    provider.history = listed(accepted);
    await letTimePass(messageId, 61);
    await until(async () => (await engine.message(tenant, messageId)).next_at > new Date());
    expect((await engine.message(tenant, messageId)).state).toBe('unknown');
  });

  it('is not sent again while the webhook channel is dark, and parked in the end (F05)', async () => {
    loseFirst('hello');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await engine.untilState(tenant, messageId, 'unknown');
    await sendOthers(5);
    await letTimePass(messageId, 61);
    await until(async () => (await engine.message(tenant, messageId)).next_at > new Date());
    expect((await engine.message(tenant, messageId)).state).toBe('unknown');
    await letTimePass(messageId, 600);
    await engine.untilState(tenant, messageId, 'parked');
    expect(provider.texts().filter((text) => text === 'hello')).toHaveLength(1);
  });

  it.each(['payment_reminder', 'campaign', 'agent_reply'] as const)(
    'is parked when its time is over: %s',
    async (category) => {
      loseFirst('hello');
      const { messageId } = await engine.enqueue(tenant, '911', 'hello', { category });
      await engine.untilState(tenant, messageId, 'unknown');
      await sendOthers(3);
      await callBack();
      await letTimePass(messageId, 61);
      await engine.untilState(tenant, messageId, 'parked');
      expect(provider.texts().filter((text) => text === 'hello')).toHaveLength(1);
    },
  );

  it('is tried again after two minutes when the provider said that it failed', async () => {
    let faults = 1;
    provider.answer = ({ wamid }) =>
      faults-- > 0
        ? { kind: 'unknown', soft: true, error: { code: 131016, title: 'Service unavailable' } }
        : { kind: 'accepted', wamid };
    const { messageId } = await engine.enqueue(tenant, '911', 'hello', { category: 'payment_reminder' });
    await engine.untilState(tenant, messageId, 'unknown');
    await letTimePass(messageId, 121);
    expect(await engine.untilState(tenant, messageId, 'accepted')).toMatchObject({ attempt_no: 2, refusals: 1 });
  });

  it('does not hold up what comes after it', async () => {
    loseFirst('hello');
    const first = await engine.enqueue(tenant, '911', 'hello');
    const second = await engine.enqueue(tenant, '911', 'second');
    await engine.untilState(tenant, second.messageId, 'accepted');
    expect((await engine.message(tenant, first.messageId)).state).toBe('unknown');
  });
});

describe('A process that dies while it sends (F01, F02)', () => {
  const provider = new ScriptedProvider();
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  /** Claims by hand what its tests let die; drains nothing itself. */
  let api: OutboundEngine;
  let worker: OutboundEngine | undefined;
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    api = await OutboundEngine.start(database, provider, senders, { ROLE: 'api' });
  });
  afterEach(async () => {
    await worker?.close();
    worker = undefined;
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
  beforeEach(() => {
    provider.reset();
    senders.reset();
    tenant = newTenant();
  });

  const claim = async (count = 10): Promise<readonly ClaimedMessage[]> => {
    const { messages } = await api.as(tenant, () =>
      api.module.get(SendQueue).claim(numberOf(tenant), { count, resting: [], leaseToken: randomUUID() }),
    );
    return messages;
  };
  const write = (message: ClaimedMessage, outcome: SendOutcome): Promise<{ moved: boolean; duplicate: boolean }[]> =>
    api.as(tenant, () =>
      api.module
        .get(Settlements)
        .write(numberOf(tenant), [{ message, outcome, settlement: settle(message, outcome, new Date(), 0) }]),
    );
  const leaseEnds = (): Promise<unknown> =>
    api.sql(tenant, `update message set lease_until = now() - interval '1 second' where state = 'sending'`);
  const startWorker = async (): Promise<void> => {
    worker = await OutboundEngine.start(database, provider, senders, { ROLE: 'worker' });
  };

  it('before or in its POST, or before it wrote the outcome down: all look alike, so all are unknown; the rest goes on', async () => {
    await api.enqueueAll(tenant, [
      { to: '911', text: 'claimed' },
      { to: '911', text: 'behind it' },
      { to: '912', text: 'another' },
    ]);
    const [first] = await claim(1);
    await startWorker();
    await until(() => provider.texts().includes('another'));
    expect((await api.message(tenant, first!.id)).state).toBe('sending');
    expect(provider.texts()).toEqual(['another']);
    await leaseEnds();
    await worker!.ring(tenant);
    expect(await api.untilState(tenant, first!.id, 'unknown')).toMatchObject({ failure: { code: 'PROCESS_LOST' } });
    expect(await api.attempts(tenant, first!.id)).toMatchObject([{ attempt_no: 1, outcome: 'unknown' }]);
    await until(() => provider.texts().includes('behind it'));
    expect(provider.texts()).not.toContain('claimed');
  });

  it('and comes back after its lease: it changes nothing (fencing, F02)', async () => {
    await api.enqueue(tenant, '911', 'hello');
    const [late] = await claim();
    await leaseEnds();
    await startWorker();
    await worker!.ring(tenant);
    await api.untilState(tenant, late!.id, 'unknown');
    for (const outcome of [
      LOST,
      { kind: 'not-sent', error: { code: 'X', title: 'x' } },
      { kind: 'deferred', retryAt: new Date() },
    ] as SendOutcome[]) {
      expect(await write(late!, outcome)).toEqual([{ moved: false, duplicate: false }]);
      expect(await api.message(tenant, late!.id)).toMatchObject({ state: 'unknown', attempt_no: 1, refusals: 0 });
    }
  });

  it('and comes back with the proof that it was accepted: that counts, whoever brings it', async () => {
    await api.enqueue(tenant, '911', 'hello');
    const [late] = await claim();
    await leaseEnds();
    await startWorker();
    await worker!.ring(tenant);
    await api.untilState(tenant, late!.id, 'unknown');
    expect(await write(late!, { kind: 'accepted', wamid: 'wamid.late' })).toEqual([{ moved: true, duplicate: false }]);
    expect(await api.message(tenant, late!.id)).toMatchObject({ state: 'accepted', wamid: 'wamid.late' });
  });

  it('and had it sent, as had the attempt after it: the second is flagged (F04)', async () => {
    await api.enqueue(tenant, '911', 'hello');
    const [first] = await claim();
    await api.sql(tenant, `update message set state = 'queued', lease_token = null, lease_until = null`);
    const [second] = await claim();
    expect(second!.attemptNo).toBe(2);
    expect(await write(second!, { kind: 'accepted', wamid: 'wamid.2' })).toEqual([{ moved: true, duplicate: false }]);
    expect(await write(first!, { kind: 'accepted', wamid: 'wamid.1' })).toEqual([{ moved: false, duplicate: true }]);
    expect(await api.message(tenant, first!.id)).toMatchObject({ wamid: 'wamid.2' });
    expect((await api.attempts(tenant, first!.id)).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(await write(first!, { kind: 'accepted', wamid: 'wamid.1' })).toEqual([{ moved: false, duplicate: false }]);
  });

  it('does not set back what a status webhook proved meanwhile (F13)', async () => {
    await api.enqueue(tenant, '911', 'hello');
    const [message] = await claim();
    await api.sql(
      tenant,
      `update message set state = 'delivered', wamid = 'wamid.1', lease_token = null, lease_until = null`,
    );
    for (const outcome of [
      { kind: 'accepted', wamid: 'wamid.1' },
      LOST,
      { kind: 'refused', about: 'message', error: { code: 1, title: 'x' } },
    ] as SendOutcome[]) {
      expect(await write(message!, outcome)).toMatchObject([{ moved: false }]);
    }
    expect(await api.message(tenant, message!.id)).toMatchObject({ state: 'delivered', wamid: 'wamid.1' });
  });

  it('a wamid that another message has, or a text that cannot be stored, harms nobody else', async () => {
    await api.enqueueAll(
      tenant,
      ['a', 'b', 'c'].map((text, n) => ({ to: `91${n}`, text })),
    );
    const claimed = await claim();
    const outcomes: SendOutcome[] = [
      { kind: 'accepted', wamid: 'wamid.same' },
      { kind: 'accepted', wamid: 'wamid.same' },
      { kind: 'refused', about: 'message', error: { code: 1, title: 'bad \0 \ud83d' } },
    ];
    const settled = claimed.map((message, n) => ({
      message,
      outcome: outcomes[n]!,
      settlement: settle(message, outcomes[n]!, new Date(), 0),
    }));
    const written = await api.as(tenant, () => api.module.get(Settlements).write(numberOf(tenant), settled));
    expect(written.every(({ moved }) => moved)).toBe(true);
    expect(await api.states(tenant)).toEqual({ accepted: 2, failed: 1 });
  });

  it('leaves a claim alone while it holds', async () => {
    await api.enqueue(tenant, '911', 'hello');
    const [message] = await claim();
    await startWorker();
    await worker!.ring(tenant);
    await delay(300);
    expect((await api.message(tenant, message!.id)).state).toBe('sending');
    expect(provider.posted).toEqual([]);
    expect(await write(message!, { kind: 'accepted', wamid: 'wamid.1' })).toMatchObject([{ moved: true }]);
  });
});
