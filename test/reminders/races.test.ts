import { newId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import { addDays, localDate } from '../../src/kernel/local-time.js';
import { Money } from '../../src/kernel/money.js';
import { ChangeConversation } from '../../src/modules/conversations/application/inbox/change-conversation.js';
import { ChangeDue, OptOut, PauseDue, RecordPayment } from '../../src/modules/customers/index.js';
import { CancelReminder } from '../../src/modules/reminders/application/planning/cancel-reminder.js';
import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Merchant, type Posted } from './collection-rig.js';

const RACES = 10_000;
const AT_ONCE = 250;
/** For how long a leave to go is believed, and what the loop of a busy process may add. */
const LEAVE_MS = 1000 + 250;
const DAY_MS = 86_400_000;
const EVERYTHING = InboxAccess.of({ areas: 'all' });

type Act = 'pay' | 'pay-part' | 'pause' | 'stop' | 'block' | 'cancel' | 'move' | 'correct';
const ACTS: readonly Act[] = ['pay', 'pay-part', 'pause', 'stop', 'block', 'cancel', 'move', 'correct'];
/** What may come before a message, and is then told in it. */
const ALLOWS = new Set<Act>(['pay-part', 'correct']);

interface Race {
  readonly debt: Debt;
  readonly act: Act;
  /** The conversation with the customer, open since before. */
  readonly threadId: string;
  /** When the one who acted was told that it is done: it was committed before. Undefined: it was refused, because the message had left. */
  doneAt: Date | undefined;
}

/** Each due is raced for once: somebody acts on it while its reminder is claimed, decided, queued, claimed again, decided again, posted. */
describe('Whatever forbids a reminder and is committed first, wins (D2, G8, F48, S0.37, S0.38, S0.78)', () => {
  let rig: CollectionRig;
  let merchant: Merchant;
  const races: Race[] = [];

  beforeAll(async () => {
    rig = await CollectionRig.open('all', 'worker');
    merchant = await rig.merchant();
    let seed = 1;
    // A sequence that is the same each time; what the machine makes of it is not.
    const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let wave = 0; wave < RACES / AT_ONCE; wave++) {
      const debts = await rig.debts(merchant, AT_ONCE);
      const acts = debts.map((debt): Race => ({
        debt,
        act: ACTS[Math.floor(chance() * ACTS.length)]!,
        threadId: newId(),
        doneAt: undefined,
      }));
      races.push(...acts);
      await converse(acts);
      await rig.ring(merchant);
      // Five people at a time, each one act after another: spread over the whole way of the wave's reminders.
      const left = acts.toSorted(() => chance() - 0.5);
      await Promise.all(
        Array.from({ length: 5 }, async () => {
          for (let race = left.pop(); race; race = left.pop()) await perform(race);
        }),
      );
      await untilSettled();
    }
  }, 1_800_000);
  afterAll(() => rig.close());

  async function converse(those: readonly Race[]): Promise<void> {
    await rig.sql(
      merchant,
      `insert into thread (tenant_id, id, phone_number_id, contact_id, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
       select $1::uuid, id, $2, contact_id, now(), 'INBOUND', 'hi', now(), now() from unnest($3::uuid[], $4::uuid[]) as t (id, contact_id)`,
      [
        merchant.tenantId,
        merchant.phoneNumberId,
        those.map(({ threadId }) => threadId),
        those.map(({ debt }) => debt.customerId),
      ],
    );
  }

  async function perform(race: Race): Promise<void> {
    const { debt, act, threadId } = race;
    const { customerId, dueId } = debt;
    const command = {
      pay: () => new RecordPayment({ customerId, dueId, amount: Money.of(500_000, 'INR') }),
      'pay-part': () => new RecordPayment({ customerId, dueId, amount: Money.of(200_000, 'INR') }),
      pause: () => new PauseDue(dueId, new Date(rig.now().getTime() + DAY_MS)),
      stop: () => new OptOut({ customerId, message: { wamid: `wamid.${customerId}`, said: 'STOP', at: rig.now() } }),
      block: () => new ChangeConversation(EVERYTHING, 'system', threadId, { status: 'blocked' }),
      cancel: () => new CancelReminder(debt.reminderId),
      move: () => new ChangeDue(dueId, { dueDate: addDays(localDate(rig.now(), 'Asia/Kolkata'), 30) }),
      correct: () => new ChangeDue(dueId, { amount: Money.of(300_000, 'INR') }),
    }[act]();
    try {
      await rig.execute(merchant, command);
      race.doneAt = rig.now();
    } catch (error) {
      if ((error as { code?: string }).code !== 'REMINDER_SENT') throw error;
    }
  }

  async function untilSettled(): Promise<void> {
    const busy = `select 1 from reminder where status = 'queued' or status in ('pending', 'rescheduled') and scheduled_for <= business_now() limit 1`;
    await until(async () => (await rig.sql(merchant, busy)).length === 0, { within: 180_000 });
  }

  const postedTo = (): Map<string, Posted[]> => Map.groupBy(rig.provider.posted, ({ to }) => to);

  it(`of ${RACES} races, both sides won some`, () => {
    const posted = postedTo();
    for (const act of ACTS.filter((one) => !ALLOWS.has(one))) {
      const ofAct = races.filter((race) => race.act === act);
      const lost = ofAct.filter(({ debt }) => posted.has(debt.phone));
      expect({ act, some: lost.length > 0 }).toEqual({ act, some: true });
      expect({ act, some: lost.length < ofAct.length }).toEqual({ act, some: true });
    }
  });

  it('no reminder was let go after what forbids it was committed', async () => {
    const leaves = await rig.sql<{ reminder_id: string; at: Date }>(
      merchant,
      `select reminder_id, max(at) as at from reminder_decision where occasion = 'send' and verdict = 'send' group by reminder_id`,
    );
    const leftAt = new Map(leaves.map(({ reminder_id, at }) => [reminder_id, at]));
    const wrong = races.filter(({ debt, act, doneAt }) => {
      const leave = leftAt.get(debt.reminderId);
      return !ALLOWS.has(act) && doneAt && leave && doneAt < leave;
    });
    expect(wrong).toEqual([]);
  });

  it('nothing was posted later than the leave lasts', () => {
    const posted = postedTo();
    const late = races.filter(
      ({ debt, act, doneAt }) =>
        !ALLOWS.has(act) &&
        doneAt &&
        posted.get(debt.phone)?.some(({ at }) => at.getTime() > doneAt.getTime() + LEAVE_MS),
    );
    expect(late).toEqual([]);
  });

  it('nobody got a reminder twice, and a cancelled one was never posted', () => {
    const posted = postedTo();
    expect([...posted.values()].filter((posts) => posts.length > 1)).toEqual([]);
    expect(races.filter(({ act, debt, doneAt }) => act === 'cancel' && doneAt && posted.has(debt.phone))).toEqual([]);
  });

  it('nobody waited in a circle with who sends (F40)', async () => {
    const [seen] = await rig.sql<{ deadlocks: number }>(
      merchant,
      `select deadlocks::int from pg_stat_database where datname = current_database()`,
    );
    expect(seen).toEqual({ deadlocks: 0 });
  });

  it('what changed the amount before is told in the message (D2)', async () => {
    const posted = postedTo();
    const leaves = await rig.sql<{ reminder_id: string; at: Date }>(
      merchant,
      `select reminder_id, min(at) as at from reminder_decision where occasion = 'send' and verdict = 'send' group by reminder_id`,
    );
    const leftAt = new Map(leaves.map(({ reminder_id, at }) => [reminder_id, at]));
    const told = races.filter(
      ({ act, debt, doneAt }) => ALLOWS.has(act) && doneAt && doneAt < leftAt.get(debt.reminderId)!,
    );
    expect(told.length).toBeGreaterThan(0);
    const wrong = told.filter(({ debt }) => {
      const [post] = posted.get(debt.phone)!;
      return !JSON.stringify(post!.content).includes('₹3,000.00');
    });
    expect(wrong).toEqual([]);
  });

  it('each reminder that was not sent says why, once', async () => {
    const unsent = await rig.sql<{ status: string; reason: string; n: number }>(
      merchant,
      `select status, reason, count(*)::int as n from reminder where status <> 'sent' group by 1, 2 order by 1, 2`,
    );
    expect(new Set(unsent.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set([
        'cancelled CONVERSATION_BLOCKED',
        'cancelled CANCELLED_BY_USER',
        'cancelled OPTED_OUT',
        'cancelled PAID',
        'cancelled REPLANNED',
        'pending null',
        'rescheduled PAUSED',
      ]),
    );
  });
});
