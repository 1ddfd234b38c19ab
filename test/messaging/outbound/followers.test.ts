import { Injectable, Module } from '@nestjs/common';
import type { TenantId } from '../../../src/kernel/ids.js';
import { newId } from '../../../src/kernel/ids.js';
import {
  EnqueueMessages,
  type FollowedMove,
  FollowsMessages,
  MessageFollower,
  type MessageToRelease,
  type Release,
} from '../../../src/modules/messaging/index.js';
import { CancelMessage } from '../../../src/modules/messaging/application/outbound/cancel-message.js';
import { Commands } from '../../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

/** Decides as the test says, and keeps what it was asked and told. */
@Injectable()
@FollowsMessages('test')
class ScriptedFollower extends MessageFollower {
  decide: (message: MessageToRelease) => Release = () => ({ then: 'go' });
  readonly asked: string[] = [];
  readonly told: FollowedMove[] = [];

  constructor(private readonly unitOfWork: UnitOfWork) {
    super();
  }

  release(messages: readonly MessageToRelease[]): Promise<ReadonlyMap<string, Release>> {
    if (!this.unitOfWork.isOpen) throw new Error('A follower is asked inside the transaction that commits the attempt');
    this.asked.push(...messages.map(({ subjectId }) => subjectId));
    return Promise.resolve(new Map(messages.map((message) => [message.messageId, this.decide(message)])));
  }

  moved(moves: readonly FollowedMove[]): Promise<void> {
    this.told.push(...moves);
    return Promise.resolve();
  }
}

@Module({ providers: [ScriptedFollower] })
class FollowerModule {}

describe('Whoever ordered a message has the last word before each attempt (D2, architecture 4)', () => {
  const provider = new ScriptedProvider();
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  let engine: OutboundEngine;
  let follower: ScriptedFollower;
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await OutboundEngine.start(database, provider, senders, {}, FollowerModule);
    follower = engine.module.get(ScriptedFollower, { strict: false });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });
  beforeEach(() => {
    provider.reset();
    senders.reset();
    tenant = newTenant();
    follower.decide = () => ({ then: 'go' });
    follower.asked.length = follower.told.length = 0;
  });

  const follow = (to: string, text: string, subjectId = newId()): Promise<{ messageId: string }> =>
    engine.enqueue(tenant, to, text, {
      category: 'payment_reminder',
      followedBy: { follower: 'test', subjectId },
    });

  it('a message that is withheld is cancelled with the reason, without an attempt, and the next in line goes', async () => {
    follower.decide = ({ content }) =>
      content.type === 'text' && content.body === 'paid' ? { then: 'withhold', reason: 'PAID' } : { then: 'go' };
    const withheld = await follow('911', 'paid');
    const next = await follow('911', 'another');
    await engine.untilState(tenant, next.messageId, 'accepted');
    const row = await engine.message(tenant, withheld.messageId);
    expect(row).toMatchObject({ state: 'cancelled', attempt_no: 0, failure: { code: 'PAID', class: 'withheld' } });
    expect(await engine.attempts(tenant, withheld.messageId)).toEqual([]);
    expect(provider.texts()).toEqual(['another']);
    expect(follower.told).toContainEqual(
      expect.objectContaining({ messageId: withheld.messageId, state: 'cancelled' }),
    );
  });

  it('it leaves with the words of that moment, and they are what is stored', async () => {
    follower.decide = () => ({ then: 'go', content: { type: 'text', body: 'you owe 300' } });
    const { messageId } = await follow('911', 'you owe 500');
    await engine.untilState(tenant, messageId, 'accepted');
    expect(provider.texts()).toEqual(['you owe 300']);
    const [stored] = await engine.sql(tenant, `select content ->> 'body' as body from message`);
    expect(stored).toEqual({ body: 'you owe 300' });
  });

  it('it is asked again before each further attempt', async () => {
    provider.answer = () => ({ kind: 'not-sent', error: { code: 'ECONNREFUSED', title: 'Not reached' } });
    const subjectId = newId();
    const { messageId } = await follow('911', 'hello', subjectId);
    await until(async () => (await engine.message(tenant, messageId)).refusals === 1, { within: 10_000 });
    follower.decide = () => ({ then: 'withhold', reason: 'PAUSED' });
    await engine.hurry(tenant, messageId);
    await engine.untilState(tenant, messageId, 'cancelled');
    expect(follower.asked).toEqual([subjectId, subjectId]);
    expect(provider.posted).toHaveLength(1);
    expect(await engine.attempts(tenant, messageId)).toEqual([{ attempt_no: 1, outcome: 'not_sent', wamid: null }]);
  });

  it('is told what became of it: sent, refused, called back, lost', async () => {
    provider.answer = ({ to, wamid }) => {
      if (to === '912') return { kind: 'refused', about: 'template', error: { code: 132_001, title: 'No template' } };
      if (to === '914') return { kind: 'unknown', soft: false, error: { code: 'RESET', title: 'Answer lost' } };
      return { kind: 'accepted', wamid };
    };
    const sent = await follow('911', 'sent');
    const refused = await follow('912', 'refused');
    const lost = await follow('914', 'lost');
    await engine.untilState(tenant, sent.messageId, 'accepted');
    await engine.untilState(tenant, refused.messageId, 'failed');
    await engine.untilState(tenant, lost.messageId, 'unknown');
    senders.unable.set(numberOf(tenant), 'paused');
    const calledBack = await follow('913', 'called back');
    await engine.as(tenant, () => engine.module.get(Commands).execute(new CancelMessage(calledBack.messageId)));
    const states = new Map(follower.told.map(({ messageId, state, failure }) => [messageId, [state, failure?.code]]));
    expect(states.get(sent.messageId)).toEqual(['accepted', undefined]);
    expect(states.get(refused.messageId)).toEqual(['failed', 132_001]);
    expect(states.get(lost.messageId)).toEqual(['unknown', 'RESET']);
    expect(states.get(calledBack.messageId)).toEqual(['cancelled', undefined]);
  });

  it('its leave is believed for a second: what has waited longer for its turn is asked about again', async () => {
    senders.throughput = 4;
    const customers = Array.from({ length: 24 }, (_, n) => `91${100 + n}`);
    await engine.as(tenant, () =>
      engine.module.get(Commands).execute(
        new EnqueueMessages(
          customers.map((value) => ({
            phoneNumberId: numberOf(tenant),
            to: { kind: 'phone' as const, value },
            content: { type: 'text' as const, body: value },
            category: 'payment_reminder' as const,
            followedBy: { follower: 'test', subjectId: newId() },
          })),
        ),
      ),
    );
    await until(() => provider.posted.length >= 2, { within: 10_000 });
    follower.decide = () => ({ then: 'withhold', reason: 'PAUSED' });
    const forbiddenAt = Date.now();
    await until(async () => (await engine.states(tenant))['queued'] === undefined, { within: 20_000 });
    await until(async () => (await engine.states(tenant))['sending'] === undefined, { within: 20_000 });
    const states = await engine.states(tenant);
    expect(states['cancelled']! + states['accepted']!).toBe(24);
    expect(states['cancelled']).toBeGreaterThan(12);
    expect(provider.posted.every(({ at }) => at <= forbiddenAt + 1500)).toBe(true);
  });

  it('is not asked again and again about many that the wire has no room for', async () => {
    provider.answer = async ({ wamid }) => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return { kind: 'accepted', wamid };
    };
    await engine.as(tenant, () =>
      engine.module.get(Commands).execute(
        new EnqueueMessages(
          Array.from({ length: 1000 }, (_, n) => ({
            phoneNumberId: numberOf(tenant),
            to: { kind: 'phone' as const, value: `91${1000 + n}` },
            content: { type: 'text' as const, body: 'hello' },
            category: 'payment_reminder' as const,
            followedBy: { follower: 'test', subjectId: newId() },
          })),
        ),
      ),
    );
    await until(() => provider.posted.length > 150, { within: 60_000 });
    // Without a measure of the wire each of the four rounds asks about 500.
    expect(follower.asked.length).toBeLessThan(1400);
    follower.decide = () => ({ then: 'withhold', reason: 'PAUSED' });
    await until(async () => (await engine.states(tenant))['queued'] === undefined, { within: 60_000 });
  }, 180_000);

  it('a message that nobody follows any more is withheld', async () => {
    const order = { category: 'payment_reminder' as const, followedBy: { follower: 'gone', subjectId: newId() } };
    const { messageId } = await engine.enqueue(tenant, '911', 'hello', order);
    const row = await engine.untilState(tenant, messageId, 'cancelled');
    expect(row.failure).toMatchObject({ code: 'NOBODY_ANSWERS_FOR_IT' });
    expect(provider.posted).toEqual([]);
  });
});
