import { PhoneNumberResumed } from '../../src/modules/messaging/domain/account-events.js';
import { SweepDueReminders } from '../../src/modules/reminders/application/sweep/sweep-due-reminders.js';
import { RemindersTick } from '../../src/modules/reminders/infrastructure/sweep/reminders.tick.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Merchant, type Posted } from './collection-rig.js';

const SECOND = 1000;

describe('The sweep (S0.35, S0.36, S0.46)', () => {
  let rig: CollectionRig;
  let merchant: Merchant;

  beforeAll(async () => {
    rig = await CollectionRig.open('worker', 'worker', 'worker', 'worker', 'worker');
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    merchant = await rig.merchant();
  });

  const untilAll = (status: string, count: number, within = 120_000): Promise<unknown> =>
    until(async () => (await rig.statuses(merchant))[status] === count, { within });
  /** What these customers got; other tests' customers may still get something. */
  const postedTo = (debts: readonly Debt[]): Posted[] => {
    const phones = new Set(debts.map(({ phone }) => phone));
    return rig.provider.posted.filter(({ to }) => phones.has(to));
  };

  it('sends each of 20,000 reminders once, though five workers sweep them (S0.47, F08)', async () => {
    const debts = await rig.debts(merchant, 20_000);
    const sweepAll = async (process: number): Promise<void> => {
      while (await rig.execute<boolean>(merchant, new SweepDueReminders(), process));
    };
    await Promise.all([rig.ring(merchant), ...rig.apps.map((_, process) => sweepAll(process))]);
    await untilAll('sent', 20_000, 540_000);
    expect(postedTo(debts)).toHaveLength(20_000);
    expect(new Set(postedTo(debts).map(({ to }) => to)).size).toBe(20_000);
    const [messages] = await rig.sql(
      merchant,
      `select count(*)::int as n, count(distinct subject_id)::int as of from message`,
    );
    expect(messages).toEqual({ n: 20_000, of: 20_000 });
  }, 600_000);

  it('sends what is due when it is due, and notes when it was sent (S0.17, S0.34, S0.44)', async () => {
    const [debt] = await rig.debts(merchant, 1, 2 * SECOND);
    await rig.ring(merchant);
    await untilAll('sent', 1);
    const [row] = await rig.sql<{ scheduled_for: Date; sent_at: Date; attempts: number; last_reminder_at: Date }>(
      merchant,
      `select r.scheduled_for, r.sent_at, r.attempts, c.last_reminder_at from reminder r join customer c on c.id = r.customer_id where r.id = $1`,
      [debt!.reminderId],
    );
    expect(postedTo([debt!])[0]!.at.getTime()).toBeGreaterThanOrEqual(row!.scheduled_for.getTime());
    expect(row!.sent_at.getTime()).toBeGreaterThanOrEqual(row!.scheduled_for.getTime());
    expect(row!.last_reminder_at).toEqual(row!.sent_at);
    expect(row!.attempts).toBe(1);
  });

  it("carries the platform's template with the customer's name, the amount, the date and the merchant (S0.41, S0.42, S0.50, S0.51)", async () => {
    const [debt] = await rig.debts(merchant, 1);
    await rig.ring(merchant);
    await untilAll('sent', 1);
    expect(postedTo([debt!])[0]!.content).toMatchObject({
      type: 'template',
      name: 'interactive_due_today',
      language: 'en',
      body: {
        named: {
          name: `Customer ${debt!.phone}`,
          amount: '₹5,000.00',
          duedate: expect.stringMatching(/^\d{1,2} [A-Z][a-z]{2,3} \d{4}$/) as string,
          companyname: 'Asha Traders',
        },
      },
      buttons: expect.arrayContaining([
        { index: 0, kind: 'quick_reply', value: `PAY_TODAY:${debt!.dueId}` },
      ]) as unknown[],
    });
  });

  it('finds what nobody rang for: the schedule in the database is the truth (S0.47, S0.48, C48)', async () => {
    await rig.debts(merchant, 1, -60 * SECOND);
    expect(await rig.get(RemindersTick).ringForgotten()).toBe(1);
    await untilAll('sent', 1);
    expect(await rig.get(RemindersTick).ringForgotten()).toBe(0);
  });

  it('what the provider refuses for good fails with its reason (S0.45, C22)', async () => {
    const refusal = { code: 132_001, title: 'Template name does not exist' };
    const accepting = rig.provider.answer;
    rig.provider.answer = () => ({ kind: 'refused', about: 'template', error: refusal });
    await rig.debts(merchant, 1);
    await rig.ring(merchant);
    await untilAll('failed', 1).finally(() => (rig.provider.answer = accepting));
    const [row] = await rig.sql(merchant, 'select reason, attempts, last_error from reminder');
    expect(row).toEqual({ reason: '132001', attempts: 1, last_error: '132001 Template name does not exist' });
  });

  it('waits while the merchant has no number that may send, and goes on when there is one (S0.40, C67)', async () => {
    await rig.sql(merchant, `update whatsapp_account set status = 'disconnected'`);
    const debts = await rig.debts(merchant, 1);
    await rig.ring(merchant);
    await untilAll('rescheduled', 1);
    const [row] = await rig.sql(merchant, 'select reason, attempts from reminder');
    expect(row).toEqual({ reason: 'NO_CREDENTIALS', attempts: 1 });
    await rig.sql(merchant, `update whatsapp_account set status = 'connected'`);
    await rig.as(merchant, () =>
      rig
        .get(UnitOfWork)
        .runSql(() => rig.get(Outbox).append([new PhoneNumberResumed(merchant.tenantId, merchant.phoneNumberId)])),
    );
    await untilAll('sent', 1);
    expect(postedTo(debts)).toHaveLength(1);
  });

  it('a suspended merchant reminds nobody', async () => {
    await rig.sql(merchant, `update tenant set status = 'suspended' where id = $1`, [merchant.tenantId]);
    const debts = await rig.debts(merchant, 1);
    await rig.ring(merchant);
    await untilAll('rescheduled', 1);
    expect(postedTo(debts)).toEqual([]);
  });
});
