import { formatDate } from '../../src/kernel/local-time.js';
import { Inbox } from '../conversations/inbox.js';
import { inr, unknownId } from '../customers/books.js';
import { DAY, Debtor, HOUR } from './answers.js';

describe('A customer answers about a due', () => {
  let inbox: Inbox;
  let asha: Debtor;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    asha = await Debtor.open(inbox);
  });

  const inMs = (milliseconds: number): string => new Date(inbox.clock.now().getTime() + milliseconds).toISOString();

  it.each([
    ['PAY_TODAY', 24 * HOUR, 0, 'S0.69'],
    ['WILL_PAY_TODAY', 24 * HOUR, 0, 'S0.69'],
    ['PAID_TODAY', 7 * DAY, 0, 'S0.70'],
    ['PAY_WEEK', 7 * DAY, 7, 'S0.71'],
    ['PAY_SOON', 72 * HOUR, 3, 'S0.72'],
  ])(
    'by tapping %s: pause of %i ms, status, the day %i days ahead, promise (%s, S0.67, S0.76, S0.77)',
    async (answer, pause, day) => {
      const due = await asha.owe(500_000);
      const [reply] = await asha.taps(`${answer}:${due.id}`);
      expect(reply).toContain('Thank you');
      expect(await asha.due(due.id)).toMatchObject({
        reminderPausedUntil: inMs(pause),
        commitmentStatus: answer,
        expectedPaymentDate: asha.day(day),
      });
      expect(await asha.promises()).toMatchObject([
        {
          answer,
          state: 'open',
          amount_minor: 500_000,
          promised_for: asha.day(day),
          source: 'tap',
          judged_at: new Date(inMs(pause)),
        },
      ]);
      const rung = await asha.shop.sql<{ due_at: Date }>(
        `select due_at from lane_ring where kind = 'reminders' and tenant_id = $1::uuid and due_at = $2::timestamptz`,
        [asha.tenant, inMs(pause)],
      );
      expect(rung).not.toEqual([]);
    },
  );

  it('leaves what was said last on the customer (S0.64)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_WEEK:${due.id}`);
    expect(await asha.shop.show(`customers/${asha.customer.id}`)).toMatchObject({
      feedback: 'Will pay within a week',
      lastInteractionAt: inbox.clock.now().toISOString(),
    });
  });

  it('PAID_TODAY tells the merchant (S0.70)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAID_TODAY:${due.id}`);
    expect(
      await asha.shop.sql(`select action, subject_id, actor_kind from audit_entry where action = 'payment.claimed'`),
    ).toEqual([{ action: 'payment.claimed', subject_id: due.id, actor_kind: 'system' }]);
    expect(await asha.shop.sql(`select type from outbox_event where type = 'reminders.payment-claimed'`)).toHaveLength(
      1,
    );
  });

  it('NEED_STATEMENT sends the statement and pauses for 48 hours, whatever was promised (S0.73, S0.77)', async () => {
    const due = await asha.owe(500_000);
    const [statement] = await asha.taps(`NEED_STATEMENT:${due.id}`);
    expect(statement).toContain('5,000.00');
    expect(await asha.due(due.id)).toMatchObject({
      reminderPausedUntil: inMs(48 * HOUR),
      commitmentStatus: 'NEED_STATEMENT',
    });
    await asha.taps(`PAY_WEEK:${due.id}`, 'wamid.2');
    expect(await asha.taps(`NEED_STATEMENT:${due.id}`, 'wamid.3')).toHaveLength(1);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: inMs(7 * DAY), commitmentStatus: 'PAY_WEEK' });
  });

  it('asks what is due and gets the amount with answers that carry the due (S0.68, S0.75, C21)', async () => {
    await asha.owe(200_000, '2026-12-05', { description: 'Invoice 12' });
    const oldest = await asha.owe(300_000, '2026-11-10');
    await asha.writes('hi');
    await inbox.arrive(
      asha.tenant,
      inbox.message(
        { waId: asha.customer.phone!.slice(1) },
        { type: 'tap', source: 'list', id: 'CHECK_CURRENT_DUE', title: 'Current Due' },
        { contextWamid: 'wamid.menu' },
      ),
    );
    const told = await asha.lastAnswer();
    expect(told).toMatchObject({
      type: 'list',
      body: expect.stringMatching(
        /You owe \*₹5,000\.00\*.*₹3,000\.00, was due 10 Nov 2026.*₹2,000\.00, Invoice 12, due 5 Dec 2026/s,
      ) as string,
      sections: [
        {
          rows: ['WILL_PAY_TODAY', 'PAID_TODAY', 'PAY_WEEK', 'PAY_SOON', 'NEED_STATEMENT'].map((answer) =>
            expect.objectContaining({ id: `${answer}:${oldest.id}` }),
          ),
        },
      ],
    });
    inbox.clock.advance(2 * DAY);
    await asha.taps(`WILL_PAY_TODAY:${oldest.id}`);
    expect(await asha.promises()).toMatchObject([{ answer: 'WILL_PAY_TODAY', amount_minor: 300_000 }]);
    await asha.writes('kitna baki hai?');
    expect(await asha.lastAnswer()).toMatchObject({ type: 'list' });
  });

  it('in Hindi when that is their language', async () => {
    const ravi = await Debtor.open(inbox, { language: 'hi' });
    const due = await ravi.owe(500_000);
    await ravi.taps(`CHECK_CURRENT_DUE:${due.id}`);
    expect(await ravi.lastAnswer()).toMatchObject({
      type: 'list',
      body: expect.stringContaining('कुल बकाया') as string,
    });
    expect(await ravi.taps(`WILL_PAY_TODAY:${due.id}`)).toEqual([expect.stringContaining('धन्यवाद')]);
  });

  it('in their own words, about the oldest open due, by their own calendar (D3)', async () => {
    await asha.owe(100_000, '2026-12-05');
    const oldest = await asha.owe(500_000, '2026-11-10');
    expect(await asha.writes('kal aadha de dunga')).toEqual([
      expect.stringContaining(`₹2,500.00 on ${formatDate(asha.day(1))}`),
    ]);
    expect(await asha.promises()).toMatchObject([
      {
        answer: 'PAY_ON_DATE',
        promised_for: asha.day(1),
        amount_minor: 250_000,
        source: 'text',
        said: 'kal aadha de dunga',
        judged_at: new Date(`${asha.day(1)}T18:30:00Z`),
      },
    ]);
    expect(await asha.due(oldest.id)).toMatchObject({
      reminderPausedUntil: `${asha.day(1)}T18:30:00.000Z`,
      commitmentStatus: 'PAY_ON_DATE',
      expectedPaymentDate: asha.day(1),
    });
    expect(await asha.writes('I paid for the wrong item')).not.toContainEqual(expect.stringContaining('Thank you!'));
    expect(await asha.promises()).toHaveLength(1);
  });

  it('is left to people when words about paying come from somebody who owes nothing', async () => {
    expect(await asha.writes('friday')).toEqual([]);
    expect(await asha.promises()).toEqual([]);
  });

  it('the same tap on the same message is answered once, and the same answer again changes nothing (S0.62, C58)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    const until = inMs(24 * HOUR);
    expect(await asha.taps(`PAY_TODAY:${due.id}`)).toEqual([]);
    inbox.clock.advance(5 * HOUR);
    expect(await asha.taps(`WILL_PAY_TODAY:${due.id}`, 'wamid.later')).toEqual([
      expect.stringContaining('noted already'),
    ]);
    expect(await asha.promises()).toHaveLength(1);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: until });
  });

  it('the first promise holds, and the reply says whom to ask (C58)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_TODAY:${due.id}`);
    const until = inMs(24 * HOUR);
    expect(await asha.taps(`PAY_WEEK:${due.id}`)).toEqual([
      expect.stringContaining('To change that, please ask Merchant'),
    ]);
    expect(await asha.promises()).toMatchObject([{ answer: 'PAY_TODAY', state: 'open' }]);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: until, commitmentStatus: 'PAY_TODAY' });
  });

  it('a claim to have paid goes before a promise (C58)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_WEEK:${due.id}`);
    await asha.taps(`PAID_TODAY:${due.id}`);
    expect(await asha.promises()).toMatchObject([
      { answer: 'PAY_WEEK', state: 'superseded' },
      { answer: 'PAID_TODAY', state: 'open' },
    ]);
  });

  it("a later answer takes the promise's place, and its pause, where the merchant wants it so (C58)", async () => {
    expect(await asha.shop.call('PUT', 'contact-policy', { laterAnswerReplaces: true })).toMatchObject({ status: 200 });
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_WEEK:${due.id}`);
    await asha.taps(`PAY_TODAY:${due.id}`);
    expect(await asha.promises()).toMatchObject([{ state: 'superseded' }, { answer: 'PAY_TODAY', state: 'open' }]);
    expect(await asha.due(due.id)).toMatchObject({
      reminderPausedUntil: inMs(24 * HOUR),
      expectedPaymentDate: asha.day(0),
    });
  });

  it('never shortens a pause that somebody set for longer', async () => {
    const due = await asha.owe(500_000);
    await asha.shop.call('POST', `dues/${due.id}/pause`, { until: inMs(30 * DAY) });
    await asha.taps(`PAY_TODAY:${due.id}`);
    expect(await asha.due(due.id)).toMatchObject({ reminderPausedUntil: inMs(30 * DAY) });
  });

  it("a tap on a settled due is thanked for; one that names somebody else's due, or nobody's, touches nothing", async () => {
    const due = await asha.owe(500_000);
    await asha.shop.pay(asha.customer.id, 500_000);
    expect(await asha.taps(`PAY_TODAY:${due.id}`)).toEqual(['Nothing is left to pay of that one. Thank you!']);
    const other = await asha.shop.customer();
    const theirs = await asha.shop.due(other.id, 500_000);
    const elsewhere = await Debtor.open(inbox);
    const abroad = await elsewhere.owe(500_000);
    for (const id of [theirs.id, abroad.id, unknownId(), "x'; drop table due; --", '', 'ü']) {
      inbox.clock.advance(1000);
      expect(await asha.taps(`PAY_TODAY:${id}`, `wamid.${id.length}.${id}`)).toEqual([
        expect.stringContaining('do not know which payment'),
      ]);
    }
    expect(await asha.promises()).toEqual([]);
    expect(await elsewhere.promises()).toEqual([]);
    expect(await asha.due(theirs.id)).toMatchObject({ reminderPausedUntil: null, commitmentStatus: null });
  });

  it('taps about dues never time out with the menu (C5, S0.82)', async () => {
    const due = await asha.owe(500_000);
    await asha.writes('hi');
    inbox.clock.advance(20 * HOUR);
    expect(await asha.taps(`PAY_SOON:${due.id}`)).toEqual([expect.stringContaining('Thank you')]);
  });

  it('books that move to another contact take their promises along (D11)', async () => {
    const due = await asha.owe(500_000);
    await asha.taps(`PAY_WEEK:${due.id}`);
    await inbox.arrive(asha.tenant, inbox.message({ userId: 'IN.9' }, 'hello'));
    await inbox.arrive(asha.tenant, inbox.message({ waId: asha.customer.phone!.slice(1), userId: 'IN.9' }, 'hello'));
    const { customerId } = await asha.shop.show(`dues/${due.id}`);
    expect(await asha.shop.show(`customers/${customerId}/commitments`)).toMatchObject({
      data: [{ dueId: due.id, amount: inr(500_000) }],
    });
  });
});
