import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type JsonObject, Stage } from './application-stand-in.js';

const CUSTOMER = '919800000001';
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.settle();
  await stage.call('POST', '/sandbox/reset');
  await stage.call('PATCH', '/sandbox/switches', { windowClosed: 'status', throttleStatus: 400, opaqueOnFailed: true });
  stage.application.received.length = 0;
  await stage.act(CUSTOMER, { text: 'hi' });
});

const due = (parameters: object[], more: object = {}): object => ({
  to: CUSTOMER,
  type: 'template',
  template: {
    name: 'interactive_due_today',
    language: { code: 'en' },
    components: [{ type: 'body', parameters }],
    ...more,
  },
});
const named = (name: string, text: string): object => ({ type: 'text', parameter_name: name, text });
const RIGHT = [
  named('name', 'Asha'),
  named('amount', '₹5,000.00'),
  named('duedate', '25 Feb 2026'),
  named('companyname', 'Sharma Traders'),
];
const template = (name: string, components: object[] = [], code = 'en'): object => ({
  to: CUSTOMER,
  type: 'template',
  template: { name, language: { code }, components },
});

describe('What Meta refuses in the answer (whatsapp-platform, error codes)', () => {
  const buttons = (...titles: string[]): object => ({
    to: CUSTOMER,
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: 'Choose' },
      action: { buttons: titles.map((title) => ({ type: 'reply', reply: { id: title, title } })) },
    },
  });

  it.each<[string, number, number, object]>([
    [
      'a body without messaging_product',
      100,
      400,
      { messaging_product: undefined, to: CUSTOMER, type: 'text', text: { body: 'x' } },
    ],
    ['no recipient', 131008, 400, { type: 'text', text: { body: 'x' } }],
    ['a recipient that is no number', 131009, 400, { to: 'asha', type: 'text', text: { body: 'x' } }],
    ['an unknown type', 131051, 400, { to: CUSTOMER, type: 'telegram', telegram: {} }],
    ['an empty text', 131008, 400, { to: CUSTOMER, type: 'text', text: { body: '' } }],
    ['a text of 4,097 characters', 131009, 400, { to: CUSTOMER, type: 'text', text: { body: 'x'.repeat(4097) } }],
    ['a button title of 21 characters (F9)', 131009, 400, buttons('x'.repeat(21))],
    ['four buttons', 131009, 400, buttons('a', 'b', 'c', 'd')],
    ['media that was never uploaded', 131009, 400, { to: CUSTOMER, type: 'image', image: { id: '999' } }],
    [
      'an opaque string of 513 characters',
      131009,
      400,
      { to: CUSTOMER, type: 'text', text: { body: 'x' }, biz_opaque_callback_data: 'x'.repeat(513) },
    ],
    ['a template that nobody submitted', 132001, 404, template('no_such_template')],
    ['a template in another language', 132001, 404, template('interactive_due_today', [], 'hi')],
    ['too few parameters', 132000, 400, due(RIGHT.slice(1))],
    ['a wrong parameter name', 132012, 400, due([...RIGHT.slice(1), named('nom', 'Asha')])],
    ['a line break in a parameter', 132018, 400, due([...RIGHT.slice(1), named('name', 'Asha\nRao')])],
    ['a body that gets too long', 132005, 400, due([...RIGHT.slice(1), named('name', 'x'.repeat(1000))])],
    [
      'text where the header wants an image',
      132012,
      400,
      template('new_arrivals_image', [
        { type: 'header', parameters: [{ type: 'text', text: 'x' }] },
        { type: 'body', parameters: [{ type: 'text', text: 'x' }] },
      ]),
    ],
    [
      'a link button without its parameter',
      131008,
      400,
      template('payment_link', [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Asha' },
            { type: 'text', text: '5' },
          ],
        },
      ]),
    ],
  ])('%s: %d', async (_, code, status, message) => {
    const answer = await stage.send(message);
    expect([answer.body['error']?.code, answer.status]).toEqual([code, status]);
    expect(answer.body['error']).toMatchObject({
      type: 'OAuthException',
      fbtrace_id: expect.any(String),
      error_data: { messaging_product: 'whatsapp', details: expect.any(String) },
    });
    expect(await stage.ledger()).toHaveLength(0);
  });

  it('a body that is no JSON: 100', async () => {
    const answer = await fetch(`${stage.sandbox.url}/1001/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock_x', 'content-type': 'application/json' },
      body: '{"to":',
    });
    expect([answer.status, ((await answer.json()) as JsonObject)['error'].code]).toEqual([400, 100]);
  });

  it.each<[string, string, number]>([
    ['an expired token', 'mock_expired_yesterday', 463],
    ['any other token', 'something', 467],
  ])('%s: 190', async (_, token, subcode) => {
    const answer = await stage.send({ to: CUSTOMER, type: 'text', text: { body: 'x' } }, '1001', token);
    expect(answer.status).toBe(401);
    expect(answer.body['error']).toMatchObject({ code: 190, error_subcode: subcode });
  });

  it('a token that looks real is refused as such', async () => {
    const answer = await stage.send({ to: CUSTOMER, type: 'text', text: { body: 'x' } }, '1001', 'EAAJBsomething');
    expect(answer.body['error']).toMatchObject({ code: 190, message: expect.stringContaining('sandbox') });
  });

  it("an id that is no number, and an account in the number's place: 100/33", async () => {
    await stage.call('GET', '/7007/message_templates');
    for (const id of ['abc', '7007']) {
      const answer = await stage.send({ to: CUSTOMER, type: 'text', text: { body: 'x' } }, id);
      expect(answer.body['error']).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
    }
  });

  it('a path that Meta does not know: 2500', async () => {
    expect((await stage.call('GET', '/v24.0/1001/nonsense/more')).body['error']).toMatchObject({ code: 2500 });
  });

  it('the sender as recipient: 131021', async () => {
    const { body } = await stage.call('GET', '/1001?fields=display_phone_number');
    expect((await stage.text(body['display_phone_number'])).body['error'].code).toBe(131021);
  });

  it('a number that is not registered: 133010', async () => {
    await stage.call('POST', '/1001/deregister', {});
    expect((await stage.text(CUSTOMER)).body['error'].code).toBe(133010);
    await stage.call('POST', '/1001/register', { messaging_product: 'whatsapp', pin: '123456' });
    expect((await stage.text(CUSTOMER)).status).toBe(200);
  });

  it("more than the number's rate: 130429, with 400 or 429 as the switch says", async () => {
    await stage.call('PUT', '/sandbox/numbers/1001', { messagesPerSecond: 5 });
    const people = Array.from({ length: 9 }, (_, index) => String(919_820_000_000 + index));
    const first = await Promise.all(people.map((waId) => stage.text(waId)));
    expect(first.filter(({ body }) => body['error']?.code === 130429).map(({ status }) => status)).toContain(400);
    await stage.call('PATCH', '/sandbox/switches', { throttleStatus: 429 });
    const second = await Promise.all(people.map((waId) => stage.text(waId)));
    expect(second.filter(({ body }) => body['error']?.code === 130429).map(({ status }) => status)).toContain(429);
  });

  it("more than the pair's rate: 131056, and other customers go on", async () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 47; count += 1) codes.push((await stage.text(CUSTOMER)).body['error']?.code);
    expect(codes.at(44)).toBeUndefined();
    expect(codes.at(-1)).toBe(131056);
    expect((await stage.text('919800000002')).status).toBe(200);
  });

  it('a paused template 132015, a disabled one 132016, one in review 132001', async () => {
    const { body } = await stage.call('PUT', '/sandbox/numbers/1001', { wabaId: '7001' });
    expect(body['wabaId']).toBe('7001');
    const codes: unknown[] = [];
    for (const status of ['PAUSED', 'DISABLED', 'PENDING', 'APPROVED']) {
      await stage.call('PATCH', '/sandbox/templates/7001/interactive_due_today', { status });
      codes.push((await stage.send(due(RIGHT))).body['error']?.code);
    }
    expect(codes).toEqual([132015, 132016, 132001, undefined]);
  });

  it('an authentication template to a user id: 131062', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { hidesPhone: true });
    await stage.act(CUSTOMER, { text: 'it is me' });
    await stage.sandbox.settle();
    const recipient = stage.application.messages().at(-1)?.['from_user_id'] as string;
    const message = {
      recipient,
      type: 'template',
      template: {
        name: 'sign_in_code',
        language: { code: 'en' },
        components: [{ type: 'body', parameters: [{ type: 'text', text: '123456' }] }],
      },
    };
    expect((await stage.send(message)).body['error'].code).toBe(131062);
  });
});

describe('What Meta accepts and then fails by webhook', () => {
  const failureAfter = async (message: object): Promise<JsonObject | undefined> => {
    const { status, body } = await stage.send(message);
    expect(status).toBe(200);
    await stage.sandbox.settle();
    return stage.application.statuses(body['messages'][0].id).find((one) => one['status'] === 'failed');
  };

  it('free-form text outside the 24 h window: 131047; a template goes', async () => {
    await stage.call('POST', '/sandbox/clock', { advance: 'PT24H1S' });
    expect(await failureAfter({ to: CUSTOMER, type: 'text', text: { body: 'x' } })).toMatchObject({
      errors: [{ code: 131047 }],
    });
    expect(await failureAfter(due(RIGHT))).toBeUndefined();
  });

  it('the same in the answer, when the switch says so', async () => {
    await stage.call('PATCH', '/sandbox/switches', { windowClosed: 'answer' });
    expect((await stage.text('919800000077')).body['error'].code).toBe(131047);
  });

  it('a number that is not on WhatsApp: sent, then failed with 131026', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { onWhatsApp: false });
    expect(await failureAfter({ to: CUSTOMER, type: 'text', text: { body: 'x' } })).toMatchObject({
      errors: [{ code: 131026 }],
    });
  });

  it('marketing to somebody who stopped it: 131050; utility goes (F7)', async () => {
    expect(
      (
        await stage.call('POST', `/sandbox/handsets/${CUSTOMER}/preferences`, {
          phoneNumberId: '1001',
          marketing: 'stop',
        })
      ).status,
    ).toBe(204);
    const coupon = template('coupon_code', [
      { type: 'body', parameters: [{ type: 'text', text: 'Asha' }] },
      { type: 'button', sub_type: 'copy_code', index: 0, parameters: [{ type: 'coupon_code', coupon_code: 'SAVE10' }] },
    ]);
    expect(await failureAfter(coupon)).toMatchObject({ errors: [{ code: 131050 }] });
    expect(await failureAfter(due(RIGHT))).toBeUndefined();
    expect(stage.application.values().find((value) => value['user_preferences'])).toMatchObject({
      user_preferences: [{ wa_id: CUSTOMER, category: 'marketing_messages', value: 'stop' }],
    });
  });

  it('whether the failed status carries the opaque string is a switch', async () => {
    const message = { to: '919800000055', type: 'text', text: { body: 'x' }, biz_opaque_callback_data: 'ref' };
    expect(await failureAfter(message)).toMatchObject({ biz_opaque_callback_data: 'ref' });
    await stage.call('PATCH', '/sandbox/switches', { opaqueOnFailed: false });
    expect(await failureAfter(message)).not.toHaveProperty('biz_opaque_callback_data');
  });

  it('a user id in `to` is accepted and dropped without a word (F1)', async () => {
    const { status } = await stage.text('IN.13491208655302741918');
    expect(status).toBe(200);
    await stage.sandbox.settle();
    expect(stage.application.statuses()).toHaveLength(0);
    const phones = (await stage.call('GET', '/sandbox/handsets')).body['data'] as JsonObject[];
    expect(phones.map((phone) => phone['waId'])).toEqual([CUSTOMER]);
  });
});
