import type { TenantId } from '../../../src/kernel/ids.js';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import { ReadReceipts } from '../../../src/modules/messaging/application/outbound/read-receipts.js';
import { RedriveGivenUpMessage } from '../../../src/modules/messaging/infrastructure/outbound/given-up-message.redrive.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

const error = { code: 131026, title: 'Undeliverable' };

describe('What becomes of a message after its POST (reliability 2.5)', () => {
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

  const answering = (...outcomes: SendOutcome[]): void => {
    provider.answer = ({ wamid }) => outcomes.shift() ?? { kind: 'accepted', wamid };
  };

  it('accepted: stored with its wamid, and so is the attempt (S2.69)', async () => {
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    const row = await engine.untilState(tenant, messageId, 'accepted');
    expect(row).toMatchObject({ wamid: provider.posted[0]!.wamid, attempt_no: 1, refusals: 0, failure: null });
    expect(await engine.attempts(tenant, messageId)).toEqual([
      { attempt_no: 1, outcome: 'accepted', wamid: row.wamid },
    ]);
  });

  it('not sent: tried again after a while, five times in all, then failed and kept among the dead letters (C22, S2.67, S2.5)', async () => {
    answering(
      ...Array.from({ length: 5 }, (): SendOutcome => ({
        kind: 'not-sent',
        error: { code: 'ECONNREFUSED', title: 'Not reached' },
      })),
    );
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    for (let tries = 1; tries < 5; tries++) {
      const row = await until(async () => {
        const seen = await engine.message(tenant, messageId);
        return seen.state === 'queued' && seen.refusals === tries ? seen : undefined;
      });
      expect(row.next_at.getTime()).toBeGreaterThan(provider.posted.at(-1)!.at);
      await engine.hurry(tenant, messageId);
    }
    const row = await engine.untilState(tenant, messageId, 'failed');
    expect(row).toMatchObject({ attempt_no: 5, refusals: 5, failure: { code: 'ECONNREFUSED', class: 'not_sent' } });
    expect(provider.posted).toHaveLength(5);
    const letters = await engine.sql(tenant, `select kind, state from dead_letter where subject_id = $1`, [messageId]);
    expect(letters).toEqual([{ kind: 'message', state: 'open' }]);
    const redrive = (): Promise<boolean> =>
      engine.as(tenant, () =>
        engine.module.get(UnitOfWork).run(() => engine.module.get(RedriveGivenUpMessage).redrive(messageId)),
      );
    expect(await redrive()).toBe(true);
    await engine.untilState(tenant, messageId, 'accepted');
    expect(await redrive()).toBe(false);
  });

  it('refused for itself: failed at once, and only it', async () => {
    provider.answer = ({ text, wamid }) =>
      text === 'bad' ? { kind: 'refused', about: 'message', error } : { kind: 'accepted', wamid };
    const bad = await engine.enqueue(tenant, '911', 'bad');
    const good = await engine.enqueue(tenant, '912', 'good');
    expect(await engine.untilState(tenant, bad.messageId, 'failed')).toMatchObject({
      failure: { code: 131026, class: 'refused' },
      attempt_no: 1,
    });
    await engine.untilState(tenant, good.messageId, 'accepted');
  });

  it('throttled: waits, burns no attempt of its five, and goes when it may (F24)', async () => {
    answering({ kind: 'throttled', scope: 'number', error: { code: 130429, title: 'Too fast' } });
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    const row = await engine.untilState(tenant, messageId, 'accepted');
    expect(row.refusals).toBe(0);
    expect((await engine.attempts(tenant, messageId)).map(({ outcome }) => outcome)).toEqual(['throttled', 'accepted']);
  });

  it('throttled for this customer: others go on meanwhile', async () => {
    let throttles = 1;
    provider.answer = ({ to, wamid }) =>
      to === '911' && throttles-- > 0
        ? { kind: 'throttled', scope: 'recipient', error: { code: 131056, title: 'Pair' } }
        : { kind: 'accepted', wamid };
    const first = await engine.enqueue(tenant, '911', 'one');
    await until(() => provider.posted.length === 1);
    const other = await engine.enqueue(tenant, '912', 'other');
    await engine.untilState(tenant, other.messageId, 'accepted');
    expect((await engine.message(tenant, first.messageId)).state).toBe('queued');
    await engine.untilState(tenant, first.messageId, 'accepted');
  });

  it('breaker open: stays queued as if it had never been tried (C38)', async () => {
    answering({ kind: 'deferred', retryAt: new Date(Date.now() + 400) });
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await until(() => provider.posted.length === 1);
    await until(async () => (await engine.message(tenant, messageId)).state === 'queued');
    expect(await engine.attempts(tenant, messageId)).toEqual([]);
    const row = await engine.untilState(tenant, messageId, 'accepted');
    expect(row).toMatchObject({ attempt_no: 1, refusals: 0 });
  });

  it('dead token: the account stops, nothing is counted, all goes after a reconnect (F25, C67)', async () => {
    provider.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { kind: 'credential', error: { code: 190, title: 'Token' } };
    };
    await engine.enqueueAll(
      tenant,
      Array.from({ length: 300 }, (_, n) => ({ to: `91${n}`, text: `m${n}` })),
    );
    await until(async () => senders.refused.length === 1 && (await engine.states(tenant))['queued'] === 300);
    expect(senders.refused).toMatchObject([{ accountId: 'account', version: 1 }]);
    const posts = provider.posted.length;
    expect(posts).toBeLessThanOrEqual(64);
    const [{ n }] = (await engine.sql<{ n: number }>(tenant, 'select max(refusals)::int as n from message')) as [
      { n: number },
    ];
    expect(n).toBe(0);
    senders.unable.clear();
    answering();
    await engine.ring(tenant);
    await until(async () => (await engine.states(tenant))['accepted'] === 300, { within: 20_000 });
    expect(provider.posted).toHaveLength(posts + 300);
  });

  it('number restricted: it is paused, its messages wait (131048)', async () => {
    answering({ kind: 'refused', about: 'number', error: { code: 131048, title: 'Spam' } });
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    await until(() => senders.unable.get(numberOf(tenant)) === 'paused');
    expect(await engine.untilState(tenant, messageId, 'queued')).toMatchObject({
      refusals: 0,
      failure: { code: 131048 },
    });
    senders.unable.clear();
    await engine.ring(tenant);
    await engine.untilState(tenant, messageId, 'accepted');
  });

  it('no such number: failed, nobody is asked', async () => {
    senders.unable.set(numberOf(tenant), 'unknown');
    const { messageId } = await engine.enqueue(tenant, '911', 'hello');
    expect(await engine.untilState(tenant, messageId, 'failed')).toMatchObject({
      failure: { code: 'PHONE_NUMBER_NOT_FOUND' },
    });
    expect(provider.posted).toEqual([]);
  });

  it('an adapter that breaks its promise: unknown, and the others go on', async () => {
    provider.answer = ({ text, wamid }) =>
      text === 'poison' ? Promise.reject(new Error('bug')) : { kind: 'accepted', wamid };
    const poison = await engine.enqueue(tenant, '911', 'poison');
    const good = await engine.enqueue(tenant, '912', 'good');
    await engine.untilState(tenant, poison.messageId, 'unknown');
    await engine.untilState(tenant, good.messageId, 'accepted');
  });

  it('not sent before its time was over: expired', async () => {
    senders.unable.set(numberOf(tenant), 'paused');
    const { messageId } = await engine.enqueue(tenant, '911', 'code 1234', {
      category: 'authentication',
      expiresAt: new Date(Date.now() + 300),
    });
    expect(await engine.untilState(tenant, messageId, 'expired')).toMatchObject({ failure: { class: 'expired' } });
    senders.unable.clear();
    await engine.ring(tenant);
    const { messageId: later } = await engine.enqueue(tenant, '911', 'later');
    await engine.untilState(tenant, later, 'accepted');
    expect(provider.texts()).toEqual(['later']);
  });
});

describe('A read receipt (S0.61)', () => {
  const provider = new ScriptedProvider();
  let database: TestDatabase;
  let engine: OutboundEngine;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await OutboundEngine.start(database, provider, new ScriptedSenders(), { ROLE: 'api' });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('is told after the commit, and not at all when there is none', async () => {
    const tenant = newTenant();
    const mark = (wamid: string, work: () => void): Promise<void> =>
      engine.as(tenant, () =>
        engine.module.get(UnitOfWork).run(async () => {
          engine.module.get(ReadReceipts).markAsRead(numberOf(tenant), wamid, 'ticks');
          expect(provider.receipts).toEqual([]);
          work();
        }),
      );
    const fault = (): void => {
      throw new Error('rolled back');
    };
    await expect(mark('wamid.lost', fault)).rejects.toThrow('rolled back');
    await mark('wamid.read', () => undefined);
    await until(() => provider.receipts.length > 0);
    expect(provider.receipts).toEqual(['wamid.read']);
  });
});
