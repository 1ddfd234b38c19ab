import { Inbox } from '../conversations/inbox.js';
import { inr, Shop, unknownId } from '../customers/books.js';
import { DAY, Debtor } from './answers.js';

describe('Promises are kept, or broken (D3)', () => {
  let inbox: Inbox;
  let asha: Debtor;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    asha = await Debtor.open(inbox);
  });

  const states = async (): Promise<string[]> => (await asha.promises()).map(({ state }) => state);

  it('a broken promise lifts the pause and takes the next step (S0.29, S0.77)', async () => {
    const due = await asha.owe(500_000, '2026-11-20');
    await asha.taps(`WILL_PAY_TODAY:${due.id}`);
    expect(await asha.judge()).toEqual(new Date(inbox.clock.now().getTime() + DAY));
    expect(await states()).toEqual(['open']);
    inbox.clock.advance(DAY);
    expect(await asha.judge()).toBeUndefined();
    expect(await states()).toEqual(['broken']);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: null });
    expect(
      await asha.shop.sql(
        `select payload->>'state' as state from outbox_event where type = 'reminders.promise-broken'`,
      ),
    ).toEqual([{ state: 'broken' }]);
    const waiting = await asha.shop.sql<{ stage: string; scheduled_for: Date }>(
      `select stage, scheduled_for from reminder where status in ('pending', 'rescheduled')`,
    );
    expect(waiting).toMatchObject([{ stage: 'after_due' }]);
    expect(waiting[0]!.scheduled_for.getTime()).toBeLessThanOrEqual(inbox.clock.now().getTime());
  });

  it('kept by the payment, at once; in part by less, when it is judged', async () => {
    const [first, second] = [await asha.owe(500_000, '2026-11-20'), await asha.owe(300_000, '2026-11-22')];
    await asha.taps(`PAY_TODAY:${first.id}`);
    await asha.taps(`PAY_TODAY:${second.id}`, 'wamid.2');
    await asha.shop.pay(asha.customer.id, 600_000);
    await asha.deliver();
    expect(await states()).toEqual(['kept', 'open']);
    inbox.clock.advance(DAY);
    await asha.judge();
    expect(await asha.promises()).toMatchObject([{ paid_minor: 500_000 }, { state: 'part_kept', paid_minor: 100_000 }]);
    expect(await asha.shop.show(`customers/${asha.customer.id}/commitments`)).toMatchObject({
      reliability: { kept: 1, partKept: 1, broken: 0, judged: 2, score: 0.5 },
    });
  });

  it('is kept by a payment that commits before it is judged, though the news of it is still on the way', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    await asha.shop.pay(asha.customer.id, 500_000);
    inbox.clock.advance(DAY);
    await asha.judge();
    expect(await states()).toEqual(['kept']);
    await asha.deliver();
    expect(await states()).toEqual(['kept']);
  });

  it('of a due that is written off is withdrawn', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    await asha.shop.call('POST', `dues/${due.id}/write-off`, { reason: 'goodwill' });
    await asha.deliver();
    expect(await states()).toEqual(['withdrawn']);
  });

  it('is judged once, however many workers look', async () => {
    const dues = await Promise.all([1, 2, 3, 4].map((n) => asha.owe(n * 1000, `2026-11-1${n}`)));
    for (const { id } of dues) await asha.taps(`PAY_TODAY:${id}`, `wamid.${id}`);
    inbox.clock.advance(DAY);
    await Promise.all([asha.judge(), asha.judge(), asha.judge()]);
    expect(await states()).toEqual(['broken', 'broken', 'broken', 'broken']);
    expect(await asha.shop.sql(`select id from outbox_event where type = 'reminders.promise-broken'`)).toHaveLength(4);
  });

  it("a pause of the merchant's outlasts the broken promise", async () => {
    const due = await asha.owe(500_000);
    const until = new Date(inbox.clock.now().getTime() + 10 * DAY).toISOString();
    await asha.shop.call('POST', `dues/${due.id}/pause`, { until });
    await asha.taps(`PAY_TODAY:${due.id}`);
    inbox.clock.advance(DAY);
    await asha.judge();
    expect(await states()).toEqual(['broken']);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: until });
  });

  it('a new promise may be made when the time of the old one is over, judged or not', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    inbox.clock.advance(DAY);
    await asha.taps(`PAY_WEEK:${due.id}`, 'wamid.2');
    expect(await states()).toEqual(['broken', 'open']);
  });

  it('the customer is thanked for a payment that was promised, inside the window only, and once (D2)', async () => {
    await asha.connect();
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    await asha.shop.pay(asha.customer.id, 200_000);
    await asha.deliver();
    await asha.deliver();
    const thanks = (await inbox.answers(asha.tenant)).filter(({ idempotency_key }) =>
      idempotency_key.startsWith('auto-thanks:'),
    );
    expect(thanks).toMatchObject([
      {
        address: asha.customer.phone!.slice(1),
        content: { body: 'Thank you! Merchant has received ₹2,000.00. ₹3,000.00 is left to pay.' },
      },
    ]);
    inbox.clock.advance(DAY);
    await asha.shop.pay(asha.customer.id, 100_000);
    await asha.deliver();
    expect(
      (await inbox.answers(asha.tenant)).filter(({ idempotency_key }) => idempotency_key.startsWith('auto-thanks:')),
    ).toHaveLength(1);
  });

  it('nobody is thanked who was neither reminded nor had promised, or who said stop or is blocked', async () => {
    await asha.connect();
    await asha.owe(500_000);
    await asha.writes('hello');
    await asha.shop.pay(asha.customer.id, 100_000);
    await asha.deliver();
    const due = await asha.owe(300_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    await asha.writes('STOP');
    await asha.shop.pay(asha.customer.id, 100_000, { dueId: due.id });
    await asha.deliver();
    await asha.writes('START');
    const [thread] = await asha.shop.sql<{ id: string }>('select id from thread');
    await asha.shop.call('PATCH', `conversations/${thread!.id}`, { status: 'blocked' });
    await asha.shop.pay(asha.customer.id, 100_000, { dueId: due.id });
    await asha.deliver();
    expect(
      (await inbox.answers(asha.tenant)).filter(({ idempotency_key }) => idempotency_key.startsWith('auto-thanks:')),
    ).toEqual([]);
  });

  describe('over HTTP', () => {
    it('somebody records what a customer promised on the telephone; it goes before what was tapped', async () => {
      const due = await asha.owe(500_000);
      await asha.taps(`PAY_WEEK:${due.id}`);
      const made = await asha.shop.call('POST', `customers/${asha.customer.id}/commitments`, {
        dueId: due.id,
        day: asha.day(4),
        amount: inr(200_000),
      });
      expect(made).toMatchObject({
        status: 201,
        body: {
          answer: 'PAY_ON_DATE',
          state: 'open',
          amount: inr(200_000),
          promisedFor: asha.day(4),
          judgedAt: `${asha.day(4)}T18:30:00.000Z`,
          source: 'user',
          wamid: null,
        },
      });
      expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: `${asha.day(4)}T18:30:00.000Z` });
      expect(await asha.shop.show(`commitments?state=open&from=${asha.day(4)}&to=${asha.day(4)}`)).toMatchObject({
        data: [{ id: made.body.id }],
      });
      expect(await asha.shop.show('commitments?state=superseded')).toMatchObject({ data: [{ answer: 'PAY_WEEK' }] });
      expect(await asha.shop.show('commitments/calendar')).toEqual({
        data: [{ day: asha.day(4), expected: inr(200_000), promises: 1 }],
      });
      expect(await asha.shop.show(`customers/${asha.customer.id}/commitments?limit=1`)).toMatchObject({
        data: [{ id: made.body.id }],
        nextCursor: expect.any(String) as string,
        reliability: { judged: 0, score: null },
      });
    });

    it('takes one off the books, and its pause', async () => {
      const due = await asha.owe(500_000);
      await asha.taps(`PAY_SOON:${due.id}`);
      const { id } = (await asha.promises())[0]!;
      expect((await asha.shop.call('DELETE', `commitments/${id}`)).status).toBe(204);
      expect(await states()).toEqual(['withdrawn']);
      expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: null });
      expect(await asha.shop.call('DELETE', `commitments/${id}`)).toMatchObject({
        status: 409,
        body: { code: 'COMMITMENT_ENDED' },
      });
    });

    it.each([
      [{ day: '2026-11-20' }, 422, 'PROMISE_DAY_NOT_AHEAD'],
      [{ day: '2028-11-20' }, 422, 'PROMISE_DAY_NOT_AHEAD'],
      [{ answer: 'PAY_WEEK', amount: inr(500_001) }, 422, 'PROMISE_AMOUNT_TOO_HIGH'],
      [{ answer: 'PAY_WEEK', amount: inr(0) }, 422, 'PROMISE_AMOUNT_TOO_HIGH'],
      [{ answer: 'PAY_WEEK', amount: { amountMinor: 5, currency: 'USD' } }, 422, 'CURRENCY_MISMATCH'],
      [{}, 422, 'EITHER_ANSWER_OR_DAY'],
      [{ answer: 'PAY_WEEK', day: '2026-11-25' }, 422, 'EITHER_ANSWER_OR_DAY'],
      [{ answer: 'NEED_STATEMENT' }, 400, 'INVALID_REQUEST'],
      [{ day: '2026-02-30' }, 400, 'INVALID_REQUEST'],
    ])('refuses %j', async (body, status, code) => {
      const due = await asha.owe(500_000);
      const answer = await asha.shop.call('POST', `customers/${asha.customer.id}/commitments`, {
        dueId: due.id,
        ...body,
      });
      expect(answer).toMatchObject({ status, body: { code } });
      expect(await asha.promises()).toEqual([]);
    });

    it('refuses a due that is settled', async () => {
      const due = await asha.owe(500_000);
      await asha.shop.pay(asha.customer.id, 500_000);
      expect(
        await asha.shop.call('POST', `customers/${asha.customer.id}/commitments`, {
          dueId: due.id,
          answer: 'PAY_WEEK',
        }),
      ).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_PROMISE' } });
    });

    it("finds nothing of another merchant's, and nothing under an id that nobody has", async () => {
      const due = await asha.owe(500_000);
      await asha.taps(`PAY_SOON:${due.id}`);
      const { id } = (await asha.promises())[0]!;
      const stranger = await Shop.open(inbox);
      const own = await stranger.customer();
      expect((await stranger.call('DELETE', `commitments/${id}`)).status).toBe(404);
      expect((await stranger.call('GET', `customers/${asha.customer.id}/commitments`)).status).toBe(404);
      for (const customerId of [asha.customer.id, own.id, unknownId()])
        expect(
          (await stranger.call('POST', `customers/${customerId}/commitments`, { dueId: due.id, answer: 'PAY_WEEK' }))
            .status,
        ).toBe(404);
      expect(await stranger.show('commitments')).toEqual({ data: [], nextCursor: null });
      expect(await states()).toEqual(['open']);
    });
  });

  it('of answers that come at once from two handsets one is the promise (S0.62)', async () => {
    const due = await asha.owe(500_000);
    await Promise.all([
      asha.taps(`PAY_TODAY:${due.id}`, 'wamid.a'),
      asha.taps(`PAY_WEEK:${due.id}`, 'wamid.b'),
      asha.taps(`PAY_SOON:${due.id}`, 'wamid.c'),
    ]);
    expect(await states()).toEqual(['open']);
  });
});
