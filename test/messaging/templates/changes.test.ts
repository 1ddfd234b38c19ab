import { until } from '../../setup/until.js';
import { type Answer, PATIENTLY, type Shop, Shopfront } from './shopfront.js';

interface Alert {
  readonly code: string;
  readonly severity: string;
  readonly detail: Record<string, unknown>;
  readonly acknowledgedBy: string | null;
}
type Event = Readonly<Record<string, unknown>>;
interface Call {
  readonly callId: string;
  readonly missed: boolean;
  readonly state: string;
  readonly conversationId: string;
}

const MARKETING = { name: 'coupon_code', language: 'en', body: ['Asha'], buttons: [button('SAVE10')] };
const UTILITY = { name: 'order_update', language: 'en', header: ['7'], body: ['Asha', 'packed', 'Friday'] };

function button(value: string): object {
  return { index: 0, kind: 'copy_code', value };
}

describe('What WhatsApp tells of templates, customers and calls', () => {
  let front: Shopfront;
  let shop: Shop;
  let customers = 0;

  beforeAll(async () => {
    front = await Shopfront.open();
  });
  beforeEach(async () => {
    shop = await front.shop();
  });
  afterEach(() => front.tell('DELETE', 'faults'));
  afterAll(() => front.close());

  const waId = (): string => `9198765${String(++customers).padStart(5, '0')}`;
  const list = async <Row>(path: string, token = shop.admin): Promise<Row[]> =>
    (await front.call<{ data: Row[] }>('GET', `/v1/${path}`, token)).body.data;
  const alerts = (code: string, open = true): Promise<Alert[]> =>
    list<Alert>(`alerts?open=${open}&limit=100`).then((all) => all.filter((alert) => alert.code === code));
  const send = (to: string, whatsappTemplate: object): Promise<Answer> =>
    front.call('POST', '/v1/messages', shop.apiKey, { to: `+${to}`, whatsappTemplate });
  const prefer = (who: string, marketing: 'stop' | 'resume'): Promise<unknown> =>
    front.tell('POST', `handsets/${who}/preferences`, { phoneNumberId: shop.phoneNumberId, marketing });
  const preference = async (who: string): Promise<string | undefined> => {
    const rows = await front.sql<{ choice: string }>(
      shop,
      'select choice from marketing_preference where address = $1',
      [who],
    );
    return rows[0]?.choice;
  };
  const untilPreference = (who: string, choice: string): Promise<unknown> =>
    until(async () => (await preference(who)) === choice, PATIENTLY);
  const message = async (id: unknown): Promise<{ status: string; failure: { code: unknown; class: string } | null }> =>
    (
      await front.call<{ status: string; failure: { code: unknown; class: string } | null }>(
        'GET',
        `/v1/messages/${String(id)}`,
        shop.apiKey,
      )
    ).body;
  const untilStatus = (id: unknown, status: string): Promise<unknown> =>
    until(async () => (await message(id)).status === status, PATIENTLY);
  const arrivedAt = async (who: string): Promise<number> =>
    (await front.tell<{ data: object[] }>('GET', `handsets/${who}/messages`)).data.length;
  const pause = (status: 'paused' | 'active'): Promise<unknown> =>
    front.sql(shop, 'update phone_number set status = $1', [status]);
  const resume = async (): Promise<void> => {
    await pause('paused');
    const path = `/v1/whatsapp/phone-numbers/${shop.phoneNumberId}/resume`;
    expect((await front.call('POST', path, shop.admin)).status).toBe(204);
  };

  describe('a template that WhatsApp moved from utility to marketing (F8)', () => {
    const name = 'interactive_due_today';
    const moved = async (category = 'MARKETING'): Promise<void> => {
      await front.tell('PATCH', `templates/${shop.wabaId}/${name}`, { category });
      await front.untilTemplate(shop, name, { category: category.toLowerCase() });
    };

    it('is an alert, an event, a line of the audit log, and the reminders that use it say so', async () => {
      await moved();
      expect(await front.template(shop, name)).toMatchObject({ category: 'marketing', previousCategory: 'utility' });
      expect(await alerts('TEMPLATE_RECATEGORISED')).toMatchObject([
        { severity: 'danger', detail: { name, language: 'en', from: 'utility', to: 'marketing' } },
      ]);
      const heard = await until(async () => {
        const all = await list<Event>('events?after=0&limit=100');
        return all.find(({ code }) => code === 'TEMPLATE_RECATEGORISED');
      }, PATIENTLY);
      expect(heard).toMatchObject({ name: 'notification', kind: 'account-alert', severity: 'danger' });
      const [told] = await front.sql(
        shop,
        `select payload from outbox_event where type = 'messaging.template-recategorised'`,
      );
      expect(told).toMatchObject({ payload: { name, from: 'utility', to: 'marketing' } });
      expect(await list<object>('audit-log?limit=100')).toContainEqual(
        expect.objectContaining({
          action: 'whatsapp-template.recategorised',
          subjectId: name,
          details: { language: 'en', from: 'utility', to: 'marketing' },
        }),
      );
      const { body } = await front.call('GET', '/v1/whatsapp/reminder-templates', shop.admin);
      expect(body).toMatchObject({
        due_today: { name, category: 'marketing', previousCategory: 'utility', status: 'approved' },
        after_due: { category: 'utility', previousCategory: null },
      });
    });

    it('is acknowledged once: nothing stands open after that, and who did it is known', async () => {
      await moved();
      const acknowledge = () => front.call('POST', `/v1/whatsapp/templates/${name}/acknowledge`, shop.admin);
      expect((await acknowledge()).status).toBe(204);
      expect(await front.template(shop, name)).toMatchObject({ category: 'marketing', previousCategory: null });
      expect(await alerts('TEMPLATE_RECATEGORISED')).toEqual([]);
      expect(await alerts('TEMPLATE_RECATEGORISED', false)).toMatchObject([
        { acknowledgedBy: expect.stringMatching(/^user:/) as string },
      ]);
      expect((await acknowledge()).status).toBe(204);
      const acts = (await list<{ action: string }>('audit-log?limit=100')).filter(
        ({ action }) => action === 'whatsapp-template.acknowledged',
      );
      expect(acts).toHaveLength(1);
    });

    it('moved there and back there is nothing to acknowledge; another move raises another alert', async () => {
      await moved();
      await moved('UTILITY');
      expect(await front.template(shop, name)).toMatchObject({ previousCategory: null });
      await front.call('POST', `/v1/whatsapp/templates/${name}/acknowledge`, shop.admin);
      await moved('AUTHENTICATION');
      expect(await front.template(shop, name)).toMatchObject({ previousCategory: 'utility' });
      expect((await alerts('TEMPLATE_RECATEGORISED'))[0]).toMatchObject({
        severity: 'warning',
        detail: { to: 'authentication' },
      });
    });

    it('a sync finds what no webhook told', async () => {
      await front.tell('POST', 'faults', [{ kind: 'webhook-drop', times: 5 }]);
      await front.tell('PATCH', `templates/${shop.wabaId}/${name}`, { category: 'MARKETING' });
      // A list is newer than the one before from the next second on.
      await until(async () => {
        await front.call('POST', '/v1/whatsapp/templates/sync', shop.admin);
        return (await front.template(shop, name))?.category === 'marketing';
      }, PATIENTLY);
      expect(await alerts('TEMPLATE_RECATEGORISED')).toMatchObject([{ severity: 'danger' }]);
    });
  });

  describe('a customer who has stopped marketing (F7)', () => {
    it('gets none from this number, by address or in the conversation; what is no marketing goes on', async () => {
      const who = waId();
      await prefer(who, 'stop');
      await untilPreference(who, 'stop');
      const before = await front.sql(shop, 'select 1 from message');
      expect(await send(who, MARKETING)).toMatchObject({ status: 422, body: { code: 'MARKETING_STOPPED' } });
      const opened = await front.call('POST', '/v1/conversations', shop.apiKey, { phone: `+${who}` });
      const path = `/v1/conversations/${String(opened.body['id'])}/messages`;
      const said = { type: 'template', template: MARKETING };
      expect(await front.call('POST', path, shop.apiKey, said)).toMatchObject({
        status: 422,
        body: { code: 'MARKETING_STOPPED' },
      });
      expect(await front.sql(shop, 'select 1 from message')).toEqual(before);
      expect((await send(who, UTILITY)).status).toBe(202);
      await until(async () => (await arrivedAt(who)) === 1, PATIENTLY);
      expect((await send(waId(), MARKETING)).status).toBe(202);
    });

    it('gets it again after the choice was taken back; a stop from before that changes nothing', async () => {
      const who = waId();
      await prefer(who, 'stop');
      await untilPreference(who, 'stop');
      await prefer(who, 'resume');
      await untilPreference(who, 'resume');
      const old = { wa_id: who, category: 'marketing_messages', value: 'stop', timestamp: 1_700_000_000 };
      await front.post(
        shop,
        'user_preferences',
        { metadata: { phone_number_id: shop.phoneNumberId }, user_preferences: [old] },
        new Date(),
      );
      expect(await preference(who)).toBe('resume');
      expect((await send(who, MARKETING)).status).toBe(202);
      await until(async () => (await arrivedAt(who)) === 1, PATIENTLY);
    });

    it('by whichever name they are written to: who is known by two has stopped it under both (F1)', async () => {
      const [who, userId] = [waId(), `IN.${++customers}918273645`];
      const stop = {
        wa_id: who,
        user_id: userId,
        category: 'marketing_messages',
        value: 'stop',
        timestamp: Math.floor(Date.now() / 1000),
      };
      await front.post(
        shop,
        'user_preferences',
        { metadata: { phone_number_id: shop.phoneNumberId }, contacts: [{ wa_id: who }], user_preferences: [stop] },
        new Date(),
      );
      for (const to of [`+${who}`, userId])
        expect(
          await front.call('POST', '/v1/messages', shop.apiKey, { to, whatsappTemplate: MARKETING }),
        ).toMatchObject({ status: 422, body: { code: 'MARKETING_STOPPED' } });
    });

    it('gets nothing that was queued before: it is cancelled with the reason, and never POSTed', async () => {
      const who = waId();
      await pause('paused');
      const queued = await send(who, MARKETING);
      const utility = await send(who, UTILITY);
      await prefer(who, 'stop');
      await untilPreference(who, 'stop');
      await resume();
      await untilStatus(queued.body['messageId'], 'cancelled');
      expect(await message(queued.body['messageId'])).toMatchObject({
        failure: { code: 'MARKETING_STOPPED', class: 'withheld' },
      });
      await until(async () => (await message(utility.body['messageId'])).status !== 'queued', PATIENTLY);
      await until(async () => (await arrivedAt(who)) === 1, PATIENTLY);
      expect((await front.sent(shop)).map(({ type }) => type)).toEqual(['template']);
    });

    it('nor what was utility when it was queued, and is marketing when it leaves', async () => {
      const who = waId();
      await prefer(who, 'stop');
      await untilPreference(who, 'stop');
      await pause('paused');
      const queued = await send(who, UTILITY);
      await front.tell('PATCH', `templates/${shop.wabaId}/order_update`, { category: 'MARKETING' });
      await front.untilTemplate(shop, 'order_update', { category: 'marketing' });
      await resume();
      await untilStatus(queued.body['messageId'], 'cancelled');
      expect(await front.sent(shop)).toEqual([]);
    });

    it.each(['answer', 'status'])('is known from a refusal with 131050, too, in the %s (C54)', async (via) => {
      const who = waId();
      await front.tell('POST', 'faults', [{ kind: 'graph-error', code: 131050, via, times: 1, match: { to: who } }]);
      const { body } = await send(who, MARKETING);
      await untilStatus(body['messageId'], 'failed');
      await untilPreference(who, 'stop');
      expect(await send(who, MARKETING)).toMatchObject({ status: 422, body: { code: 'MARKETING_STOPPED' } });
      expect((await send(who, UTILITY)).status).toBe(202);
    });

    it('other refusals of a customer stop no marketing (C54)', async () => {
      const who = waId();
      await front.tell('POST', 'faults', [{ kind: 'graph-error', code: 131049, times: 1, match: { to: who } }]);
      const { body } = await send(who, MARKETING);
      await untilStatus(body['messageId'], 'failed');
      expect(await preference(who)).toBeUndefined();
      expect((await send(who, MARKETING)).status).toBe(202);
    });
  });

  describe('templates that a closed window names (S1.10, S1.88)', () => {
    const usableTo = async (who: string): Promise<{ name: string; category: string }[]> => {
      const refused = await front.call('POST', '/v1/messages', shop.apiKey, {
        to: `+${who}`,
        text: 'Are you there?',
        phoneNumberId: shop.phoneNumberId,
      });
      expect(refused).toMatchObject({ status: 422, body: { code: 'WINDOW_CLOSED', closedAt: null } });
      return refused.body['usableTemplates'] as { name: string; category: string }[];
    };

    it("are approved, of the number's account, and need nothing that cannot be given", async () => {
      const second = `${shop.wabaId}8`;
      await front.connect(shop, second, `${shop.phoneNumberId}8`);
      for (const [wabaId, name] of [
        [second, 'a_elsewhere'],
        [shop.wabaId, 'a_here'],
        [shop.wabaId, 'a_paused'],
        [shop.wabaId, 'a_reject'],
      ] as const)
        await front.atMeta('POST', `${wabaId}/message_templates`, {
          name,
          language: 'en',
          category: 'UTILITY',
          components: [{ type: 'BODY', text: 'It is ready for you.' }],
        });
      await front.untilTemplate(shop, 'a_here', { status: 'approved' });
      await front.untilTemplate(shop, 'a_elsewhere', { status: 'approved' });
      await front.untilTemplate(shop, 'a_reject', { status: 'rejected' });
      await front.untilTemplate(shop, 'a_paused', { status: 'approved' });
      await front.tell('PATCH', `templates/${shop.wabaId}/a_paused`, { status: 'PAUSED' });
      await front.untilTemplate(shop, 'a_paused', { status: 'paused' });
      // What a webhook names first is known as a whole after the next list.
      await until(async () => {
        await front.call('POST', '/v1/whatsapp/templates/sync', shop.admin);
        return (await usableTo(waId())).some(({ name }) => name === 'a_here');
      }, PATIENTLY);
      const names = (await usableTo(waId())).map(({ name }) => name);
      expect(names.length).toBeGreaterThan(5);
      expect(names).toContain('order_update');
      for (const not of ['a_elsewhere', 'a_paused', 'a_reject', 'shop_location']) expect(names).not.toContain(not);
    });

    it('each of them can be sent at once; to who has stopped marketing none is marketing (F7)', async () => {
      const who = waId();
      const given: Record<string, object> = {
        coupon_code: MARKETING,
        order_update: UTILITY,
        hello_world: { name: 'hello_world', language: 'en_US' },
      };
      const names = (await usableTo(who)).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(given)));
      for (const template of Object.values(given)) expect((await send(who, template)).status).toBe(202);
      await prefer(who, 'stop');
      await untilPreference(who, 'stop');
      const usable = await usableTo(who);
      expect(usable.length).toBeGreaterThan(5);
      expect(usable.filter(({ category }) => category === 'marketing')).toEqual([]);
    });

    it('what was sent stands in the history with its parameters (S1.93)', async () => {
      const who = waId();
      const opened = await front.call('POST', '/v1/conversations', shop.apiKey, { phone: `+${who}` });
      const path = `/v1/conversations/${String(opened.body['id'])}/messages`;
      const sent = await front.call('POST', path, shop.apiKey, { type: 'template', template: UTILITY });
      expect(sent.status).toBe(202);
      const { body } = await front.call<{ data: object[] }>('GET', path, shop.apiKey);
      expect(body.data).toMatchObject([
        {
          id: sent.body['id'],
          type: 'template',
          content: {
            type: 'template',
            name: 'order_update',
            language: 'en',
            header: { positional: ['7'] },
            body: { positional: ['Asha', 'packed', 'Friday'] },
          },
        },
      ]);
    });
  });

  describe('calls (S1.85)', () => {
    const tellCall = (from: string, call: object): Promise<void> =>
      front.post(
        shop,
        'calls',
        {
          metadata: { phone_number_id: shop.phoneNumberId, display_phone_number: '15550000000' },
          contacts: [{ profile: { name: 'Asha' }, wa_id: from }],
          calls: [{ from, direction: 'USER_INITIATED', ...call }],
        },
        new Date(),
      );
    const now = (): string => String(Math.floor(Date.now() / 1000));

    it('one that nobody took is shown in its conversation, and those who hear of it are told', async () => {
      const who = waId();
      const id = `wacid.${who}`;
      await tellCall(who, { id, event: 'connect', timestamp: now() });
      await tellCall(who, { id, event: 'terminate', status: ['FAILED'], timestamp: now() });
      const call = await until(
        async () => (await list<Call>('calls')).find(({ callId, state }) => callId === id && state === 'terminate'),
        PATIENTLY,
      );
      expect(call).toMatchObject({ missed: true });
      expect(await list<Call>(`calls?conversationId=${call.conversationId}`)).toHaveLength(1);
      const { body } = await front.call('GET', `/v1/conversations/${call.conversationId}`, shop.admin);
      expect(body).toMatchObject({ lastMessagePreview: '[call]' });
      const told = await until(async () => {
        const all = await list<Event>('events?after=0&limit=100');
        return all.find(({ missed }) => missed === true);
      }, PATIENTLY);
      expect(told).toMatchObject({ name: 'notification', kind: 'call', callId: id, direction: 'INBOUND' });
    });

    it('one that was talked on is not missed; the end may be told before the beginning', async () => {
      const who = waId();
      const id = `wacid.${who}`;
      const talked = { status: ['COMPLETED'], start_time: now(), end_time: now(), duration: 60 };
      await tellCall(who, { id, event: 'terminate', timestamp: now(), ...talked });
      await tellCall(who, { id, event: 'connect', timestamp: now() });
      expect(await list<Call>('calls')).toMatchObject([{ callId: id, missed: false, state: 'terminate' }]);
    });

    it('of other merchants nothing is shown', async () => {
      await front.tell('POST', `numbers/${shop.phoneNumberId}/calls`, { from: waId() });
      await until(async () => (await list<Call>('calls')).length === 1, PATIENTLY);
      const stranger = await front.shop();
      expect(await list<Call>('calls', stranger.admin)).toEqual([]);
      const [own] = await list<Call>('calls');
      expect(await list<Call>(`calls?conversationId=${own!.conversationId}`, stranger.admin)).toEqual([]);
    });
  });

  describe('the account (S1.25-S1.28)', () => {
    it('shows the numbers of the areas that one works in', async () => {
      const second = `${shop.phoneNumberId}7`;
      await front.connect(shop, shop.wabaId, second);
      const area = String((await front.call('POST', '/v1/areas', shop.admin, { name: 'jaipur' })).body['id']);
      await front.call('PATCH', `/v1/whatsapp/phone-numbers/${second}`, shop.admin, { areaId: area });
      const seen = async (token: string): Promise<unknown> => {
        const { status, body } = await front.call('GET', '/v1/whatsapp/account', token);
        const numbers = (body['phoneNumbers'] as { phoneNumberId: string }[]).map((one) => one.phoneNumberId).sort();
        return { status, first: body['phoneNumberId'], numbers };
      };
      const all = { status: 200, first: shop.phoneNumberId, numbers: [shop.phoneNumberId, second] };
      expect(await seen(shop.admin)).toEqual(all);
      expect(await seen(shop.apiKey)).toEqual(all);
      expect(await seen(await front.colleague(shop, 'DEVELOPER'))).toEqual(all);
      for (const role of ['SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN']) {
        expect(await seen(await front.colleague(shop, role, [area]))).toEqual({
          status: 200,
          first: second,
          numbers: [second],
        });
        expect(await seen(await front.colleague(shop, role))).toEqual({ status: 200, first: null, numbers: [] });
      }
    });
  });
});
