import { newId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import { Money } from '../../src/kernel/money.js';
import { ChangeConversation } from '../../src/modules/conversations/application/inbox/change-conversation.js';
import { PauseDue, RecordPayment } from '../../src/modules/customers/index.js';
import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Merchant, type Posted } from './collection-rig.js';

const DAY_MS = 86_400_000;

describe('A reminder on its way', () => {
  let rig: CollectionRig;
  let merchant: Merchant;
  let debt: Debt;

  beforeAll(async () => {
    rig = await CollectionRig.open('all');
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    rig.provider.posted.length = 0;
    merchant = await rig.merchant();
    [debt] = (await rig.debts(merchant, 1)) as [Debt];
  });

  const untilStatus = (status: string, count = 1): Promise<unknown> =>
    until(async () => (await rig.statuses(merchant))[status] === count, { within: 20_000 });
  const reminder = async (): Promise<Record<string, unknown>> =>
    (await rig.sql<Record<string, unknown>>(merchant, 'select * from reminder where id = $1', [debt.reminderId]))[0]!;
  /** Without what a jump of the clock makes due for merchants of other tests. */
  const postedHere = (): Posted[] => rig.provider.posted.filter(({ to }) => to === debt.phone);
  /** The customer wrote so long ago. */
  const wrote = (ago: number): Promise<unknown> =>
    rig.sql(
      merchant,
      `insert into thread (tenant_id, id, phone_number_id, contact_id, last_message_at, last_message_direction, last_message_preview, last_inbound_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4::uuid, now(), 'INBOUND', 'hi', business_now() - make_interval(secs => $5), now(), now())`,
      [merchant.tenantId, newId(), merchant.phoneNumberId, debt.customerId, ago / 1000],
    );
  const becomes = (kind: string, message: string | null): Promise<unknown> =>
    rig.sql(merchant, `update reminder set kind = $1, stage = null, due_id = null, source = 'manual', message = $2`, [
      kind,
      message,
    ]);
  const pauseNumber = (status: 'paused' | 'active'): Promise<unknown> =>
    rig.sql(merchant, `update phone_number set status = $1`, [status]);
  /** Queued, and nobody sends it: the lane of the number belongs to somebody else for a while. */
  const queueWithoutSending = async (): Promise<void> => {
    await rig.sql(
      merchant,
      `insert into lane (kind, key, tenant_id, due_at, drain_token, lease_until) values ('whatsapp-send-queue', $1, $2::uuid, now(), gen_random_uuid(), now() + interval '1 hour')`,
      [merchant.phoneNumberId, merchant.tenantId],
    );
    await rig.ring(merchant);
    await untilStatus('queued');
  };
  const letSend = (): Promise<unknown> =>
    rig.sql(
      merchant,
      `update lane set lease_until = null, drain_token = null where kind = 'whatsapp-send-queue' and key = $1`,
      [merchant.phoneNumberId],
    );

  it("takes the merchant's own template, positional variables and all (S0.41, S0.53, C19)", async () => {
    await rig.sql(
      merchant,
      `insert into reminder_template (tenant_id, slot, name, language, positional, replies, updated_at)
       values ($1::uuid, 'due_today', 'rent_is_due', null, '{companyname,amount,name}', '{WILL_PAY_TODAY}', now())`,
      [merchant.tenantId],
    );
    await rig.sql(merchant, `update customer set language = 'hi'`);
    await rig.ring(merchant);
    await untilStatus('sent');
    expect(rig.provider.posted[0]!.content).toEqual({
      type: 'template',
      name: 'rent_is_due',
      language: 'hi',
      body: { positional: ['Asha Traders', '₹5,000.00', `Customer ${debt.phone}`] },
      buttons: [{ index: 0, kind: 'quick_reply', value: `WILL_PAY_TODAY:${debt.dueId}` }],
    });
    expect(await reminder()).toMatchObject({ template_name: 'rent_is_due', template_language: 'hi' });
  });

  it('without a name there is no "Hello ,": it fails and says what is missing (C19)', async () => {
    await rig.sql(merchant, `update contact set name = null`);
    await rig.ring(merchant);
    await untilStatus('failed');
    expect(await reminder()).toMatchObject({ reason: 'MISSING_VARIABLE' });
    const [decision] = await rig.sql(merchant, `select facts -> 'missingVariables' as missing from reminder_decision`);
    expect(decision).toEqual({ missing: ['name'] });
  });

  it.each(['CART_ABANDONED', 'ORDER_FOLLOWUP', 'RESTOCK', 'CUSTOM'])(
    '%s goes as text inside the window of 24 hours (S3.28, S3.29, C41)',
    async (kind) => {
      await becomes(kind, 'Your basket waits for you');
      await wrote(3_600_000);
      await rig.ring(merchant);
      await untilStatus('sent');
      expect(rig.provider.posted[0]!.content).toEqual({ type: 'text', body: 'Your basket waits for you' });
    },
  );

  it('outside the window its words go in the template of its kind, and without one it says so (S3.28, C41)', async () => {
    await becomes('RESTOCK', 'Basmati is back');
    await wrote(25 * 3_600_000);
    await rig.sql(
      merchant,
      `insert into reminder_template (tenant_id, slot, name, language, positional, replies, updated_at)
       values ($1::uuid, 'RESTOCK', 'back_again', 'en', '{message}', '{}', now())`,
      [merchant.tenantId],
    );
    await rig.ring(merchant);
    await untilStatus('sent');
    expect(rig.provider.posted[0]!.content).toMatchObject({
      name: 'back_again',
      body: { positional: ['Basmati is back'] },
    });
    const another = await rig.merchant();
    merchant = another;
    [debt] = (await rig.debts(another, 1)) as [Debt];
    await becomes('RESTOCK', 'Basmati is back');
    await rig.ring(another);
    await untilStatus('failed');
    expect(await reminder()).toMatchObject({ reason: 'NO_TEMPLATE' });
  });

  it("is told to the merchant's systems when it has left, and when it never will, whoever says so (D18)", async () => {
    const told = (): Promise<{ name: string; payload: Record<string, unknown> }[]> =>
      rig.sql(merchant, `select name, payload from tenant_event where name like 'reminder.%' order by position`);
    const accepting = rig.provider.answer;
    await rig.ring(merchant);
    await untilStatus('sent');
    const { reminderId, customerId, dueId } = debt;
    expect(await told()).toEqual([
      {
        name: 'reminder.sent',
        payload: {
          reminderId,
          customerId,
          dueId,
          messageId: (await reminder())['message_id'],
          stage: expect.any(String),
        },
      },
    ]);
    for (const [reason, goesWrong] of [
      ['MISSING_VARIABLE', () => rig.sql(merchant, `update contact set name = null`)],
      ['132000', () => refuse({ code: 132000, title: 'Number of parameters does not match' })],
    ] as const) {
      merchant = await rig.merchant();
      [debt] = (await rig.debts(merchant, 1)) as [Debt];
      await goesWrong();
      await rig.ring(merchant);
      await untilStatus('failed');
      expect(await told()).toMatchObject([
        { name: 'reminder.failed', payload: { reminderId: debt.reminderId, dueId: debt.dueId, reason } },
      ]);
    }
    rig.provider.answer = accepting;

    function refuse(error: { code: number; title: string }): void {
      rig.provider.answer = () => ({ kind: 'refused', about: 'template', error });
    }
  });

  it('has its place in the conversation, which is opened for it (S0.88)', async () => {
    await rig.ring(merchant);
    await untilStatus('sent');
    const [thread] = await rig.sql(
      merchant,
      `select t.contact_id, t.unread_count, t.last_message_direction, t.last_message_preview from thread t join message m on m.thread_id = t.id`,
    );
    expect(thread).toEqual({
      contact_id: debt.customerId,
      unread_count: 0,
      last_message_direction: 'OUTBOUND',
      last_message_preview: '[template interactive_due_today]',
    });
    // The inbox is told of it as it leaves: until then it has no conversation.
    expect(
      await rig.sql(
        merchant,
        `select e.payload ->> 'preview' as preview from tenant_event e join message m on m.thread_id = e.thread_id and m.id::text = e.payload ->> 'messageId'
         where e.name = 'whatsapp-new-message'`,
      ),
    ).toEqual([{ preview: '[template interactive_due_today]' }]);
  });

  it('is called back from the queue by a payment, and its message with it (S0.37, S0.78, D2)', async () => {
    await queueWithoutSending();
    await rig.execute(
      merchant,
      new RecordPayment({ customerId: debt.customerId, amount: Money.of(500_000, 'INR'), dueId: debt.dueId }),
    );
    await letSend();
    await untilStatus('cancelled');
    expect(await reminder()).toMatchObject({ reason: 'PAID', message_id: null });
    const [message] = await rig.sql(merchant, `select state, failure ->> 'code' as code, attempt_no from message`);
    expect(message).toEqual({ state: 'cancelled', code: 'PAID', attempt_no: 0 });
    expect(rig.provider.posted).toEqual([]);
  });

  it('is called back by a block, on whatever number the customer was blocked (S1.92, S0.46, D2)', async () => {
    await queueWithoutSending();
    const threadId = newId();
    await rig.sql(
      merchant,
      `insert into thread (tenant_id, id, phone_number_id, contact_id, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
       values ($1::uuid, $2::uuid, 'another-number', $3::uuid, now(), 'INBOUND', 'hi', now(), now())`,
      [merchant.tenantId, threadId, debt.customerId],
    );
    const everything = InboxAccess.of({ areas: 'all' });
    await rig.execute(merchant, new ChangeConversation(everything, 'system', threadId, { status: 'blocked' }));
    await letSend();
    await untilStatus('cancelled');
    expect(await reminder()).toMatchObject({ reason: 'CONVERSATION_BLOCKED', message_id: null });
    const [message] = await rig.sql(merchant, `select state, failure ->> 'code' as code from message`);
    expect(message).toEqual({ state: 'cancelled', code: 'CONVERSATION_BLOCKED' });
    expect(postedHere()).toEqual([]);
  });

  it('waits in the schedule again when it is paused in the queue, and goes by another message afterwards (S0.38)', async () => {
    await rig.notDueForDays(merchant);
    await queueWithoutSending();
    await rig.execute(merchant, new PauseDue(debt.dueId, new Date(rig.now().getTime() + DAY_MS)));
    await letSend();
    await untilStatus('rescheduled');
    expect(await reminder()).toMatchObject({ reason: 'PAUSED', message_id: null });
    await rig.jump(merchant, DAY_MS + 1000);
    await rig.ring(merchant);
    await untilStatus('sent');
    expect(postedHere().map(({ content }) => content.type === 'template' && content.name)).toEqual([
      'interactive_before_due1',
    ]);
    expect(
      (await rig.sql<{ state: string }>(merchant, `select state from message order by seq`)).map(({ state }) => state),
    ).toEqual(['cancelled', 'accepted']);
  });

  it('says what is owed when it leaves, not when it was queued (D2)', async () => {
    await queueWithoutSending();
    await rig.execute(
      merchant,
      new RecordPayment({ customerId: debt.customerId, amount: Money.of(120_000, 'INR'), dueId: debt.dueId }),
    );
    await letSend();
    await untilStatus('sent');
    expect(postedHere()[0]!.content).toMatchObject({ body: { named: { amount: '₹3,800.00' } } });
    const [message] = await rig.sql(
      merchant,
      `select content -> 'body' -> 'named' ->> 'amount' as amount from message`,
    );
    expect(message).toEqual({ amount: '₹3,800.00' });
    expect(await reminder()).toMatchObject({
      template_variables: expect.objectContaining({ amount: '₹3,800.00' }) as object,
    });
  });

  it('a customer gets no more a day than the merchant allows, whatever they owe (D7)', async () => {
    await rig.sql(merchant, `update contact_policy set max_per_day = 1`);
    // Another due of the same customer.
    const [other] = (await rig.debts(merchant, 1)) as [Debt];
    await rig.sql(merchant, `update due set customer_id = $1 where id = $2`, [debt.customerId, other.dueId]);
    await rig.sql(merchant, `update reminder set customer_id = $1 where id = $2`, [debt.customerId, other.reminderId]);
    await rig.ring(merchant);
    await untilStatus('sent');
    await untilStatus('rescheduled');
    const [waits] = await rig.sql<{ reason: string; local: string }>(
      merchant,
      `select reason, to_char(scheduled_for at time zone 'Asia/Kolkata', 'HH24:MI') as local from reminder where status = 'rescheduled'`,
    );
    expect(waits).toEqual({ reason: 'DAILY_LIMIT', local: '00:00' });
    expect(postedHere()).toHaveLength(1);
  });

  it('a lost answer is no second reminder: it may have been sent, and that is said (D1, reliability 2.5)', async () => {
    const accepting = rig.provider.answer;
    rig.provider.answer = () => ({ kind: 'unknown', soft: false, error: { code: 'ECONNRESET', title: 'Answer lost' } });
    await rig.ring(merchant);
    await until(async () => (await reminder())['reason'] === 'MAYBE_SENT', { within: 20_000 }).finally(
      () => (rig.provider.answer = accepting),
    );
    expect(await reminder()).toMatchObject({ status: 'queued', attempts: 1 });
    await rig.jump(merchant, 2 * 3_600_000);
    await rig.ring(merchant);
    await until(async () => (await rig.sql(merchant, `select 1 from message where state = 'parked'`)).length === 1, {
      within: 20_000,
    });
    expect(postedHere()).toHaveLength(1);
  });

  it('waits while the number is paused', async () => {
    await pauseNumber('paused');
    await rig.ring(merchant);
    await untilStatus('rescheduled');
    expect(await reminder()).toMatchObject({ reason: 'NO_CREDENTIALS' });
  });
});
