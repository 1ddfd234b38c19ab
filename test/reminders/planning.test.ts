import { LookAgainWhenContactPolicyChanges } from '../../src/modules/reminders/application/planning/look-again-when-contact-policy-changes.js';
import { ScanOverdue } from '../../src/modules/reminders/application/planning/scan-overdue.js';
import { PlanDueReminders } from '../../src/modules/reminders/application/planning/plan-due-reminders.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { type BooksBody, inr, Shop } from '../customers/books.js';
import { Inbox } from '../conversations/inbox.js';

interface Row {
  readonly stage: string;
  readonly step: number;
  readonly day: string;
  readonly status: string;
  readonly reason: string | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Each test begins at 15:30 in India. */
const NOW = Date.parse('2026-11-21T10:00:00Z');

describe('Reminders are rows that follow their due', () => {
  let inbox: Inbox;
  let shop: Shop;
  let customer: BooksBody;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    inbox.clock.advance(NOW - inbox.clock.now().getTime());
    shop = await Shop.open(inbox);
    customer = await shop.customer();
  });

  const scan = (): Promise<Date | undefined> =>
    inbox.in(shop.tenantId, () => inbox.get(Commands).execute(new ScanOverdue()));
  const plan = (dueIds: readonly string[]): Promise<unknown> =>
    inbox.in(shop.tenantId, () => inbox.get(UnitOfWork).runSql(() => inbox.get(PlanDueReminders).plan(dueIds)));
  const rows = async (dueId: string): Promise<string[]> => {
    const found = await shop.sql<Row>(
      `select stage, step, to_char(scheduled_for at time zone 'Asia/Kolkata', 'MM-DD HH24:MI') as day, status, reason
       from reminder where due_id = $1::uuid order by scheduled_for, id`,
      [dueId],
    );
    return found.map(({ stage, step, day, status, reason }) =>
      [stage, step, day, status, reason].filter((word) => word !== null).join(' '),
    );
  };

  it('made when the due is added, and sent by nobody yet (S0.17, S0.22, S0.26, S0.48)', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    expect(await rows(due.id)).toEqual([
      'before_due 7 12-03 09:00 pending',
      'before_due 3 12-07 09:00 pending',
      'due_today 0 12-10 09:00 pending',
    ]);
    expect(
      await shop.sql(`select distinct source, kind, attempts, message_id from reminder where due_id = $1::uuid`, [
        due.id,
      ]),
    ).toEqual([{ source: 'auto', kind: 'PAYMENT_DUE', attempts: 0, message_id: null }]);
    expect(await shop.sql(`select 1 from message`)).toEqual([]);
  });

  it('planned again they are the same, also by many at once (S0.24, S0.79)', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    const before = await shop.sql(`select * from reminder where due_id = $1::uuid order by id`, [due.id]);
    await Promise.all(Array.from({ length: 8 }, () => plan([due.id])));
    expect(await shop.sql(`select * from reminder where due_id = $1::uuid order by id`, [due.id])).toEqual(before);
  });

  it('wake the merchant’s lane for the first of them, and at midnight at the latest', async () => {
    await shop.due(customer.id, 500_000, '2026-12-10');
    const [ring] = await shop.sql<{ due_at: Date }>(
      `select due_at from lane_ring where kind = 'reminders' order by due_at limit 1`,
    );
    expect(ring?.due_at.toISOString()).toBe('2026-11-21T18:30:00.000Z');
  });

  it('follow the due date, and keep what no longer holds as replanned', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.call('PATCH', `dues/${due.id}`, { dueDate: '2026-12-11' });
    expect((await rows(due.id)).filter((row) => row.includes('pending'))).toEqual([
      'before_due 7 12-04 09:00 pending',
      'before_due 3 12-08 09:00 pending',
      'due_today 0 12-11 09:00 pending',
    ]);
    await shop.call('PATCH', `dues/${due.id}`, { dueDate: '2026-12-10' });
    expect((await rows(due.id)).filter((row) => row.includes('pending'))).toHaveLength(3);
    expect((await rows(due.id)).filter((row) => row.includes('REPLANNED'))).toHaveLength(6);
  });

  it("follow the customer's zone and term (S0.19, C25)", async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.call('PATCH', `customers/${customer.id}`, { timezone: 'America/New_York' });
    expect(await rows(due.id)).toEqual([
      'before_due 7 12-03 19:30 pending',
      'before_due 3 12-07 19:30 pending',
      'due_today 0 12-10 19:30 pending',
    ]);
    const { body: term } = await shop.call('POST', 'payment-terms', {
      name: 'Once',
      reminderOffsets: [1],
      sendAt: '18:00',
    });
    await shop.call('PATCH', `customers/${customer.id}`, { paymentTermId: term.id, timezone: null });
    expect((await rows(due.id)).filter((row) => row.includes('pending'))).toEqual(['before_due 1 12-09 18:00 pending']);
  });

  it('end with the payment, and are back when it bounces', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    const { body: payment } = await shop.pay(customer.id, 500_000);
    expect(new Set((await rows(due.id)).map((row) => row.slice(-14)))).toEqual(new Set(['cancelled PAID']));
    inbox.clock.advance(13 * DAY_MS);
    await shop.call('POST', `payments/${payment.id}/reverse`);
    expect(await rows(due.id)).toEqual([
      'before_due 7 12-03 09:00 cancelled PAID',
      'before_due 3 12-07 09:00 pending',
      'due_today 0 12-10 09:00 pending',
    ]);
  });

  it('end with the write-off', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.call('POST', `dues/${due.id}/write-off`, { reason: 'goodwill' });
    expect(await rows(due.id)).toEqual([
      'before_due 7 12-03 09:00 cancelled WRITTEN_OFF',
      'before_due 3 12-07 09:00 cancelled WRITTEN_OFF',
      'due_today 0 12-10 09:00 cancelled WRITTEN_OFF',
    ]);
  });

  it('that waited for a pause go on when it is lifted (S0.33)', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-12-20T00:00:00Z' });
    await shop.sql(
      `update reminder set status = 'rescheduled', reason = 'PAUSED', scheduled_for = '2026-12-20T00:00:00Z' where due_id = $1::uuid and step = 7`,
      [due.id],
    );
    await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-12-15T00:00:00Z' });
    expect(await rows(due.id)).toContain('before_due 7 12-15 05:30 rescheduled PAUSED');
    await shop.call('DELETE', `dues/${due.id}/pause`);
    expect(await rows(due.id)).toContain('before_due 7 12-03 09:00 pending');
  });

  it('a sweep that hands one over meanwhile keeps it', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.sql(`update reminder set status = 'queued' where due_id = $1::uuid and step = 7`, [due.id]);
    await shop.pay(customer.id, 500_000);
    expect(await rows(due.id)).toContain('before_due 7 12-03 09:00 queued');
  });

  it('that an earlier contact policy has put off are decided on anew under another (D7)', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-12-10');
    await shop.sql(
      `update reminder set status = 'rescheduled', reason = case step when 7 then 'QUIET_HOURS' else 'COOLDOWN' end where due_id = $1::uuid`,
      [due.id],
    );
    await inbox.in(shop.tenantId, () =>
      inbox.get(UnitOfWork).run(() => inbox.get(LookAgainWhenContactPolicyChanges).on()),
    );
    expect(await rows(due.id)).toEqual([
      'before_due 7 11-21 15:30 rescheduled QUIET_HOURS',
      'before_due 3 12-07 09:00 rescheduled COOLDOWN',
      'due_today 0 12-10 09:00 rescheduled COOLDOWN',
    ]);
  });

  describe('The overdue scan (S0.29, S0.30)', () => {
    const dueUntilYesterday = async (): Promise<BooksBody> => {
      const due = await shop.due(customer.id, 500_000, '2026-11-21');
      expect(await scan()).toEqual(new Date('2026-11-21T18:30:00Z'));
      inbox.clock.advance(8.5 * HOUR_MS);
      return due;
    };

    it('finds on the next day what nobody paid, once', async () => {
      const due = await dueUntilYesterday();
      expect(await rows(due.id)).toEqual([]);
      expect(await scan()).toEqual(new Date('2026-11-22T18:30:00Z'));
      expect(await rows(due.id)).toEqual(['after_due 1 11-22 09:00 pending']);
      inbox.clock.advance(DAY_MS);
      await Promise.all([scan(), scan(), scan()]);
      inbox.clock.advance(30 * DAY_MS);
      await scan();
      expect(await rows(due.id)).toEqual(['after_due 1 11-22 09:00 pending']);
    });

    it('passes over what was paid', async () => {
      const due = await dueUntilYesterday();
      await shop.pay(customer.id, 500_000);
      await scan();
      expect(await rows(due.id)).toEqual([]);
    });

    it('climbs the ladder of the term, and takes the furthest step after a silence (C23)', async () => {
      const { body: term } = await shop.call('POST', 'payment-terms', {
        name: 'Ladder',
        reminderOffsets: [],
        overdueSteps: [1, 3, 10],
        sendAt: '09:00',
      });
      const due = await shop.due(customer.id, 500_000, '2026-11-21', { paymentTermId: term.id });
      await scan();
      for (let day = 0; day < 4; day++) {
        inbox.clock.advance(DAY_MS);
        await scan();
      }
      inbox.clock.advance(20 * DAY_MS);
      await scan();
      expect(await rows(due.id)).toEqual([
        'after_due 1 11-22 15:30 pending',
        'after_due 3 11-24 15:30 pending',
        'after_due 24 12-15 15:30 pending',
      ]);
    });

    it('begins its day again where it was cut off, and each zone has a day of its own', async () => {
      const athens = await shop.customer({ timezone: 'Europe/Athens' });
      const [here, there] = [await shop.due(customer.id, 1, '2026-11-21'), await shop.due(athens.id, 1, '2026-11-21')];
      await scan();
      inbox.clock.advance(8.5 * HOUR_MS);
      expect(await scan()).toEqual(new Date('2026-11-21T22:00:00Z'));
      expect([await rows(here.id), await rows(there.id)]).toEqual([['after_due 1 11-22 09:00 pending'], []]);
      await shop.sql(`delete from reminder`);
      await shop.sql(`update overdue_scan set scanned_on = scanned_on - 1`);
      inbox.clock.advance(3.5 * HOUR_MS);
      await scan();
      expect([await rows(here.id), await rows(there.id)]).toEqual([
        ['after_due 1 11-22 09:00 pending'],
        ['after_due 1 11-22 12:30 pending'],
      ]);
      expect(await shop.sql(`select zone, scanned_on::text from overdue_scan order by zone`)).toEqual([
        { zone: 'Asia/Kolkata', scanned_on: '2026-11-22' },
        { zone: 'Europe/Athens', scanned_on: '2026-11-22' },
      ]);
    });

    it('a merchant without dues has no zone to look at', async () => {
      expect(await scan()).toBeUndefined();
    });
  });

  it('a thousand dues are planned together, and found overdue together', async () => {
    await shop.sql(
      `insert into due (tenant_id, id, customer_id, amount_minor, currency, due_date, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $2::uuid, 100, 'INR', '2026-11-22', now(), now() from generate_series(1, 2500)`,
      [shop.tenantId, customer.id],
    );
    await scan();
    const ids = await shop.sql<{ id: string }>(`select id from due limit 1000`);
    await plan(ids.map(({ id }) => id));
    expect(await shop.sql(`select count(*)::int as n from reminder`)).toEqual([{ n: 1000 }]);
    inbox.clock.advance(DAY_MS * 2);
    await scan();
    expect(await shop.sql(`select stage, count(*)::int as n from reminder group by stage order by stage`)).toEqual([
      { stage: 'after_due', n: 2500 },
      { stage: 'due_today', n: 1000 },
    ]);
  });

  it('the answer to adding a due shows them', async () => {
    const { body } = await shop.call('POST', `customers/${customer.id}/dues`, {
      amount: inr(1),
      dueDate: '2026-11-24',
    });
    expect(body.reminders).toEqual([
      { id: expect.any(String) as string, stage: 'due_today', scheduledFor: '2026-11-24T03:30:00.000Z' },
    ]);
  });
});
