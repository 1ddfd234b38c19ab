import { newId } from '../../src/kernel/ids.js';
import { SweepDueReminders } from '../../src/modules/reminders/application/sweep/sweep-due-reminders.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox } from '../conversations/inbox.js';
import { type BooksBody, Shop } from '../customers/books.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const MINUTE_MS = 60_000;

interface ReminderBody {
  readonly id: string;
  readonly code: string;
  readonly reminderId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly type: string | null;
  readonly kind: string;
  readonly scheduledFor: string;
  readonly data: readonly ReminderBody[];
  readonly nextCursor: string | null;
}

describe('Reminders over HTTP', () => {
  let inbox: Inbox;
  let shop: Shop;
  let customer: BooksBody;
  let due: BooksBody;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    inbox.clock.advance(NOW - inbox.clock.now().getTime());
    shop = await Shop.open(inbox);
    customer = await shop.customer();
    due = await shop.due(customer.id, 500_000, '2026-12-10');
  });

  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ status: number; body: ReminderBody }> =>
    (await shop.call(method, path, body)) as unknown as { status: number; body: ReminderBody };
  const schedule = (scheduledFor: string, more: object = {}): Promise<{ status: number; body: ReminderBody }> =>
    call('POST', 'reminders', { dueId: due.id, scheduledFor, ...more });
  const planned = async (): Promise<readonly ReminderBody[]> =>
    (await call('GET', `reminders?dueId=${due.id}`)).body.data.toSorted((a, b) =>
      a.scheduledFor < b.scheduledFor ? -1 : 1,
    );
  const set = (id: string, status: string): Promise<unknown> =>
    shop.sql(`update reminder set status = $2 where id = $1::uuid`, [id, status]);
  /** A connected number; without workers, what the sweep hands over stays queued. */
  const connect = async (): Promise<void> => {
    const account = newId();
    await shop.sql(
      `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
       values ($1::uuid, $2::uuid, '1', 'connected', 'complete', now(), now())`,
      [shop.tenantId, account],
    );
    await shop.sql(
      `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at)
       values ($1::uuid, '2', $2::uuid, '+911', now(), now())`,
      [shop.tenantId, account],
    );
  };
  const sweep = (): Promise<boolean> =>
    inbox.in(shop.tenantId, () => inbox.get(Commands).execute(new SweepDueReminders()));

  describe('are shown', () => {
    it('with all that is known of them (S0.25, S0.34, S0.95)', async () => {
      const [first] = await planned();
      expect((await call('GET', `reminders/${first!.id}`)).body).toEqual({
        id: first!.id,
        customerId: customer.id,
        dueId: due.id,
        kind: 'PAYMENT_DUE',
        type: 'before_due',
        step: 7,
        status: 'pending',
        reason: null,
        source: 'auto',
        message: null,
        scheduledFor: '2026-12-03T03:30:00.000Z',
        plannedFor: '2026-12-03T03:30:00.000Z',
        sentAt: null,
        attempts: 0,
        lastError: null,
        template: null,
        messageId: null,
        createdAt: '2026-11-21T10:00:00.000Z',
      });
    });

    it('by status, type, customer, due and time, page by page', async () => {
      const of = async (query: string): Promise<number> => (await call('GET', `reminders?${query}`)).body.data.length;
      expect(await of('')).toBe(3);
      expect(await of('status=pending&type=before_due')).toBe(2);
      expect(await of('type=PAYMENT_DUE')).toBe(3);
      expect(await of('status=sent')).toBe(0);
      expect(await of(`customerId=${customer.id}`)).toBe(3);
      expect(await of(`customerId=${newId()}`)).toBe(0);
      expect(await of('from=2026-12-07T03:30:00Z&to=2026-12-10T03:30:00Z')).toBe(1);
      const first = (await call('GET', 'reminders?limit=2')).body;
      const second = (await call('GET', `reminders?limit=2&cursor=${first.nextCursor}`)).body;
      expect(second.nextCursor).toBeNull();
      expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(3);
    });

    it.each(['status=gone', 'type=late', 'from=today', 'dueId=1', 'limit=0', 'colour=red'])(
      'not by %s',
      async (query) => {
        expect((await call('GET', `reminders?${query}`)).status).toBe(400);
      },
    );
  });

  describe('are scheduled by people (S0.31, S3.31)', () => {
    it.each([
      ['2026-12-01T05:00:00Z', 'before_due'],
      ['2026-12-10T05:00:00Z', 'due_today'],
      ['2026-12-12T05:00:00Z', 'after_due'],
    ])('for %s, which is %s', async (scheduledFor, type) => {
      if (type === 'due_today') await call('DELETE', `reminders/${(await planned())[2]!.id}`);
      expect(await schedule(scheduledFor)).toMatchObject({
        status: 201,
        body: {
          type,
          kind: 'PAYMENT_DUE',
          status: 'pending',
          source: 'manual',
          scheduledFor: scheduledFor.replace('Z', '.000Z'),
        },
      });
      const [ring] = await shop.sql<{ n: number }>(
        `select count(*)::int as n from lane_ring where kind = 'reminders' and due_at = $1::timestamptz`,
        [scheduledFor],
      );
      expect(ring?.n).toBe(1);
    });

    it('of anything else than a due, in words of their own (S3.28, S3.29, S3.30)', async () => {
      for (const type of ['CART_ABANDONED', 'ORDER_FOLLOWUP', 'RESTOCK', 'CUSTOM'])
        expect(
          await call('POST', 'reminders', {
            customerId: customer.id,
            type,
            scheduledFor: '2026-11-23T05:00:00Z',
            message: 'Basmati is back',
          }),
        ).toMatchObject({ status: 201, body: { kind: type, type: null, dueId: null, message: 'Basmati is back' } });
      expect((await call('GET', 'reminders?type=RESTOCK')).body.data).toHaveLength(1);
    });

    it('not in the past, not without a subject, not without words', async () => {
      expect(await schedule('2026-11-21T10:00:00Z')).toMatchObject({
        status: 422,
        body: { code: 'REMINDER_NOT_AHEAD' },
      });
      const at = { scheduledFor: '2026-11-23T05:00:00Z' };
      for (const body of [
        at,
        { ...at, customerId: customer.id },
        { ...at, customerId: customer.id, dueId: due.id },
        { ...at, customerId: customer.id, type: 'PAYMENT_DUE' },
        { ...at, dueId: due.id, type: 'RESTOCK', message: 'x' },
      ])
        expect(await call('POST', 'reminders', body)).toMatchObject({
          status: 422,
          body: { code: 'REMINDER_INCOMPLETE' },
        });
      for (const body of [{}, { dueId: due.id }, { ...at, dueId: 'x' }, { ...at, dueId: due.id, type: 'after_due' }])
        expect((await call('POST', 'reminders', body)).status).toBe(400);
    });

    it('not for a day that has one (S0.24); what has ended unsent is taken up again', async () => {
      const [first] = await planned();
      expect(await schedule('2026-12-03T12:00:00Z')).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_EXISTS', reminderId: first!.id },
      });
      await call('DELETE', `reminders/${first!.id}`);
      expect(await schedule('2026-12-03T12:00:00Z', { message: 'Now' })).toMatchObject({
        status: 201,
        body: { id: first!.id, status: 'pending', reason: null, source: 'manual', message: 'Now' },
      });
    });

    it('not of a due that was paid', async () => {
      await shop.pay(customer.id, 500_000);
      expect(await schedule('2026-12-01T05:00:00Z')).toMatchObject({ status: 409, body: { code: 'DUE_SETTLED' } });
      expect(await call('POST', 'reminders/send-now', { dueId: due.id })).toMatchObject({
        status: 409,
        body: { code: 'DUE_SETTLED' },
      });
    });
  });

  describe('are moved and cancelled, and the due stays as it is (S0.33)', () => {
    it('to another time', async () => {
      const [first] = await planned();
      expect(await call('PATCH', `reminders/${first!.id}`, { scheduledFor: '2026-12-04T05:00:00Z' })).toMatchObject({
        status: 200,
        body: {
          status: 'rescheduled',
          scheduledFor: '2026-12-04T05:00:00.000Z',
          plannedFor: '2026-12-03T03:30:00.000Z',
        },
      });
      await shop.call('PATCH', `dues/${due.id}`, { description: 'Rice' });
      expect((await planned()).map(({ status }) => status)).toEqual(['rescheduled', 'pending', 'pending']);
      expect((await shop.show(`dues/${due.id}`)).dueDate).toBe('2026-12-10');
    });

    it('not to the past, nor to the day of another; not when they are on their way', async () => {
      const [first, second] = await planned();
      const patch = (id: string, scheduledFor: string): ReturnType<typeof call> =>
        call('PATCH', `reminders/${id}`, { scheduledFor });
      expect(await patch(first!.id, '2026-11-21T09:00:00Z')).toMatchObject({
        status: 422,
        body: { code: 'REMINDER_NOT_AHEAD' },
      });
      const { body: own } = await schedule('2026-12-01T05:00:00Z');
      expect(await patch(own.id, '2026-12-07T12:00:00Z')).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_EXISTS', reminderId: second!.id },
      });
      await set(first!.id, 'queued');
      expect(await patch(first!.id, '2026-12-04T05:00:00Z')).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_NOT_WAITING' },
      });
    });

    it('cancelled they stay cancelled, however often the due is planned', async () => {
      const [first] = await planned();
      expect((await call('DELETE', `reminders/${first!.id}`)).status).toBe(204);
      expect((await call('DELETE', `reminders/${first!.id}`)).status).toBe(204);
      await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-11-25T00:00:00Z' });
      await shop.call('DELETE', `dues/${due.id}/pause`);
      expect((await planned()).map(({ status, reason }) => [status, reason])).toEqual([
        ['cancelled', 'CANCELLED_BY_USER'],
        ['pending', null],
        ['pending', null],
      ]);
    });

    it('with the message that carries them, as long as it has not left', async () => {
      await connect();
      const { body } = await call('POST', 'reminders/send-now', { dueId: due.id });
      await sweep();
      expect(await call('GET', `reminders/${body.id}`)).toMatchObject({
        body: { status: 'queued', template: { name: 'interactive_before_due1', language: 'en' } },
      });
      expect((await call('DELETE', `reminders/${body.id}`)).status).toBe(204);
      expect(await shop.sql(`select state from message`)).toEqual([{ state: 'cancelled' }]);
      expect((await call('GET', `reminders/${body.id}`)).body).toMatchObject({
        status: 'cancelled',
        reason: 'CANCELLED_BY_USER',
      });
    });

    it('not when it may have left', async () => {
      await connect();
      const { body } = await call('POST', 'reminders/send-now', { dueId: due.id });
      await sweep();
      await shop.sql(`update message set state = 'sending'`);
      expect(await call('DELETE', `reminders/${body.id}`)).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_SENT' },
      });
      await set(body.id, 'sent');
      expect(await call('DELETE', `reminders/${body.id}`)).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_SENT' },
      });
      expect((await call('GET', `reminders/${body.id}`)).body.status).toBe('sent');
    });
  });

  describe('are sent at once (S0.32, C66)', () => {
    it('as a reminder like any other, scheduled for now', async () => {
      expect(await call('POST', 'reminders/send-now', { dueId: due.id })).toMatchObject({
        status: 202,
        body: { status: 'pending', type: 'before_due', source: 'manual', scheduledFor: '2026-11-21T10:00:00.000Z' },
      });
    });

    it("today's goes now instead of a second one, and is not sent again", async () => {
      const today = await shop.due(customer.id, 100, '2026-11-24');
      inbox.clock.advance(2 * 24 * 60 * MINUTE_MS + 10 * 60 * MINUTE_MS);
      const { body: before } = await call('GET', `reminders?dueId=${today.id}`);
      const { body } = await call('POST', 'reminders/send-now', { dueId: today.id });
      expect(body).toMatchObject({ id: before.data[0]!.id, type: 'due_today', source: 'auto', status: 'pending' });
      await set(body.id, 'sent');
      expect(await call('POST', 'reminders/send-now', { dueId: today.id })).toMatchObject({
        status: 409,
        body: { code: 'REMINDER_EXISTS', reminderId: body.id },
      });
    });

    it('and who waits hears what became of it', async () => {
      const answer = call('POST', 'reminders/send-now?wait=true', { dueId: due.id });
      const [sent] = await Promise.all([
        answer,
        (async () => {
          let ids: { id: string }[] = [];
          while (ids.length === 0)
            ids = await shop.sql<{ id: string }>(`select id from reminder where source = 'manual'`);
          await set(ids[0]!.id, 'sent');
        })(),
      ]);
      expect(sent).toMatchObject({ status: 200, body: { status: 'sent' } });
    });

    it('of a due that is paused: put off, and said so', async () => {
      await connect();
      await shop.call('POST', `dues/${due.id}/pause`, { until: '2026-11-25T00:00:00Z' });
      const answer = call('POST', 'reminders/send-now?wait=true', { dueId: due.id });
      while ((await shop.sql(`select 1 from reminder where source = 'manual'`)).length === 0);
      await sweep();
      expect(await answer).toMatchObject({ status: 200, body: { status: 'rescheduled', reason: 'PAUSED' } });
    });
  });

  it("show and touch nothing of another merchant's", async () => {
    const [first] = await planned();
    const other = await Shop.open(inbox);
    const theirs = (
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      path: string,
      body?: object,
    ): ReturnType<Shop['call']> => other.call(method, path, body);
    const at = { scheduledFor: '2026-12-01T05:00:00Z' };
    for (const answer of [
      await theirs('GET', `reminders/${first!.id}`),
      await theirs('PATCH', `reminders/${first!.id}`, at),
      await theirs('DELETE', `reminders/${first!.id}`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'REMINDER_NOT_FOUND' } });
    expect(await theirs('POST', 'reminders', { ...at, dueId: due.id })).toMatchObject({
      status: 404,
      body: { code: 'DUE_NOT_FOUND' },
    });
    expect(await theirs('POST', 'reminders/send-now', { dueId: due.id })).toMatchObject({ status: 404 });
    expect(await theirs('POST', 'reminders', { ...at, customerId: customer.id, message: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'CUSTOMER_NOT_FOUND' },
    });
    expect((await theirs('GET', `reminders?customerId=${customer.id}`)).body.data).toEqual([]);
  });

  it('leave a line in the audit log', async () => {
    const { body } = await schedule('2026-12-01T05:00:00Z');
    await call('PATCH', `reminders/${body.id}`, { scheduledFor: '2026-12-02T05:00:00Z' });
    await call('DELETE', `reminders/${body.id}`);
    const log = await shop.sql<{ action: string }>(
      `select action from audit_entry where subject_id = $1 order by at, id`,
      [body.id],
    );
    expect(log.map(({ action }) => action)).toEqual(['reminder.scheduled', 'reminder.moved', 'reminder.cancelled']);
  });

  describe('speak by templates (S0.41, S0.53, S0.92)', () => {
    const show = async (): Promise<Record<string, unknown>> =>
      (await shop.call('GET', 'whatsapp/reminder-templates')).body as unknown as Record<string, unknown>;

    it("of the platform, until the merchant has some; what is left out is the platform's again", async () => {
      expect(Object.keys(await show())).toEqual(['before_due', 'due_today', 'after_due']);
      const own = { name: 'our_gentle_one', language: 'hi', positional: ['name', 'amount'], replies: ['PAY_TODAY'] };
      const { status } = await shop.call('PUT', 'whatsapp/reminder-templates', {
        before_due: own,
        CUSTOM: { name: 'news' },
      });
      expect(status).toBe(200);
      expect(await show()).toMatchObject({
        before_due: { ...own, source: 'merchant' },
        due_today: { name: 'interactive_due_today', language: 'en', source: 'platform' },
        CUSTOM: { name: 'news', language: null, positional: [], replies: [], source: 'merchant' },
      });
      await shop.call('PUT', 'whatsapp/reminder-templates', {});
      expect(await show()).toMatchObject({ before_due: { source: 'platform' } });
      expect(await show()).not.toHaveProperty('CUSTOM');
    });

    it.each([
      { before_due: { name: 'Not A Name' } },
      { before_due: { name: 'a', positional: ['colour'] } },
      { before_due: { name: 'a', replies: ['PAY_NEVER'] } },
      { before_due: { name: 'a', language: 'english' } },
      { before_due: 'a' },
      { never_due: { name: 'a' } },
    ])('not %j', async (body) => {
      expect((await shop.call('PUT', 'whatsapp/reminder-templates', body)).status).toBe(400);
    });
  });

  describe('keep to the contact policy (D7)', () => {
    const show = async (): Promise<unknown> => (await shop.call('GET', 'contact-policy')).body;
    const put = async (body: object): Promise<{ status: number; body: unknown }> =>
      shop.call('PUT', 'contact-policy', body);

    it("of the house, until the merchant has one; what is left out is the preset's or the house's", async () => {
      const house = { allowedFrom: '08:00', allowedUntil: '19:00', weekdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
      expect(await show()).toEqual({
        version: 0,
        ...house,
        maxPerDay: null,
        lateAfterMinutes: 720,
        laterAnswerReplaces: false,
      });
      const own = {
        preset: 'business-hours',
        allowedUntil: '24:00',
        holidays: ['2026-12-25', '2026-01-26'],
        maxPerDay: 2,
      };
      expect(await put(own)).toEqual({
        status: 200,
        body: {
          version: 1,
          allowedFrom: '09:00',
          allowedUntil: '24:00',
          weekdays: [1, 2, 3, 4, 5],
          holidays: ['2026-01-26', '2026-12-25'],
          maxPerDay: 2,
          lateAfterMinutes: 720,
          laterAnswerReplaces: false,
        },
      });
      expect((await put({ maxPerDay: null })).body).toEqual({
        version: 2,
        ...house,
        maxPerDay: null,
        lateAfterMinutes: 720,
        laterAnswerReplaces: false,
      });
      expect(await show()).toMatchObject({ version: 2 });
      expect((await (await Shop.open(inbox)).call('GET', 'contact-policy')).body).toMatchObject({ version: 0 });
    });

    it('not to one that means nothing', async () => {
      for (const body of [
        { allowedFrom: '9:00' },
        { allowedFrom: '24:00' },
        { weekdays: [] },
        { weekdays: [0] },
        { holidays: ['2026-02-30'] },
        { maxPerDay: 0 },
        { lateAfterMinutes: 1.5 },
        { preset: 'always' },
      ])
        expect((await put(body)).status).toBe(400);
      for (const body of [{ allowedFrom: '19:00', allowedUntil: '08:00' }, { allowedFrom: '20:00' }])
        expect(await put(body)).toMatchObject({ status: 422, body: { code: 'POLICY_NEVER_ALLOWS' } });
    });
  });
});
