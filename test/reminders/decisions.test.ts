import { SweepDueReminders } from '../../src/modules/reminders/application/sweep/sweep-due-reminders.js';
import { GATES } from '../../src/modules/reminders/domain/send-decision.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { type BooksBody, inr, Shop, unknownId } from '../customers/books.js';
import { Inbox } from '../conversations/inbox.js';

interface DecisionBody {
  readonly verdict: string;
  readonly reason: string | null;
  readonly nextAt: string | null;
  readonly occasion: string;
  readonly policyVersion: number;
  readonly gates: readonly { gate: string; passed: boolean | null; saw: Record<string, unknown> }[];
  readonly sentence: string;
}

describe('Why a reminder was sent or not (D4)', () => {
  let inbox: Inbox;
  let shop: Shop;
  let customer: BooksBody;
  let due: BooksBody;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
    customer = await shop.customer();
    due = await shop.due(customer.id, 500_000, '2026-11-28');
  });

  /** The first reminder of the due comes up, and is decided on. @returns its id */
  const sweep = async (): Promise<string> => {
    const [row] = await shop.sql<{ id: string }>(
      `update reminder set status = 'pending', scheduled_for = least((select business_now()), '2026-11-21T10:00:00Z') where id =
         (select id from reminder where due_id = $1::uuid order by planned_for limit 1) returning id`,
      [due.id],
    );
    await inbox.in(shop.tenantId, () => inbox.get(Commands).execute(new SweepDueReminders()));
    return row!.id;
  };
  const decisions = async (reminderId: string): Promise<readonly DecisionBody[]> =>
    (await shop.show(`reminders/${reminderId}/decisions`)).data as unknown as DecisionBody[];

  it('every evaluation is there with its gates in their order, what they saw, and a sentence (S0.34, S0.46)', async () => {
    const reminderId = await sweep();
    const [decision, ...others] = await decisions(reminderId);
    expect(others).toEqual([]);
    expect(decision).toMatchObject({
      occasion: 'sweep',
      verdict: 'defer',
      reason: 'NO_CREDENTIALS',
      nextAt: '2026-11-21T11:00:00.000Z',
      policyVersion: 0,
      sentence: 'Not sent yet: no connected WhatsApp number could send; next look 21 Nov 2026, 16:30.',
    });
    expect(decision!.gates.map(({ gate }) => gate)).toEqual(GATES);
    expect(decision!.gates.find(({ gate }) => gate === 'PAID')).toEqual({
      gate: 'PAID',
      passed: true,
      saw: { outstandingMinor: 500_000, settled: null },
    });
    expect(decision!.gates.find(({ gate }) => gate === 'NO_CREDENTIALS')).toMatchObject({
      passed: false,
      saw: { hasSender: false },
    });
    expect(decision!.gates.at(-1)).toEqual({ gate: 'MISSING_VARIABLE', passed: null, saw: {} });
  });

  it("a pause is explained by the customer's promise while there is one, in the customer's time (S0.38)", async () => {
    await shop.call('POST', `customers/${customer.id}/commitments`, { dueId: due.id, day: '2026-11-23' });
    const reminderId = await sweep();
    await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-11-30T04:00:00Z' });
    const [first] = await decisions(reminderId);
    expect(first).toMatchObject({ verdict: 'defer', reason: 'PAUSED' });
    expect(first!.sentence).toBe(
      'Not sent yet: the customer promised to pay by 23 Nov 2026; reminders wait until 24 Nov 2026, 00:00.',
    );
  });

  it('a reminder looked at twice has two decisions, oldest first, page by page', async () => {
    await sweep();
    await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-11-30T04:00:00Z' });
    const reminderId = await sweep();
    const page = await shop.show(`reminders/${reminderId}/decisions?limit=1`);
    expect(page.data).toMatchObject([{ reason: 'NO_CREDENTIALS' }]);
    const next = await shop.show(`reminders/${reminderId}/decisions?limit=1&cursor=${page.nextCursor}`);
    expect(next).toMatchObject({ data: [{ reason: 'PAUSED' }], nextCursor: null });
  });

  it('why nothing goes out to a customer now: what is next, what waits, what ended', async () => {
    expect(await shop.show(`customers/${customer.id}/why-not`)).toMatchObject({
      optedOutAt: null,
      dues: [
        {
          dueId: due.id,
          outstanding: inr(500_000),
          next: { stage: 'before_due', status: 'pending' },
          last: null,
          sentence: 'The next reminder is planned for 25 Nov 2026, 09:00.',
        },
      ],
    });
    await sweep();
    expect(await shop.show(`customers/${customer.id}/why-not`)).toMatchObject({
      dues: [
        {
          next: { status: 'rescheduled', reason: 'NO_CREDENTIALS' },
          sentence: 'The next reminder waits until 21 Nov 2026, 16:30. No connected WhatsApp number could send.',
        },
      ],
    });
    await shop.pay(customer.id, 500_000);
    expect(await shop.show(`customers/${customer.id}/why-not`)).toMatchObject({ dues: [] });
  });

  it('a customer whose conversation is blocked is not reminded until the block is lifted, and both are said (S1.92)', async () => {
    const from = { waId: customer.phone!.slice(1) };
    const threadId = await inbox.arrive(shop.tenantId, inbox.message(from, 'leave me alone'));
    await shop.call('PATCH', `conversations/${threadId}`, { status: 'blocked' });
    const [decision] = await decisions(await sweep());
    expect(decision).toMatchObject({
      verdict: 'cancel',
      reason: 'CONVERSATION_BLOCKED',
      sentence: 'Not sent: the conversation with the customer is blocked.',
    });
    expect(decision!.gates.find(({ gate }) => gate === 'CONVERSATION_BLOCKED')).toMatchObject({ passed: false });
    expect(await shop.show(`customers/${customer.id}/why-not`)).toMatchObject({
      isBlocked: true,
      dues: [{ sentence: 'The conversation with the customer is blocked: nothing is sent until somebody lifts that.' }],
    });
    await shop.call('PATCH', `conversations/${threadId}`, { status: 'active' });
    expect((await decisions(await sweep())).at(-1)).toMatchObject({ reason: 'NO_CREDENTIALS' });
    expect(await shop.show(`customers/${customer.id}/why-not`)).toMatchObject({ isBlocked: false });
  });

  it('a period adds up: each planned reminder once, by what became of it', async () => {
    await sweep();
    await shop.pay(customer.id, 500_000);
    const other = await shop.customer();
    await shop.due(other.id, 100_000, '2026-11-26');
    const summary = await shop.show('reminders/summary?from=2026-11-21T00:00:00Z&to=2026-12-01T00:00:00Z');
    expect(summary).toMatchObject({
      planned: 4,
      outcomes: [
        { status: 'cancelled', reason: 'PAID', count: 2 },
        { status: 'pending', reason: null, count: 2 },
      ],
      putOff: [{ reason: 'NO_CREDENTIALS', count: 1 }],
      sentence: '2 planned, 2 cancelled (PAID); put off 1 time (NO_CREDENTIALS).',
    });
  });

  it('a period that is none, or too long, is refused', async () => {
    for (const [from, to] of [
      ['2026-11-21T00:00:00Z', '2026-11-21T00:00:00Z'],
      ['2026-11-21T00:00:00Z', '2028-11-21T00:00:00Z'],
    ])
      expect(await shop.call('GET', `reminders/summary?from=${from}&to=${to}`)).toMatchObject({
        status: 422,
        body: { code: 'PERIOD_TOO_LONG' },
      });
    expect((await shop.call('GET', 'reminders/summary')).status).toBe(400);
  });

  it("another merchant's reminder and customer do not exist", async () => {
    const reminderId = await sweep();
    const stranger = await Shop.open(inbox);
    for (const id of [reminderId, unknownId()])
      expect((await stranger.call('GET', `reminders/${id}/decisions`)).status).toBe(404);
    for (const id of [customer.id, unknownId()])
      expect((await stranger.call('GET', `customers/${id}/why-not`)).status).toBe(404);
  });
});
