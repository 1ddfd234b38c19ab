import fc from 'fast-check';
import { NoteAnswer, OpenDuesOf, RecordPayment } from '../../src/modules/customers/index.js';
import { Money } from '../../src/kernel/money.js';
import { Commands, Queries } from '../../src/platform/cqrs/commands.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';
import { inr, Shop, unknownId } from './books.js';

describe("A customer's books", () => {
  let inbox: Inbox;
  let shop: Shop;

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await Shop.open(inbox);
  });
  afterAll(() => inbox.close());

  it('take a due, and plan with it what is going to be sent (S0.17, S0.18, S0.94)', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 500_000, '2026-12-10', { description: 'Rice', reference: 'INV-1' });
    expect(due).toMatchObject({
      customerId: id,
      amount: inr(500_000),
      outstanding: inr(500_000),
      dueDate: '2026-12-10',
      status: 'PENDING',
      description: 'Rice',
      reference: 'INV-1',
      commitmentStatus: null,
      reminderPausedUntil: null,
      expectedPaymentDate: null,
    });
    expect(due.reminders.map(({ scheduledFor }) => scheduledFor)).toEqual([
      '2026-12-03T03:30:00.000Z',
      '2026-12-07T03:30:00.000Z',
      '2026-12-10T03:30:00.000Z',
    ]);
    expect((await shop.show(`customers/${id}`)).currentDue).toEqual(inr(500_000));
    expect(
      await shop.sql(
        `select type, amount_minor::int, balance_after_minor::int, recorded_by from ledger_entry where customer_id = $1::uuid`,
        [id],
      ),
    ).toEqual([
      {
        type: 'DUE_ADDED',
        amount_minor: 500_000,
        balance_after_minor: 500_000,
        recorded_by: expect.stringMatching(/^api-key:/),
      },
    ]);
  });

  it('take payments in part: PENDING, PARTIAL, PAID, with the reminders gone (S0.78, S0.94)', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    const part = await shop.pay(id, 400, { method: 'upi' });
    expect(part).toMatchObject({
      status: 201,
      body: {
        allocations: [{ dueId: due.id, amount: inr(400), settles: false }],
        leftOver: inr(0),
        currentDue: inr(600),
        method: 'upi',
      },
    });
    expect((await shop.show(`dues/${due.id}`)).status).toBe('PARTIAL');
    await shop.pay(id, 600, { dueId: due.id });
    expect(await shop.show(`dues/${due.id}`)).toMatchObject({ status: 'PAID', outstanding: inr(0) });
    expect(await shop.sql(`select distinct status, reason from reminder where due_id = $1::uuid`, [due.id])).toEqual([
      { status: 'cancelled', reason: 'PAID' },
    ]);
  });

  it('keep what is left over for later dues', async () => {
    const { id } = await shop.customer();
    expect((await shop.pay(id, 1500)).body).toMatchObject({ leftOver: inr(1500), currentDue: inr(-1500) });
    expect(await shop.due(id, 1000)).toMatchObject({ status: 'PAID', reminders: [] });
    expect(await shop.show(`customers/${id}`)).toMatchObject({ currentDue: inr(-500), credit: inr(500) });
  });

  it('refuse a reference that was used, and say by what', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000, '2026-12-01', { reference: 'INV-1' });
    const again = await shop.call('POST', `customers/${id}/dues`, {
      amount: inr(5),
      dueDate: '2026-12-01',
      reference: 'INV-1',
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'DUE_REFERENCE_USED', dueId: due.id } });
    const answers = await Promise.all([1, 2, 3].map(() => shop.pay(id, 100, { reference: 'TXN-1' })));
    const [first, ...others] = answers.sort((a, b) => a.status - b.status);
    expect(first!.status).toBe(201);
    for (const other of others)
      expect(other).toMatchObject({ status: 409, body: { code: 'PAYMENT_REFERENCE_USED', paymentId: first!.body.id } });
    expect((await shop.show(`dues/${due.id}`)).outstanding).toEqual(inr(900));
  });

  it('take a payment back, and owe again what it settled', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    const payment = (await shop.pay(id, 1200)).body;
    expect(await shop.call('POST', `payments/${payment.id}/reverse`, { reason: 'Bounced' })).toMatchObject({
      status: 200,
      body: { paymentId: payment.id, amount: inr(1200), dueIds: [due.id], currentDue: inr(1000) },
    });
    expect(await shop.show(`dues/${due.id}`)).toMatchObject({ status: 'PENDING', outstanding: inr(1000) });
    expect(await shop.call('POST', `payments/${payment.id}/reverse`, {})).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_REVERSED' },
    });
    expect(await shop.sql(`select distinct status from reminder where due_id = $1::uuid`, [due.id])).toEqual([
      { status: 'pending' },
    ]);
  });

  it('correct an amount, move a date, write off the rest', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    await shop.pay(id, 300);
    expect(await shop.call('PATCH', `dues/${due.id}`, { amount: inr(299) })).toMatchObject({
      status: 422,
      body: { code: 'AMOUNT_BELOW_PAID' },
    });
    expect(
      (await shop.call('PATCH', `dues/${due.id}`, { amount: inr(800), dueDate: '2026-12-20' })).body,
    ).toMatchObject({
      amount: inr(800),
      outstanding: inr(500),
      dueDate: '2026-12-20',
    });
    expect((await shop.call('POST', `dues/${due.id}/write-off`, { reason: 'Moved away' })).body).toMatchObject({
      status: 'WRITTEN_OFF',
      outstanding: inr(0),
    });
    expect(await shop.sql(`select type from ledger_entry where customer_id = $1::uuid order by seq`, [id])).toEqual(
      ['DUE_ADDED', 'PAYMENT', 'CORRECTION', 'WRITE_OFF'].map((type) => ({ type })),
    );
  });

  it('let the reminders of a due wait and go on (S0.76)', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    const until = '2026-11-25T10:00:00.000Z';
    expect((await shop.call('POST', `dues/${due.id}/pause`, { until })).body).toMatchObject({
      reminderPausedUntil: until,
    });
    expect((await shop.call('DELETE', `dues/${due.id}/pause`)).body).toMatchObject({ reminderPausedUntil: null });
    expect(await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-11-21T10:00:00Z' })).toMatchObject({
      status: 422,
      body: { code: 'PAUSE_NOT_AHEAD' },
    });
    await shop.pay(id, 1000);
    expect(await shop.call('POST', `dues/${due.id}/pause`, { until })).toMatchObject({
      status: 409,
      body: { code: 'DUE_SETTLED' },
    });
  });

  it('note what a customer answered, the latest of all, also from a lane (S0.64)', async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    const note = (feedback: string, at: string): Promise<void> =>
      inbox.in(shop.tenantId, () =>
        inbox.get(UnitOfWork).runSql(() =>
          inbox.get(Commands).execute(
            new NoteAnswer({
              customerId: id,
              dueId: due.id,
              commitmentStatus: 'PAY_WEEK',
              expectedPaymentDate: '2026-11-28',
              pausedUntil: new Date('2026-11-28T10:00:00Z'),
              feedback,
              at: new Date(at),
            }),
          ),
        ),
      );
    await note('Pays within a week', '2026-11-21T09:00:00Z');
    await note('An older one', '2026-11-21T08:00:00Z');
    expect(await shop.show(`customers/${id}`)).toMatchObject({
      feedback: 'Pays within a week',
      lastInteractionAt: '2026-11-21T09:00:00.000Z',
    });
    expect(await shop.show(`dues/${due.id}`)).toMatchObject({
      commitmentStatus: 'PAY_WEEK',
      expectedPaymentDate: '2026-11-28',
      reminderPausedUntil: '2026-11-28T10:00:00.000Z',
    });
  });

  it('are listed by status as the status is told, whatever the zone (S0.94)', async () => {
    const merchant = await Shop.open(inbox);
    const kiritimati = await merchant.customer({ timezone: 'Pacific/Kiritimati' });
    const honolulu = await merchant.customer({ timezone: 'Pacific/Honolulu' });
    const kolkata = await merchant.customer();
    for (const { id } of [kiritimati, honolulu, kolkata])
      for (const dueDate of ['2026-11-20', '2026-11-21', '2026-11-22']) {
        await merchant.due(id, 100, dueDate);
        const part = await merchant.due(id, 100, dueDate);
        await merchant.pay(id, 40, { dueId: part.id });
        const paid = await merchant.due(id, 100, dueDate);
        await merchant.pay(id, 100, { dueId: paid.id });
        const gone = await merchant.due(id, 100, dueDate);
        await merchant.call('POST', `dues/${gone.id}/write-off`, { reason: 'Gone' });
      }
    const all = (await merchant.show('dues?limit=100')).data;
    expect(all).toHaveLength(36);
    // 10:00 UTC is the 22nd in Kiritimati and midnight of the 21st in Honolulu.
    expect(all.filter(({ status }) => status === 'OVERDUE')).toHaveLength(2 * 2 + 2 + 2);
    for (const status of ['PENDING', 'PARTIAL', 'PAID', 'OVERDUE', 'WRITTEN_OFF'])
      expect((await merchant.show(`dues?limit=100&status=${status}`)).data).toEqual(
        all.filter((due) => due.status === status),
      );
    expect((await merchant.show('dues?limit=100&overdue=false')).data).toEqual(
      all.filter(({ status }) => status !== 'OVERDUE'),
    );
    const mine = all.filter(({ customerId }) => customerId === kolkata.id);
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await merchant.show(`dues?limit=5&customerId=${kolkata.id}${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(mine);
  });

  it('add up after any commands at once (S0.94, C68)', async () => {
    const merchant = await Shop.open(inbox);
    const customers = await Promise.all([1, 2, 3].map(() => merchant.customer()));
    const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
    const acts = fc.sample(
      fc.tuple(
        fc.constantFrom('due', 'due', 'pay', 'change', 'write-off', 'reverse'),
        fc.nat(),
        fc.integer({ min: 1, max: 900 }),
      ),
      { numRuns: 150, seed: 68 },
    );
    const [dues, payments]: [string[], string[]] = [[], []];
    const statuses = new Map<number, number>();
    const act = async ([what, n, amount]: (typeof acts)[number]): Promise<void> => {
      const { id } = pick(customers, n);
      const done =
        what === 'due' || dues.length === 0
          ? merchant.call('POST', `customers/${id}/dues`, { amount: inr(amount), dueDate: '2026-12-01' })
          : what === 'pay' || payments.length === 0
            ? merchant.pay(id, amount)
            : what === 'change'
              ? merchant.call('PATCH', `dues/${pick(dues, n)}`, { amount: inr(amount) })
              : what === 'write-off'
                ? merchant.call('POST', `dues/${pick(dues, n)}/write-off`, { amount: inr(amount), reason: 'Gone' })
                : merchant.call('POST', `payments/${pick(payments, n)}/reverse`, {});
      const { status, body } = await done;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 201) ('outstanding' in body ? dues : payments).push(body.id);
    };
    for (let left = [...acts]; left.length > 0; left = left.slice(6)) await Promise.all(left.slice(0, 6).map(act));
    expect([...statuses.keys()].filter((status) => ![200, 201, 409, 422].includes(status))).toEqual([]);
    expect(statuses.get(200)! + statuses.get(201)!).toBeGreaterThan(80);
    expect(await merchant.discrepancies()).toEqual([]);
  });

  it.each([
    'update customer set balance_minor = balance_minor + 1',
    'update customer set balance_minor = balance_minor - 1, credit_minor = credit_minor + 1',
    'update due set settled_at = created_at',
    'update due set paid_minor = paid_minor + 1, amount_minor = amount_minor + 1',
    'update ledger_entry set balance_after_minor = 0',
    'update payment_allocation set amount_minor = amount_minor + 1',
  ])('would not add up after: %s (C68)', async (tampering) => {
    const merchant = await Shop.open(inbox);
    const { id } = await merchant.customer();
    await merchant.due(id, 1000);
    await merchant.pay(id, 300);
    expect(await merchant.discrepancies()).toEqual([]);
    await merchant.sql(tampering);
    expect(await merchant.discrepancies()).toEqual([id]);
  });

  it('are the same from a lane as from a request', async () => {
    const { id } = await shop.customer();
    await shop.due(id, 1000);
    await inbox.in(shop.tenantId, () =>
      inbox.get(UnitOfWork).runSql(async () => {
        await inbox.get(Commands).execute(new RecordPayment({ customerId: id, amount: Money.of(400, 'INR') }));
        const [due] = await inbox.get(Queries).execute(new OpenDuesOf(id));
        expect(due).toMatchObject({ status: 'PARTIAL', dueDate: '2026-12-01', settledAt: null });
        expect(due!.outstanding.amountMinor).toBe(600);
      }),
    );
    expect((await shop.show(`customers/${id}`)).currentDue).toEqual(inr(600));
  });

  it('refuse what means nothing', async () => {
    const { id } = await shop.customer();
    const due = (body: object): Promise<object> => shop.call('POST', `customers/${id}/dues`, body);
    expect(await due({ amount: inr(0), dueDate: '2026-12-01' })).toMatchObject({
      status: 422,
      body: { code: 'AMOUNT_NOT_POSITIVE' },
    });
    expect(await due({ amount: { amountMinor: 5, currency: 'EUR' }, dueDate: '2026-12-01' })).toMatchObject({
      status: 422,
      body: { code: 'CURRENCY_MISMATCH' },
    });
    expect(await due({ amount: inr(5) })).toMatchObject({ status: 422, body: { code: 'DUE_DATE_REQUIRED' } });
    expect(await due({ amount: inr(5), dueDate: '2026-02-30' })).toMatchObject({ status: 400 });
    expect(await due({ amount: inr(1.5), dueDate: '2026-12-01' })).toMatchObject({ status: 400 });
    expect(await due({ amount: inr(5), dueDate: '2026-12-01', paymentTermId: unknownId() })).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_PAYMENT_TERM' },
    });
    expect(await shop.pay(id, 5, { occurredAt: '2027-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
      body: { code: 'PAYMENT_IN_FUTURE' },
    });
    expect(await shop.pay(id, 5, { dueId: unknownId() })).toMatchObject({
      status: 404,
      body: { code: 'DUE_NOT_FOUND' },
    });
    expect(await shop.call('PATCH', `dues/${(await shop.due(id, 5)).id}`, { dueDate: null })).toMatchObject({
      status: 400,
    });
  });

  it("are nobody else's (G6)", async () => {
    const { id } = await shop.customer();
    const due = await shop.due(id, 1000);
    const payment = (await shop.pay(id, 100)).body;
    const other = await Shop.open(inbox);
    const theirs = await other.customer();
    for (const [method, path, body] of [
      ['GET', `dues/${due.id}`, undefined],
      ['PATCH', `dues/${due.id}`, { amount: inr(900) }],
      ['POST', `dues/${due.id}/write-off`, { reason: 'Taken over' }],
      ['POST', `dues/${due.id}/pause`, { until: '2026-12-01T00:00:00Z' }],
      ['DELETE', `dues/${due.id}/pause`, undefined],
      ['POST', `payments/${payment.id}/reverse`, {}],
      ['POST', `customers/${theirs.id}/payments`, { amount: inr(1), dueId: due.id }],
    ] as const)
      expect({ path, ...(await other.call(method, path, body)) }).toMatchObject({ path, status: 404 });
    expect((await other.show('dues')).data).toEqual([]);
    expect((await shop.show(`dues/${due.id}`)).outstanding).toEqual(inr(900));
  });
});
