import { ForgetProcessedEvents } from '../../../src/modules/messaging/infrastructure/inbound/forget-processed-events.js';
import { ForgetSplitWebhooks } from '../../../src/modules/messaging/infrastructure/inbound/forget-split-webhooks.js';
import { RedriveWebhookEvent } from '../../../src/modules/messaging/infrastructure/inbound/redrive-webhook-event.js';
import { InboundMessages } from '../../../src/modules/messaging/infrastructure/inbound/inbound-messages.drain.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { Lanes } from '../../../src/platform/lanes/lanes.js';
import { until } from '../../setup/until.js';
import { Inbound, messagesOf, newWamid, status, statusesOf, textMessage, webhook, type Merchant } from './harness.js';

interface EventRow {
  kind: string;
  state: string;
  reason: string | null;
  field: string;
  tenant_id: string;
  payload: Record<string, unknown>;
}

describe('A webhook becomes events, each with effect once (reliability 2.2, S1.96, S2.107)', () => {
  let inbound: Inbound;
  let merchant: Merchant;
  beforeAll(async () => {
    inbound = await Inbound.start();
    merchant = await inbound.merchant();
  });
  afterAll(() => inbound.stop());
  beforeEach(async () => {
    await inbound.settled();
    await inbound.sql('truncate webhook_event, webhook_inbox, message, send_attempt, dead_letter');
    Object.assign(inbound.consumer, { beforePlace: () => undefined, beforeAnswer: () => undefined });
    inbound.consumer.placed.length = inbound.consumer.answered.length = 0;
  });

  const events = (): Promise<EventRow[]> => inbound.sql<EventRow>('select * from webhook_event order by seq');
  const messages = (): Promise<
    {
      wamid: string;
      tenant_id: string;
      content: Record<string, unknown>;
      thread_id: string | null;
      state: string;
      address: string;
      address_kind: string;
      type: string;
    }[]
  > => inbound.sql(`select * from message where direction = 'INBOUND' order by seq`);

  it("a customer's text is answered 200, then placed, stored and answered (S0.56, S0.63, S0.86)", async () => {
    const message = textMessage('hi', { context: { from: '15550783881', id: 'wamid.menu' } });
    expect(
      (await inbound.post(messagesOf(merchant, [message], [{ wa_id: '919876543210', profile: { name: 'Asha' } }])))
        .status,
    ).toBe(200);
    await until(() => inbound.consumer.answered.length === 1);
    expect(inbound.consumer.answered[0]).toMatchObject({
      wamid: message['id'],
      phoneNumberId: merchant.phoneNumberId,
      from: { waId: '919876543210', profileName: 'Asha' },
      body: { type: 'text', text: 'hi' },
      contextWamid: 'wamid.menu',
      mayAnswer: true,
      raw: message,
    });
    await inbound.settled();
    expect(await messages()).toMatchObject([
      {
        wamid: message['id'],
        tenant_id: merchant.tenantId,
        content: { type: 'text', text: 'hi' },
        state: 'received',
        address: '919876543210',
        address_kind: 'phone',
        type: 'text',
      },
    ]);
    expect(await inbound.summary()).toEqual({ received: 1, pending: 0, processed: 1, unrouted: 0, quarantined: 0 });
  });

  it('is forgotten a month after it took effect, its message is not', async () => {
    for (const text of ['old', 'quarantined', 'new']) await inbound.post(messagesOf(merchant, [textMessage(text)]));
    await until(() => inbound.consumer.answered.length === 3);
    await inbound.settled();
    await inbound.sql(`update webhook_event set state = 'quarantined' where payload::text like '%"quarantined"%'`);
    await inbound.sql(
      `update webhook_event set received_at = now() - interval '31 days' where payload::text not like '%"new"%'`,
    );
    await inbound.sql(
      `update webhook_inbox set received_at = now() - interval '31 days' where id < (select max(id) from webhook_inbox)`,
    );
    expect(await inbound.app.get(ForgetProcessedEvents).clear()).toBe(1);
    expect(await inbound.app.get(ForgetSplitWebhooks).clear()).toBe(2);
    expect((await events()).map(({ state }) => state)).toEqual(['quarantined', 'processed']);
    expect(await messages()).toHaveLength(3);
  });

  it('the same webhook fifty times in parallel is one message and one answer (F12)', async () => {
    const body = messagesOf(merchant, [textMessage('once')]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => inbound.post(body)));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    await inbound.settled();
    expect([(await events()).length, (await messages()).length, inbound.consumer.answered.length]).toEqual([1, 1, 1]);
  });

  it('regrouped redelivery of a batch changes nothing', async () => {
    const batch = [textMessage('a'), textMessage('b'), textMessage('c')];
    await inbound.post(messagesOf(merchant, batch));
    await inbound.settled();
    for (const message of batch) await inbound.post(messagesOf(merchant, [message]));
    await inbound.settled();
    expect((await messages()).length).toBe(3);
    expect(inbound.consumer.answered.map(({ body }) => body)).toEqual(
      ['a', 'b', 'c'].map((text) => ({ type: 'text', text })),
    );
  });

  it("one customer's messages are taken in the order of the provider's time, whatever order they came in (G5)", async () => {
    const now = Math.floor(Date.now() / 1000);
    const texts = Array.from({ length: 10 }, (_, n) => textMessage(String(n), { timestamp: String(now - 100 + n) }));
    await inbound.post(messagesOf(merchant, texts.toReversed()));
    await until(() => inbound.consumer.answered.length === 10);
    expect(inbound.consumer.answered.map(({ body }) => (body as { text: string }).text)).toEqual(
      texts.map((_, n) => String(n)),
    );
  });

  it('a batch of a thousand with one poison, one unknown number and one unknown wamid loses nothing else (F16)', async () => {
    const good = Array.from({ length: 997 }, (_, n) =>
      textMessage(`text ${n}`, { from: `9198${String(n).padStart(8, '0')}` }),
    );
    const stranger = { ...merchant, phoneNumberId: '299999999999' };
    await inbound.post(
      webhook(
        merchant.wabaId,
        {
          value: {
            metadata: { phone_number_id: merchant.phoneNumberId },
            messages: [...good.slice(0, 500), { type: 'text', text: 'no id' }, ...good.slice(500)],
          },
        },
        { value: { metadata: { phone_number_id: stranger.phoneNumberId }, messages: [textMessage('to nobody')] } },
        {
          value: { metadata: { phone_number_id: merchant.phoneNumberId }, statuses: [status('wamid.unknown', 'sent')] },
        },
      ),
    );
    await inbound.settled(60_000);
    expect((await messages()).length).toBe(997);
    const states = await inbound.sql(
      'select state, count(*)::int as n from webhook_event group by state order by state',
    );
    expect(states).toEqual([
      { state: 'orphan', n: 1 },
      { state: 'processed', n: 997 },
      { state: 'quarantined', n: 1 },
      { state: 'unrouted', n: 1 },
    ]);
    expect(await inbound.summary()).toEqual({
      received: 1000,
      pending: 0,
      processed: 998,
      unrouted: 1,
      quarantined: 1,
    });
  });

  it('what the database itself refuses is kept without its content, and its neighbours are not touched (F16)', async () => {
    await inbound.sql(
      `create function refuse() returns trigger language plpgsql as $$ begin if new.payload::text like '%forbidden word%' then raise exception 'no such word'; end if; return new; end $$`,
    );
    await inbound.sql('create trigger refuse before insert on webhook_event for each row execute function refuse()');
    try {
      await inbound.post(
        messagesOf(merchant, [textMessage('before'), textMessage('a forbidden word'), textMessage('after')]),
      );
      await inbound.settled();
    } finally {
      await inbound.sql('drop trigger refuse on webhook_event');
    }
    expect(inbound.consumer.answered.map(({ body }) => (body as { text: string }).text)).toEqual(['before', 'after']);
    expect((await events()).filter(({ state }) => state === 'quarantined')).toMatchObject([
      { reason: expect.stringContaining('no such word'), payload: {} },
    ]);
  });

  it('a body that is not JSON is kept in quarantine and answered 200; the same bytes again are the same event', async () => {
    const bodies = [
      '{"object":',
      '[]',
      'null',
      '',
      Buffer.from([0x7b, 0xff, 0xfe]),
      '{"object":"page","entry":[]}',
      '{"object":"whatsapp_business_account"}',
    ];
    for (const body of [...bodies, ...bodies]) expect((await inbound.post(body)).status).toBe(200);
    await inbound.settled();
    const kept = await events();
    expect(kept.map(({ kind, state }) => `${kind} ${state}`)).toEqual(bodies.map(() => 'unreadable quarantined'));
    expect(new Set(kept.map(({ reason }) => reason))).toEqual(
      new Set([
        'the body is not JSON',
        'the body has no list of entries',
        'the body is not UTF-8',
        'the body is not about a WhatsApp business account',
      ]),
    );
    expect(await inbound.summary()).toEqual({ received: 7, pending: 0, processed: 0, unrouted: 0, quarantined: 7 });
    const raw = await inbound.sql<{ raw: Buffer }>('select raw from webhook_inbox order by id limit 5');
    expect(raw[4]!.raw).toEqual(bodies[4]);
  });

  it('a NUL, a lone surrogate, a byte order mark, double keys, huge numbers and __proto__ survive (F19, M11)', async () => {
    const id = newWamid();
    const raw = `{"object":"whatsapp_business_account","entry":[{"id":"${merchant.wabaId}","changes":[{"field":"messages","value":{
      "metadata":{"phone_number_id":"${merchant.phoneNumberId}"},"__proto__":{"polluted":true},
      "contacts":[{"wa_id":"919876543210","profile":{"name":"A\\u0000sha \\ud83d"}}],
      "messages":[{"from":"919876543210","id":"ignored","id":"${id}","timestamp":"${Math.floor(Date.now() / 1000)}","type":"text","huge":1e400,"__proto__":{"polluted":true},
        "text":{"body":"\\u0000a \\ud83d b \\ud83d\\ude00 \\\\u0000 c\\u0000"}}]}}]}]}`;
    expect((await inbound.post(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(raw)]))).status).toBe(200);
    await until(() => inbound.consumer.answered.length === 1);
    expect(inbound.consumer.answered[0]!.body).toEqual({ type: 'text', text: 'a \ufffd b 😀 \\u0000 c' });
    expect(inbound.consumer.answered[0]!.from.profileName).toBe('Asha \ufffd');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await inbound.settled();
    expect((await messages())[0]).toMatchObject({ wamid: id, content: { text: 'a \ufffd b 😀 \\u0000 c' } });
  });

  it('an item nested ten thousand deep is quarantined, the others of its body go on (F19)', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const body = JSON.stringify(
      messagesOf(merchant, [textMessage('deep', { extra: 'HERE' }), textMessage('flat')]),
    ).replace('"HERE"', deep);
    await inbound.post(body);
    await until(() => inbound.consumer.answered.length === 1);
    await inbound.settled();
    expect((await events()).map(({ state, reason }) => ({ state, reason }))).toEqual([
      { state: 'quarantined', reason: 'nested deeper than 64 levels' },
      { state: 'processed', reason: null },
    ]);
  });

  it('every other field that Meta sends is kept as a change, under the tenant whose account it is', async () => {
    const fields = [
      'message_template_status_update',
      'phone_number_quality_update',
      'account_update',
      'user_preferences',
      'history',
      'smb_message_echoes',
      'smb_app_state_sync',
      'calls',
      'flows',
      'something_new',
    ];
    await inbound.post(webhook(merchant.wabaId, ...fields.map((field) => ({ field, value: { event: field } }))));
    await inbound.post(webhook('199999999999', { field: 'account_update', value: { event: 'x' } }));
    await inbound.settled();
    const kept = await events();
    expect(
      kept.slice(0, -1).map(({ kind, state, field, tenant_id: tenant }) => ({ kind, state, field, tenant })),
    ).toEqual(fields.map((field) => ({ kind: 'change', state: 'processed', field, tenant: merchant.tenantId })));
    expect(kept.at(-1)).toMatchObject({ state: 'unrouted', reason: 'no tenant has this account' });
  });

  it('a message older than 24 hours is stored and nothing answers it (F17)', async () => {
    await inbound.post(
      messagesOf(merchant, [
        textMessage('late', { timestamp: String(Math.floor(Date.now() / 1000) - 24 * 3600 - 60) }),
      ]),
    );
    await until(() => inbound.consumer.placed.length === 1);
    await inbound.settled();
    expect(inbound.consumer.placed[0]!.mayAnswer).toBe(false);
    expect([(await messages()).length, inbound.consumer.answered.length]).toEqual([1, 0]);
  });

  it('a customer without a phone number is known by the business-scoped user id (F1)', async () => {
    const hidden = {
      id: newWamid(),
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'text',
      text: { body: 'hi' },
    };
    await inbound.post(
      messagesOf(merchant, [hidden], [{ profile: { name: 'Asha', username: '@asha' }, user_id: 'IN.1349' }]),
    );
    await until(() => inbound.consumer.answered.length === 1);
    expect(inbound.consumer.answered[0]!.from).toEqual({ userId: 'IN.1349', username: '@asha', profileName: 'Asha' });
    await inbound.settled();
    expect(await messages()).toMatchObject([{ address_kind: 'bsuid', address: 'IN.1349' }]);
  });

  describe('A number that nobody has connected harms nobody (S2.107, C15)', () => {
    it('its events wait as unrouted, and find their tenant when the number is connected', async () => {
      const late = await inbound.merchant({ connected: false });
      await inbound.post(messagesOf(late, [textMessage('early bird')]));
      await inbound.settled();
      expect(await events()).toMatchObject([
        {
          state: 'unrouted',
          reason: 'no tenant has this phone number',
          tenant_id: '00000000-0000-0000-0000-000000000000',
        },
      ]);
      expect(inbound.consumer.placed).toEqual([]);
      await inbound.connect(late);
      const { body } = await inbound.call<{ replayed: number }>('POST', '/v1/webhook-events/replay', {
        state: 'unrouted',
      });
      expect(body).toEqual({ replayed: 1, skipped: 0 });
      await until(() => inbound.consumer.answered.length === 1);
      await inbound.settled();
      expect(await events()).toMatchObject([{ state: 'processed', tenant_id: late.tenantId }]);
    });

    it("and a suspended tenant's are stored, without effect, until it is resumed (F22)", async () => {
      const debtor = await inbound.merchant();
      await inbound.sql(`update tenant set status = 'suspended' where id = $1`, [debtor.tenantId]);
      await inbound.post(messagesOf(debtor, [textMessage('anybody there?')]));
      await inbound.settled();
      expect(await events()).toMatchObject([
        { state: 'unrouted', reason: 'the tenant is suspended', tenant_id: debtor.tenantId },
      ]);
      expect(inbound.consumer.placed).toEqual([]);
      await inbound.sql(`update tenant set status = 'active' where id = $1`, [debtor.tenantId]);
      await inbound.call('POST', '/v1/webhook-events/replay', { state: 'unrouted' });
      await until(() => inbound.consumer.answered.length === 1);
    });

    it('and two merchants with the same customer and the same wamid each have their message (S0.60, F52, M15, S2.2)', async () => {
      const other = await inbound.merchant();
      const message = textMessage('to both');
      await Promise.all([inbound.post(messagesOf(merchant, [message])), inbound.post(messagesOf(other, [message]))]);
      await until(() => inbound.consumer.answered.length === 2);
      await inbound.settled();
      expect(new Set((await messages()).map(({ tenant_id: tenant }) => tenant))).toEqual(
        new Set([merchant.tenantId, other.tenantId]),
      );
    });
  });

  describe('A message that fails', () => {
    it('holds back the one behind it, is tried again, and both are answered in order', async () => {
      let faults = 0;
      inbound.consumer.beforeAnswer = ({ body }) => {
        if (body.type === 'text' && body.text === 'first' && faults++ === 0) throw new Error('a passing fault');
      };
      await inbound.post(messagesOf(merchant, [textMessage('first'), textMessage('second')]));
      await until(() => inbound.consumer.answered.length === 2, { within: 15_000 });
      expect(inbound.consumer.answered.map(({ body }) => (body as { text: string }).text)).toEqual(['first', 'second']);
      await inbound.settled();
      expect((await messages()).length).toBe(2);
    });

    it('is given up after five tries: stored without an answer, a dead letter, and its lane goes on; a retry answers it (reliability 2.3, 2.10)', async () => {
      inbound.consumer.beforeAnswer = ({ body }) => {
        if (body.type === 'text' && body.text === 'poison') throw new Error('always');
      };
      await inbound.post(messagesOf(merchant, [textMessage('poison'), textMessage('next')]));
      // The waits of 1 s, 5 s, 30 s and 2 min are not waited for: each failure's next try is made due at once.
      await until(
        async () => {
          await inbound.sql(`update webhook_event set next_at = now() where state = 'pending' and tries > 0`);
          const ring = {
            key: `${merchant.phoneNumberId}:919876543210`,
            tenantId: merchant.tenantId,
            dueAt: new Date(),
          };
          await inbound.as(merchant.tenantId, () => inbound.app.get(Lanes).ring('webhook-inbound', [ring]));
          return inbound.consumer.answered.length === 1;
        },
        { within: 30_000 },
      );
      await inbound.settled();
      expect((await events()).map(({ state, reason }) => ({ state, reason }))).toEqual([
        { state: 'quarantined', reason: 'failed 5 times' },
        { state: 'processed', reason: null },
      ]);
      expect((await messages()).map(({ content }) => content['text'])).toEqual(['poison', 'next']);
      const letters = await inbound.sql<{ kind: string; subject_id: string; last_error: string }>(
        'select * from dead_letter',
      );
      expect(letters).toMatchObject([{ kind: 'webhook-event', last_error: 'always' }]);

      inbound.consumer.beforeAnswer = () => undefined;
      const placed = inbound.consumer.placed.length;
      expect(
        await inbound.as(merchant.tenantId, () => inbound.app.get(RedriveWebhookEvent).redrive(letters[0]!.subject_id)),
      ).toBe(true);
      await until(() => inbound.consumer.answered.length === 2);
      await inbound.settled();
      expect([(await messages()).length, inbound.consumer.placed.length]).toEqual([2, placed]);
      expect(
        await inbound.as(merchant.tenantId, () => inbound.app.get(RedriveWebhookEvent).redrive(letters[0]!.subject_id)),
      ).toBe(false);
    });

    it('and whose process died three times is left alone first, untouched (F07)', async () => {
      const message = textMessage('killer');
      const [row] = await inbound.sql<{ id: string }>(
        `insert into webhook_event (tenant_id, id, inbox_id, kind, field, phone_number_id, natural_key, subject, provider_at, payload, state, next_at, received_at)
         values ($1, gen_random_uuid(), 0, 'message', 'messages', $2, 'killer', $3, now(), $4, 'pending', now(), now()) returning id`,
        [
          merchant.tenantId,
          merchant.phoneNumberId,
          `${merchant.phoneNumberId}:919876543210`,
          JSON.stringify({ message }),
        ],
      );
      const turn = {
        key: `${merchant.phoneNumberId}:919876543210`,
        tenantId: merchant.tenantId,
        deaths: 3,
        signal: new AbortController().signal,
      };
      await inbound.app.get(TenantScope).run(merchant.tenantId, () => inbound.app.get(InboundMessages).drain(turn));
      expect(await events()).toMatchObject([{ state: 'quarantined', reason: 'the process died 3 times over it' }]);
      expect(await inbound.sql('select subject_id from dead_letter')).toEqual([{ subject_id: row!.id }]);
      expect(inbound.consumer.placed).toEqual([]);
    });
  });

  describe('The operator (contract 4)', () => {
    it('sees what is in quarantine with its reason, page by page; a tenant sees its own', async () => {
      for (const text of ['a', 'b', 'c']) await inbound.post(messagesOf(merchant, [textMessage(text)]));
      await inbound.post('not json');
      await inbound.settled();
      type List = { data: { kind: string; reason: string | null; id: string }[]; nextCursor: string | null };
      const quarantined = await inbound.call<List>('GET', '/v1/webhook-events?state=quarantined');
      expect(quarantined.body.data).toMatchObject([{ kind: 'unreadable', reason: 'the body is not JSON' }]);
      const first = await inbound.call<List>('GET', '/v1/webhook-events?limit=3');
      const rest = await inbound.call<List>('GET', `/v1/webhook-events?limit=3&cursor=${first.body.nextCursor}`);
      expect([first.body.data.length, rest.body.data.length, rest.body.nextCursor]).toEqual([3, 1, null]);
      expect(new Set([...first.body.data, ...rest.body.data].map(({ id }) => id)).size).toBe(4);
      const own = await inbound.call<List>(
        'GET',
        '/v1/webhook-events?field=messages',
        undefined,
        `nd_${merchant.tenantId}`,
      );
      expect(own.body.data.map(({ kind }) => kind)).toEqual(['message', 'message', 'message']);
      const { status: refused } = await inbound.call(
        'GET',
        '/v1/webhook-events/summary',
        undefined,
        `nd_${merchant.tenantId}`,
      );
      expect(refused).toBe(403);
    });

    it('replays by id, by state or since an instant, and nothing is stored or answered twice', async () => {
      await inbound.post(messagesOf(merchant, [textMessage('a'), textMessage('b')]));
      await inbound.settled();
      const ids = await inbound.sql<{ id: string }>('select id from webhook_event');
      for (const selection of [
        { ids: ids.map(({ id }) => id) },
        { state: 'processed' },
        { since: new Date(Date.now() - 60_000).toISOString() },
      ]) {
        expect((await inbound.call('POST', '/v1/webhook-events/replay', selection)).body).toEqual({
          replayed: 2,
          skipped: 0,
        });
        await inbound.settled();
      }
      expect([(await messages()).length, inbound.consumer.placed.length, inbound.consumer.answered.length]).toEqual([
        2, 2, 2,
      ]);
      expect((await inbound.call('POST', '/v1/webhook-events/replay', {})).status).toBe(400);
      expect((await inbound.call('POST', '/v1/webhook-events/replay', { state: 'wrong' })).status).toBe(400);
    });

    it('replays an unreadable body, which stays in quarantine and is counted once', async () => {
      await inbound.post('not json');
      await inbound.settled();
      expect((await inbound.call('POST', '/v1/webhook-events/replay', { state: 'quarantined' })).body).toEqual({
        replayed: 1,
        skipped: 0,
      });
      await inbound.settled();
      expect(await inbound.summary()).toEqual({ received: 1, pending: 0, processed: 0, unrouted: 0, quarantined: 1 });
    });

    it('and a tenant replays none but its own', async () => {
      const other = await inbound.merchant();
      await inbound.post(statusesOf(merchant, [status('wamid.x', 'sent')]));
      await inbound.settled();
      expect(
        (await inbound.call('POST', '/v1/webhook-events/replay', { state: 'orphan' }, `nd_${other.tenantId}`)).body,
      ).toEqual({ replayed: 0, skipped: 0 });
    });
  });
});
