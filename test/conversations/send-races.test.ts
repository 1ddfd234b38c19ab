import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import { AssignConversation } from '../../src/modules/conversations/application/inbox/assign-conversation.js';
import { ChangeConversation } from '../../src/modules/conversations/application/inbox/change-conversation.js';
import { SendInConversation } from '../../src/modules/conversations/application/messages/send-in-conversation.js';
import { WINDOW_MS } from '../../src/modules/conversations/domain/service-window.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { CollectionRig, type Merchant, type Posted } from '../reminders/collection-rig.js';
import { until } from '../setup/until.js';

const RACES = 400;
const AT_ONCE = 4;
/** What is claimed when somebody forbids it is on the wire a moment later: for how long a leave is believed, and what a busy loop adds. */
const LEAVE_MS = 1000 + 250;
/** Over this the beginnings are spread, so that each side comes first somewhere on its way. */
const HEAD_START_MS = 160;
const CLOSES_WITHIN_MS = 500;

type Act = 'block' | 'archive' | 'take-away' | 'close';
const ACTS: readonly Act[] = ['block', 'archive', 'take-away', 'close'];

interface Race {
  readonly act: Act;
  readonly threadId: string;
  readonly phone: string;
  /** When the window closes. */
  readonly closesAt: Date;
  /** What each of two sends with the same key was answered: a message's id, or the code of its refusal. */
  readonly answers: { readonly messageId?: string; readonly code?: string }[];
  /** When the one who acted was told that it is done: it was committed before. */
  doneAt: Date | undefined;
}

/** In each conversation a seller sends twice under one key, while somebody blocks, archives or takes it away, or its window closes. */
describe('A send against what forbids it (S1.88, S1.92, S1.98, C52, S2.51)', () => {
  const seller = newId();
  const area = newId();
  const sales = InboxAccess.of({ role: 'SALES', userId: seller, areas: [area], salesAssignedOnly: true });
  const lead = InboxAccess.of({ role: 'ADMIN', userId: newId(), areas: 'all' });
  const races: Race[] = [];
  let rig: CollectionRig;
  let merchant: Merchant;
  let posted: Map<string, Posted[]>;
  /** Of each conversation, in the order of their commits: they are written under its lock. */
  let events: Map<string, { name: string; payload: Record<string, unknown> }[]>;

  beforeAll(async () => {
    rig = await CollectionRig.open('all', 'worker');
    merchant = await rig.merchant();
    await rig.sql(
      merchant,
      `insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, 'jaipur', now())`,
      [merchant.tenantId, area],
    );
    await rig.sql(merchant, 'update phone_number set area_id = $1::uuid', [area]);
    let seed = 7;
    // A sequence that is the same each time; what the machine makes of it is not.
    const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const left = Array.from({ length: RACES }, (_, n) => ({
      n,
      act: ACTS[n % ACTS.length]!,
      headStart: (chance() - 0.5) * HEAD_START_MS,
    }));
    // As background work, which waits for a connection on a machine under load instead of giving up.
    await rig.get(UnitOfWork).inBackground(() =>
      Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let next = left.pop(); next; next = left.pop()) races.push(await run(next.n, next.act, next.headStart));
        }),
      ),
    );
    const busy = `select 1 from message where direction = 'OUTBOUND' and state in ('queued', 'sending') limit 1`;
    await until(async () => (await rig.sql(merchant, busy)).length === 0, { within: 60_000 });
    posted = Map.groupBy(rig.provider.posted, ({ to }) => to);
    const rows = await rig.sql<{ thread_id: string; name: string; payload: Record<string, unknown> }>(
      merchant,
      `select thread_id, name, payload from tenant_event where thread_id is not null order by position`,
    );
    events = Map.groupBy(rows, ({ thread_id }) => thread_id);
  }, 600_000);
  afterAll(() => rig.close());

  /** @param headStart milliseconds by which the act begins before the sends; negative: after them */
  async function run(n: number, act: Act, headStart: number): Promise<Race> {
    const race = await open(n, act);
    const send = async (): Promise<void> => {
      const request = {
        content: { type: 'text', body: `of ${n}` },
        idempotencyKey: `key-${n}`,
        sentBy: seller,
      } as const;
      race.answers.push(
        await rig
          .execute<{ id: string }>(merchant, new SendInConversation(sales, `user:${seller}`, race.threadId, request))
          .then(({ id }) => ({ messageId: id }))
          .catch((error: { code?: string }) => ({ code: error.code ?? 'UNNAMED' })),
      );
    };
    const interfere = async (): Promise<void> => {
      const status = act === 'block' ? 'blocked' : 'archived';
      if (act === 'take-away')
        await rig.execute(merchant, new AssignConversation(lead, 'user:lead', race.threadId, { userId: null }));
      if (act === 'block' || act === 'archive')
        await rig.execute(merchant, new ChangeConversation(lead, 'user:lead', race.threadId, { status }));
      if (act !== 'close') race.doneAt = rig.now();
    };
    const after = (milliseconds: number, work: () => Promise<void>): Promise<void> =>
      milliseconds > 0 ? delay(milliseconds).then(work) : work();
    await Promise.all([after(headStart, send), after(headStart, send), after(-headStart, interfere)]);
    return race;
  }

  /** A customer who has written, in a conversation of the seller's. */
  async function open(n: number, act: Act): Promise<Race> {
    const [contactId, threadId, phone] = [newId(), newId(), `9177${String(n).padStart(8, '0')}`];
    // A window that closes while the sends are on their way.
    const opensFor = act === 'close' ? ((n * 37) % CLOSES_WITHIN_MS) + 1 : WINDOW_MS / 2;
    const { tenantId, phoneNumberId } = merchant;
    const closesAt = new Date(rig.now().getTime() + opensFor);
    await rig.sql(
      merchant,
      `with person as (
         insert into contact (tenant_id, id, created_at, updated_at) values ($1::uuid, $3::uuid, now(), now()) returning id),
       known as (
         insert into contact_identity (tenant_id, kind, value, contact_id, created_at) select $1::uuid, 'phone', $5, id, now() from person)
       insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, last_message_at, last_message_direction, last_message_preview,
         last_inbound_at, created_at, updated_at)
       select $1::uuid, $2::uuid, $4, id, $6::uuid, now(), 'INBOUND', 'hi', $7::timestamptz, now(), now() from person`,
      [
        tenantId,
        threadId,
        contactId,
        phoneNumberId,
        `+${phone}`,
        seller,
        new Date(closesAt.getTime() - WINDOW_MS).toISOString(),
      ],
    );
    return { act, threadId, phone, closesAt, answers: [], doneAt: undefined };
  }

  const of = (act: Act): Race[] => races.filter((race) => race.act === act);
  const accepted = ({ answers }: Race): boolean => answers.some(({ messageId }) => messageId !== undefined);
  const codes = (race: Race): string[] => race.answers.flatMap(({ code }) => code ?? []);
  /** Where in the conversation's events something happened; -1: never. */
  const place = (
    { threadId }: Race,
    is: (event: { name: string; payload: Record<string, unknown> }) => boolean,
  ): number => (events.get(threadId) ?? []).findIndex(is);
  const sentAt = (race: Race): number =>
    place(race, ({ name, payload }) => name === 'whatsapp-new-message' && payload['direction'] !== 'INBOUND');
  const changedAt = (race: Race, field: string): number =>
    place(race, ({ name, payload }) => {
      const changed = payload['changed'] as Record<string, unknown> | undefined;
      return (
        name === 'whatsapp-conversation-update' &&
        changed !== undefined &&
        field in changed &&
        payload['actor'] === 'user:lead'
      );
    });

  const expectFirst = (first: number, then: number): void => {
    expect(first).toBeGreaterThanOrEqual(0);
    expect(then).toBeGreaterThan(first);
  };

  it(`of ${RACES} races, both sides won some, and nothing failed otherwise`, () => {
    expect(races).toHaveLength(RACES);
    for (const act of ['block', 'take-away', 'close'] as const) {
      const won = of(act).filter(accepted);
      expect({ act, some: won.length > 0 && won.length < of(act).length }).toEqual({ act, some: true });
    }
    const allowed: Record<Act, string[]> = {
      block: ['CONVERSATION_BLOCKED', 'IDEMPOTENCY_KEY_USED'],
      archive: ['IDEMPOTENCY_KEY_USED'],
      'take-away': ['CONVERSATION_NOT_FOUND', 'IDEMPOTENCY_KEY_USED'],
      close: ['IDEMPOTENCY_KEY_USED', 'WINDOW_CLOSED'],
    };
    for (const race of races) expect(allowed[race.act]).toEqual(expect.arrayContaining(codes(race)));
  });

  it('no key has two messages, and no customer two POSTs (S2.51)', async () => {
    const twice = races.filter(({ answers }) => answers.filter(({ messageId }) => messageId).length > 1);
    expect(twice).toEqual([]);
    const rows = await rig.sql<{ n: number; keys: number }>(
      merchant,
      `select count(*)::int as n, count(distinct idempotency_key)::int as keys from message where direction = 'OUTBOUND'`,
    );
    const expected = races.filter(accepted).length;
    expect(rows).toEqual([{ n: expected, keys: expected }]);
    expect([...posted.values()].filter((posts) => posts.length > 1)).toEqual([]);
  });

  it('nothing was accepted after a block, and nothing leaves after it (S1.92)', async () => {
    for (const race of of('block').filter(accepted)) expectFirst(sentAt(race), changedAt(race, 'status'));
    const late = of('block').filter(({ phone, doneAt }) =>
      posted.get(phone)?.some(({ at }) => at.getTime() > doneAt!.getTime() + LEAVE_MS),
    );
    expect(late).toEqual([]);
    const kept = of('block').filter((race) => accepted(race) && !posted.has(race.phone));
    const rows = await rig.sql<{ state: string; code: string }>(
      merchant,
      `select distinct state, failure ->> 'code' as code from message where direction = 'OUTBOUND' and thread_id = any($1::uuid[])`,
      [kept.map(({ threadId }) => threadId)],
    );
    if (kept.length > 0) expect(rows).toEqual([{ state: 'cancelled', code: 'CONVERSATION_BLOCKED' }]);
  });

  it('who had lost sight of the conversation sent nothing in it (S1.98, C52)', () => {
    for (const race of of('take-away').filter(accepted)) expectFirst(sentAt(race), changedAt(race, 'assigneeId'));
  });

  it('what a person sends takes it out of the archive, whichever came first (S1.92)', async () => {
    const rows = await rig.sql<{ id: string; status: string }>(merchant, 'select id, status from thread');
    const status = new Map(rows.map((row) => [row.id, row.status]));
    for (const race of of('archive')) {
      expect(accepted(race)).toBe(true);
      const isLast = changedAt(race, 'status') > sentAt(race);
      expect(status.get(race.threadId)).toBe(isLast ? 'archived' : 'active');
    }
  });

  it('nothing but a template leaves after the window has closed (S1.88)', () => {
    const late = of('close').filter(({ phone, closesAt }) =>
      posted.get(phone)?.some(({ at }) => at.getTime() > closesAt.getTime() + 250),
    );
    expect(late).toEqual([]);
  });

  it('what was queued before a block and waits for its turn is cancelled with the reason; lifted, later ones go (S1.92)', async () => {
    await rig.sql(merchant, `update phone_number set status = 'paused'`);
    const race = await open(RACES, 'block');
    const say = (key: string): Promise<{ id: string }> =>
      rig.execute(
        merchant,
        new SendInConversation(sales, `user:${seller}`, race.threadId, {
          content: { type: 'text', body: key },
          idempotencyKey: key,
          sentBy: seller,
        }),
      );
    const change = (status: 'blocked' | 'active'): Promise<unknown> =>
      rig.execute(merchant, new ChangeConversation(lead, 'user:lead', race.threadId, { status }));
    const { id } = await say('before');
    await change('blocked');
    await rig.sql(merchant, `update phone_number set status = 'active'`);
    await rig.sql(
      merchant,
      `insert into lane_ring (kind, key, tenant_id, due_at) values ('whatsapp-send-queue', $1, $2::uuid, business_now())`,
      [merchant.phoneNumberId, merchant.tenantId],
    );
    const found = (messageId: string): Promise<{ state: string; failure: unknown }[]> =>
      rig.sql(merchant, 'select state, failure from message where id = $1::uuid', [messageId]);
    await until(async () => (await found(id))[0]!.state === 'cancelled', { within: 30_000 });
    expect(await found(id)).toMatchObject([{ failure: { code: 'CONVERSATION_BLOCKED', class: 'withheld' } }]);
    await expect(say('during')).rejects.toMatchObject({ code: 'CONVERSATION_BLOCKED' });
    await change('active');
    const after = await say('after');
    await until(async () => (await found(after.id))[0]!.state === 'accepted', { within: 30_000 });
    const bodies = rig.provider.posted.filter(({ to }) => to === race.phone).map(({ content }) => content);
    expect(bodies).toEqual([{ type: 'text', body: 'after' }]);
  });
});
