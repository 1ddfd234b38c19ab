import { Money } from '../../src/kernel/money.js';
import { RecordPayment } from '../../src/modules/customers/index.js';
import { CancelMessage } from '../../src/modules/messaging/index.js';
import { CatchUpWithMessages } from '../../src/modules/reminders/application/sweep/catch-up-with-messages.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Merchant, type Posted } from './collection-rig.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('What is on its way when reminders are switched off (ENABLE_REMINDERS)', () => {
  let rig: CollectionRig;
  let merchant: Merchant;

  beforeAll(async () => {
    rig = await CollectionRig.open('all');
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    merchant = await rig.merchant();
  });

  const switchOff = (): Promise<void> => rig.restart({ ENABLE_REMINDERS: 'false' });
  const switchOn = (): Promise<void> => rig.restart({});
  const debts = async (count: number): Promise<Debt[]> => {
    const made = await rig.debts(merchant, count);
    await rig.notDueForDays(merchant);
    return made;
  };
  const postedTo = ({ phone }: Debt): Posted[] => rig.provider.posted.filter(({ to }) => to === phone);
  const reminder = async ({ reminderId }: Debt): Promise<Record<string, unknown>> =>
    (await rig.sql<Record<string, unknown>>(merchant, 'select * from reminder where id = $1', [reminderId]))[0]!;
  const messageOf = async ({ reminderId }: Debt): Promise<{ id: string; state: string }> =>
    (
      await rig.sql<{ id: string; state: string }>(
        merchant,
        'select id, state from message where subject_id = $1 order by seq limit 1',
        [reminderId],
      )
    )[0]!;
  const untilStatus = (debt: Debt, status: string): Promise<unknown> =>
    until(async () => (await reminder(debt))['status'] === status, { within: 30_000 });
  const untilState = (debt: Debt, state: string): Promise<unknown> =>
    until(async () => (await messageOf(debt)).state === state, { within: 30_000 });

  /** A line of work belongs to somebody else for a while, who does nothing. */
  const hold = (kind: string, key: string): Promise<unknown> =>
    rig.sql(
      merchant,
      `insert into lane (kind, key, tenant_id, due_at, drain_token, lease_until) values ($1, $2, $3::uuid, business_now(), gen_random_uuid(), now() + interval '1 hour')
       on conflict (kind, key) do update set drain_token = excluded.drain_token, lease_until = excluded.lease_until`,
      [kind, key, merchant.tenantId],
    );
  const release = (kind: string, key: string): Promise<unknown> =>
    rig.sql(merchant, `update lane set lease_until = null, drain_token = null where kind = $1 and key = $2`, [
      kind,
      key,
    ]);
  /** They are handed over; before it is their turn, reminders are switched off. */
  const missTheirTurn = async (owed: readonly Debt[]): Promise<void> => {
    await hold('whatsapp-send-queue', merchant.phoneNumberId);
    await rig.ring(merchant);
    for (const debt of owed) await untilStatus(debt, 'queued');
    await switchOff();
    await release('whatsapp-send-queue', merchant.phoneNumberId);
    for (const debt of owed) await untilState(debt, 'cancelled');
  };

  it('does not leave unlooked at; switched on again, it is decided on anew (D2)', async () => {
    const [paid, owed] = (await debts(2)) as [Debt, Debt];
    await missTheirTurn([paid, owed]);
    expect([postedTo(paid), postedTo(owed)]).toEqual([[], []]);
    const payment = { customerId: paid.customerId, amount: Money.of(500_000, 'INR'), dueId: paid.dueId };
    await rig.execute(merchant, new RecordPayment(payment));
    await rig.jump(merchant, 16 * MINUTE_MS);
    await switchOn();
    await untilStatus(owed, 'sent');
    await untilStatus(paid, 'cancelled');
    expect(await reminder(paid)).toMatchObject({ reason: 'PAID' });
    expect([postedTo(paid).length, postedTo(owed).length]).toEqual([0, 1]);
    const decisions = await rig.sql<{ occasion: string; verdict: string; reason: string | null }>(
      merchant,
      'select occasion, verdict, reason from reminder_decision where reminder_id = $1 order by id',
      [owed.reminderId],
    );
    expect(decisions).toEqual([
      { occasion: 'sweep', verdict: 'send', reason: null },
      { occasion: 'outcome', verdict: 'defer', reason: 'NOBODY_ANSWERS_FOR_IT' },
      { occasion: 'sweep', verdict: 'send', reason: null },
      { occasion: 'send', verdict: 'send', reason: null },
    ]);
  });

  it('is as late as it is: after half a day it expires, and none goes out with all the others', async () => {
    const [owed] = (await debts(1)) as [Debt];
    await missTheirTurn([owed]);
    await rig.jump(merchant, 13 * HOUR_MS);
    await switchOn();
    await untilStatus(owed, 'expired');
    expect(await reminder(owed)).toMatchObject({ reason: 'TOO_LATE', message_id: null });
    expect(postedTo(owed)).toEqual([]);
  });

  it('is found again by whoever comes next, when a process dies over it', async () => {
    const [owed] = (await debts(1)) as [Debt];
    await missTheirTurn([owed]);
    await hold('reminders', merchant.tenantId);
    await switchOn();
    await rig.jump(merchant, 16 * MINUTE_MS);
    const asItWas = await reminder(owed);
    const dies = rig.as(merchant, () =>
      rig.get(UnitOfWork).runSql(async () => {
        await rig.get(Commands).execute(new CatchUpWithMessages());
        expect(await reminder(owed)).toMatchObject({ status: 'rescheduled' });
        throw new Error('The process dies');
      }),
    );
    await expect(dies).rejects.toThrow('The process dies');
    expect(asItWas).toMatchObject({ status: 'queued' });
    expect(await reminder(owed)).toEqual(asItWas);
    await release('reminders', merchant.tenantId);
    await untilStatus(owed, 'sent');
    expect(postedTo(owed)).toHaveLength(1);
  });

  it('ends as its message ended meanwhile: called back, sent, refused, or nobody knows', async () => {
    const accepting = rig.provider.answer;
    rig.provider.answer = () => ({ kind: 'unknown', soft: false, error: { code: 'ECONNRESET', title: 'Answer lost' } });
    const [calledBack, sent, refused, lost] = (await debts(4)) as [Debt, Debt, Debt, Debt];
    const all = [calledBack, sent, refused, lost];
    await rig.ring(merchant);
    for (const debt of all)
      await until(async () => (await reminder(debt))['reason'] === 'MAYBE_SENT', { within: 30_000 });
    rig.provider.answer = accepting;
    await switchOff();
    await rig.jump(merchant, 2 * HOUR_MS);
    for (const debt of all) await untilState(debt, 'parked');
    await rig.execute(merchant, new CancelMessage((await messageOf(calledBack)).id));
    // As status webhooks would.
    await rig.sql(merchant, `update message set state = 'delivered' where subject_id = $1`, [sent.reminderId]);
    await rig.sql(
      merchant,
      `update message set state = 'failed', failure = '{"code":131026,"class":"refused","title":"Not on WhatsApp"}' where subject_id = $1`,
      [refused.reminderId],
    );
    expect(await rig.statuses(merchant)).toEqual({ queued: 4 });
    await switchOn();
    await untilStatus(calledBack, 'cancelled');
    await untilStatus(sent, 'sent');
    await untilStatus(refused, 'failed');
    expect(await reminder(calledBack)).toMatchObject({ reason: 'CANCELLED_BY_USER' });
    expect(await reminder(refused)).toMatchObject({ reason: '131026', last_error: '131026 Not on WhatsApp' });
    const [left] = await rig.sql<{ started_at: Date; last_reminder_at: Date }>(
      merchant,
      `select a.started_at, c.last_reminder_at from send_attempt a, customer c where a.message_id = $1 and c.id = $2`,
      [(await messageOf(sent)).id, sent.customerId],
    );
    expect(await reminder(sent)).toMatchObject({ reason: null, sent_at: left!.started_at });
    expect(left!.last_reminder_at).toEqual(left!.started_at);
    // What nobody knows was noted once, and stays so however often it is asked about.
    const asItWas = await reminder(lost);
    expect(asItWas).toMatchObject({ status: 'queued', reason: 'MAYBE_SENT' });
    await rig.execute(merchant, new CatchUpWithMessages());
    expect(await reminder(lost)).toEqual(asItWas);
    expect(postedTo(lost)).toHaveLength(1);
  });
});
