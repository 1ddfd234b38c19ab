import { type BooksBody, inr, Shop } from '../customers/books.js';
import { until } from '../setup/until.js';
import { Inbox } from '../conversations/inbox.js';

interface Entry {
  readonly at: string;
  readonly what: string;
  readonly customerId: string;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly reminderId: string | null;
}

interface SimulationBody {
  readonly from: string;
  readonly until: string;
  readonly summary: { planned: number; sent: number; waiting: number; cost: unknown; counts: unknown[] };
  readonly timeline: readonly Entry[];
  readonly truncated: boolean;
  readonly comparison: { summary: { sent: number }; difference: Record<string, number | null> } | null;
  readonly code: string;
}

const NOW = Date.parse('2026-11-21T10:00:00Z');

describe('A month of reminders is tried out before anybody is written to (D5)', () => {
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

  const simulate = async (request: object): Promise<{ status: number; body: SimulationBody }> =>
    (await shop.call('POST', 'simulations', { days: 30, ...request })) as unknown as {
      status: number;
      body: SimulationBody;
    };
  const told = ({ timeline }: SimulationBody): string[] =>
    timeline
      .filter(({ what }) => what !== 'planned')
      .map(({ at, what, stage, reason }) => [at.slice(5, 16), what, stage, reason].filter(Boolean).join(' '));

  it('what is planned goes out by the clock of the customer, and the overdue step is found (S0.17-S0.30)', async () => {
    await shop.due(customer.id, 500_000, '2026-11-26');
    const { status, body } = await simulate({ pricePerMessage: { amountMinor: 11.5, currency: 'INR' } });
    expect(status).toBe(200);
    expect(told(body)).toEqual([
      '11-23T03:30 sent before_due',
      '11-26T03:30 sent due_today',
      '11-27T03:30 sent after_due',
    ]);
    expect(body.summary).toMatchObject({ planned: 3, sent: 3, waiting: 0, cost: inr(35) });
    expect(body.timeline[0]!.reminderId).not.toBeNull();
    expect(body).toMatchObject({
      from: '2026-11-21T10:00:00.000Z',
      until: '2026-12-21T10:00:00.000Z',
      truncated: false,
    });
  });

  it('changes nothing, and does not depend on a connected number', async () => {
    await shop.due(customer.id, 500_000, '2026-11-26');
    const state = (): Promise<object[]> =>
      shop.sql(
        `select id, status, scheduled_for, updated_at from reminder union all select id, '', updated_at, updated_at from due order by 1`,
      );
    const before = await state();
    await simulate({ response: { script: [{ onReminder: 1, afterMinutes: 5, pay: 1 }] } });
    expect(await state()).toEqual(before);
  });

  it('answers of a script pause, promises break, payments end it (S0.37, S0.38, S0.69)', async () => {
    await shop.due(customer.id, 500_000, '2026-11-26');
    const script = [
      { onReminder: 2, afterMinutes: 60, answer: 'PAY_TODAY' },
      { onReminder: 3, afterMinutes: 30, pay: 1 },
    ];
    const { body } = await simulate({ response: { script } });
    expect(told(body)).toEqual([
      '11-23T03:30 sent before_due',
      '11-26T03:30 sent due_today',
      '11-26T04:30 answered PAY_TODAY',
      '11-27T03:30 deferred after_due PAUSED',
      '11-27T04:30 promise-broken broken',
      '11-27T04:30 sent after_due',
      '11-27T05:00 paid',
    ]);
  });

  it('the copy knows pauses, promises, payments, opt-outs, blocks, templates and zones as they are', async () => {
    const due = await shop.due(customer.id, 500_000, '2026-11-26');
    await shop.call('POST', `customers/${customer.id}/commitments`, { dueId: due.id, day: '2026-11-23' });
    const abroad = await shop.customer({ timezone: 'America/New_York' });
    await shop.due(abroad.id, 100_000, '2026-11-23');
    const silent = await shop.customer();
    await shop.due(silent.id, 100_000, '2026-11-23');
    await shop.call('POST', `customers/${silent.id}/opt-out`, {});
    const blocked = await shop.customer();
    await shop.due(blocked.id, 100_000, '2026-11-23');
    const from = { waId: blocked.phone!.slice(1) };
    const threadId = await inbox.arrive(shop.tenantId, inbox.message(from, 'hi'));
    await shop.call('PATCH', `conversations/${threadId}`, { status: 'blocked' });
    const { body } = await simulate({ days: 3 });
    const of = (id: string): string[] =>
      told({ ...body, timeline: body.timeline.filter((entry) => entry.customerId === id) });
    expect(of(customer.id)).toEqual([
      '11-23T03:30 deferred before_due PAUSED',
      '11-23T18:30 promise-broken broken',
      '11-23T18:30 deferred before_due QUIET_HOURS',
      '11-24T02:30 sent before_due',
    ]);
    expect(of(abroad.id)).toEqual(['11-23T14:00 sent due_today']);
    expect(of(silent.id)).toEqual([
      '11-23T03:30 cancelled due_today OPTED_OUT',
      '11-24T03:30 cancelled after_due OPTED_OUT',
    ]);
    expect(of(blocked.id)).toEqual([
      '11-23T03:30 cancelled due_today CONVERSATION_BLOCKED',
      '11-24T03:30 cancelled after_due CONVERSATION_BLOCKED',
    ]);
  });

  it('another policy and another term beside it: what would be different', async () => {
    await shop.due(customer.id, 500_000, '2026-11-26');
    const { body } = await simulate({
      pricePerMessage: { amountMinor: 100, currency: 'INR' },
      compareWith: { term: { reminderOffsets: [0], overdueSteps: [1, 3, 7] }, policy: { weekdays: [1, 2, 3, 4, 5] } },
    });
    expect(body.summary.sent).toBe(3);
    expect(body.comparison).toMatchObject({
      summary: { sent: 4 },
      difference: { sent: 1, businessInitiated: 1, customersReminded: 0, costMinor: 100 },
    });
  });

  it('chance is dealt by the seed: the same request has the same outcome', async () => {
    for (let n = 0; n < 5; n++) await shop.due(customer.id, 100_000, `2026-11-${25 + n}`);
    const response = {
      seeded: { seed: 'a', probabilities: { PAY: 0.3, PAY_WEEK: 0.3, STOP: 0.1 }, delayMinutes: 600 },
    };
    const [first, second] = [await simulate({ response }), await simulate({ response })];
    expect(first.body.timeline).toEqual(second.body.timeline);
    expect(first.body.timeline.length).toBeGreaterThan(5);
  });

  it('named customers only; strangers have no books', async () => {
    const other = await shop.customer();
    await shop.due(customer.id, 100_000, '2026-11-26');
    await shop.due(other.id, 100_000, '2026-11-26');
    const { body } = await simulate({ customerIds: [other.id] });
    expect(new Set(body.timeline.map(({ customerId }) => customerId))).toEqual(new Set([other.id]));
    const stranger = await Shop.open(inbox);
    const { body: none } = await stranger.call('POST', 'simulations', { days: 30, customerIds: [other.id] });
    expect(none).toMatchObject({ timeline: [], summary: { planned: 0 } });
  });

  it('what starts later finds late what was due before (reliability 2.11)', async () => {
    await shop.due(customer.id, 100_000, '2026-11-26');
    const { body } = await simulate({ startAt: '2026-11-25T10:00:00Z', days: 2 });
    expect(told(body).slice(0, 2)).toEqual(['11-25T10:00 expired before_due TOO_LATE', '11-26T03:30 sent due_today']);
  });

  it('one at a time: whoever comes meanwhile is told to come again', async () => {
    await shop.due(customer.id, 100_000, '2026-11-26');
    // Whether two meet is up to the machine: a crowd is asked until they do.
    const met = await until(
      async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => simulate({})));
        return answers.find(({ status }) => status !== 200);
      },
      { within: 30_000 },
    );
    expect([met.status, met.body.code]).toEqual([429, 'SIMULATION_RUNS']);
    expect((await simulate({})).status).toBe(200);
  });

  it.each([
    [{ days: 0 }, 400, 'INVALID_REQUEST'],
    [{ days: 121 }, 400, 'INVALID_REQUEST'],
    [{ startAt: '2026-11-20T10:00:00Z' }, 422, 'SIMULATION_STARTS_IN_THE_PAST'],
    [{ policy: { allowedFrom: '10:00', allowedUntil: '09:00' } }, 422, 'POLICY_NEVER_ALLOWS'],
    [{ term: { reminderOffsets: [1, 1] } }, 422, 'INVALID_PAYMENT_TERM'],
    [{ response: { script: [{ onReminder: 1, afterMinutes: 1 }] } }, 422, 'INVALID_RESPONSE_MODEL'],
    [
      { response: { seeded: { seed: 'a', probabilities: { PAY: 0.7, STOP: 0.7 }, delayMinutes: 1 } } },
      422,
      'INVALID_RESPONSE_MODEL',
    ],
  ])('refuses %j', async (request, status, code) => {
    await shop.due(customer.id, 100_000, '2026-11-26');
    expect(await simulate(request)).toMatchObject({ status, body: { code } });
  });
});
