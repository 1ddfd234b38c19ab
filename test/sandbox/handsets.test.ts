import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, type JsonObject, Stage } from './application-stand-in.js';

const CUSTOMER = '919800000001';
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.settle();
  await stage.call('POST', '/sandbox/reset');
  await stage.call('PATCH', '/sandbox/switches', { callbackBeforeAnswer: false, conversationInStatuses: true });
  stage.application.received.length = 0;
  await stage.act(CUSTOMER, { text: 'hi' });
});

async function lastMessage(): Promise<JsonObject> {
  await stage.sandbox.settle();
  return stage.application.messages().at(-1) ?? {};
}

const menu = (rowId: string): object => ({
  to: CUSTOMER,
  type: 'interactive',
  interactive: {
    type: 'list',
    body: { text: 'Welcome to No-Due! Please select an option below:' },
    action: {
      button: 'Options',
      sections: [
        {
          title: 'Available Options',
          rows: [{ id: rowId, title: 'Current Due', description: 'View my current outstanding dues' }],
        },
      ],
    },
  },
});
const buttons = (id: string): object => ({
  to: CUSTOMER,
  type: 'interactive',
  interactive: {
    type: 'button',
    body: { text: 'Pay?' },
    action: { buttons: [{ type: 'reply', reply: { id, title: 'Pay today' } }] },
  },
});
const reminder = (payload?: string): object => ({
  to: CUSTOMER,
  type: 'template',
  template: {
    name: 'interactive_due_today',
    language: { code: 'en' },
    components: [
      {
        type: 'body',
        parameters: [
          ['name', 'Asha'],
          ['amount', '₹5,000.00'],
          ['duedate', '25 Feb 2026'],
          ['companyname', 'Sharma Traders'],
        ].map(([parameter_name, text]) => ({ type: 'text', parameter_name, text })),
      },
      ...(payload
        ? [{ type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload }] }]
        : []),
    ],
  },
});

describe('A tap sends what the message offered', () => {
  it('a row of a list comes as list_reply, with the menu as its context', async () => {
    const { body } = await stage.send(menu('CHECK_CURRENT_DUE'));
    await stage.act(CUSTOMER, { tap: 'CHECK_CURRENT_DUE' });
    expect(await lastMessage()).toMatchObject({
      type: 'interactive',
      from: CUSTOMER,
      context: { id: body['messages'][0].id, from: expect.stringMatching(/^1555\d{7}$/) },
      interactive: {
        type: 'list_reply',
        list_reply: { id: 'CHECK_CURRENT_DUE', title: 'Current Due', description: 'View my current outstanding dues' },
      },
    });
  });

  it('a reply button comes as button_reply', async () => {
    await stage.send(buttons('PAY_TODAY'));
    await stage.act(CUSTOMER, { tap: 'PAY_TODAY' });
    expect(await lastMessage()).toMatchObject({
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'PAY_TODAY', title: 'Pay today' } },
    });
  });

  it('a quick reply of a template comes as button, with the payload that was sent or else its text', async () => {
    await stage.send(reminder('PAY_TODAY'));
    await stage.act(CUSTOMER, { tap: 'PAY_TODAY' });
    expect(await lastMessage()).toMatchObject({ type: 'button', button: { payload: 'PAY_TODAY', text: 'Pay today' } });
    await stage.send(reminder());
    await stage.act(CUSTOMER, { tap: 'NEED_STATEMENT' });
    expect(await lastMessage()).toMatchObject({
      type: 'button',
      button: { payload: 'Need statement', text: 'Need statement' },
    });
  });

  it('the newest message that offers it is meant, unless the context names another', async () => {
    const first = (await stage.send(buttons('SAME'))).body['messages'][0].id as string;
    const second = (await stage.send(buttons('SAME'))).body['messages'][0].id as string;
    await stage.act(CUSTOMER, { tap: 'SAME' });
    expect((await lastMessage())['context'].id).toBe(second);
    await stage.act(CUSTOMER, { tap: 'SAME', context: first });
    expect((await lastMessage())['context'].id).toBe(first);
  });

  it('what no message offers cannot be tapped', async () => {
    expect(
      (await stage.call('POST', `/sandbox/handsets/${CUSTOMER}/messages`, { phoneNumberId: '1001', tap: 'NOTHING' }))
        .status,
    ).toBe(404);
  });
});

describe('A customer writes whatever a phone can write', () => {
  it('raw passes any message through', async () => {
    await stage.act(CUSTOMER, { raw: { type: 'location', location: { latitude: 12.9, longitude: 77.6 } } });
    expect(await lastMessage()).toMatchObject({
      from: CUSTOMER,
      type: 'location',
      location: { latitude: 12.9, longitude: 77.6 },
      id: expect.stringMatching(/^wamid\./),
    });
    await stage.act(CUSTOMER, {
      raw: { type: 'system', system: { type: 'user_changed_number', wa_id: '919800000099', body: 'changed' } },
    });
    await stage.sandbox.settle();
    expect(stage.application.values().at(-1)).not.toHaveProperty('contacts');
  });

  it('a picture can be fetched through its media id', async () => {
    await stage.act(CUSTOMER, {
      media: {
        type: 'image',
        mimeType: 'image/jpeg',
        data: Buffer.from('a picture').toString('base64'),
        caption: 'look',
      },
    });
    const { image } = await lastMessage();
    expect(image).toMatchObject({ caption: 'look', mime_type: 'image/jpeg', sha256: expect.any(String) });
    const { body } = await stage.call('GET', `/v24.0/${image.id}`);
    const file = await fetch(body['url'], { headers: { authorization: 'Bearer mock_token' } });
    expect(await file.text()).toBe('a picture');
  });

  it('the business marks it as read, with typing', async () => {
    const { wamid } = await stage.act(CUSTOMER, { text: 'anybody?' });
    const receipt = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: wamid,
      typing_indicator: { type: 'text' },
    };
    expect((await stage.call('POST', '/v24.0/1001/messages', receipt)).body).toEqual({ success: true });
    expect((await stage.screen(CUSTOMER)).at(-1)).toMatchObject({ text: 'anybody?', status: 'read' });
    expect((await stage.call('POST', '/v24.0/2002/messages', receipt)).body['error'].code).toBe(131009);
  });

  it('a bad order is refused, not obeyed', async () => {
    for (const [path, body] of [
      ['919/messages', {}],
      [`${CUSTOMER}/messages`, { phoneNumberId: 'x', text: 'hi' }],
      [`${CUSTOMER}/messages`, { phoneNumberId: '1001' }],
    ] as const) {
      expect((await stage.call('POST', `/sandbox/handsets/${path}`, body)).status).toBe(400);
    }
  });
});

describe('A handset behaves as it is told', () => {
  const statusesAfter = async (): Promise<string[]> => {
    const { body } = await stage.text(CUSTOMER);
    await stage.sandbox.settle();
    return stage.application.statuses(body['messages'][0].id).map((one) => one['status']);
  };

  it('switched off: sent only, and nothing on the screen', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { delivers: false });
    expect(await statusesAfter()).toEqual(['sent']);
    expect(await stage.screen(CUSTOMER)).toHaveLength(1);
  });

  it('without read receipts: delivered is the end', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { reads: false });
    expect(await statusesAfter()).toEqual(['sent', 'delivered']);
  });

  it('slow: everything comes, later', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { delayMs: 150 });
    expect(await statusesAfter()).toEqual(['sent', 'delivered', 'read']);
  });

  it('with the switch callbackBeforeAnswer the callback may overtake the answer (F13)', async () => {
    await stage.call('PATCH', '/sandbox/switches', { callbackBeforeAnswer: true });
    const { body } = await stage.text(CUSTOMER);
    expect(stage.application.statuses(body['messages'][0].id).length).toBeGreaterThan(0);
  });

  it('from v24.0 on statuses come without the conversation', async () => {
    await stage.call('PATCH', '/sandbox/switches', { conversationInStatuses: false });
    const { body } = await stage.text(CUSTOMER);
    await stage.sandbox.settle();
    const [sent] = stage.application.statuses(body['messages'][0].id);
    expect(sent).toHaveProperty('pricing');
    expect(sent).not.toHaveProperty('conversation');
  });

  it('knows no other behaviour', async () => {
    for (const body of [{ flies: true }, { delivers: 'yes' }, { delayMs: -1 }]) {
      expect((await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, body)).status).toBe(400);
    }
  });
});

describe('A person with a username hides the phone number (F1)', () => {
  it('writes without from and wa_id, and is answered through the user id', async () => {
    await stage.call('PATCH', `/sandbox/handsets/${CUSTOMER}`, { hidesPhone: true, profileName: 'Asha Rao' });
    await stage.act(CUSTOMER, { text: 'guess who' });
    const message = await lastMessage();
    expect(message).not.toHaveProperty('from');
    const userId = message['from_user_id'] as string;
    expect(userId).toMatch(/^IN\.\d{20}$/);
    const [contact] = stage.application.values().at(-1)?.['contacts'] as JsonObject[];
    expect(contact).toEqual({ profile: { name: 'Asha Rao', username: '@asha.rao' }, user_id: userId });
    expect(Buffer.from(String(message['id']).slice(6), 'base64').toString('latin1')).not.toContain(CUSTOMER);

    const { body } = await stage.send({ recipient: userId, type: 'text', text: { body: 'Asha?' } });
    expect(body['contacts']).toEqual([{ input: userId, user_id: userId }]);
    const read = await eventually('read', () =>
      stage.application.statuses(body['messages'][0].id).find((one) => one['status'] === 'read'),
    );
    expect(read).toMatchObject({ recipient_user_id: userId });
    expect(read).not.toHaveProperty('recipient_id');
    expect((await stage.screen(CUSTOMER)).at(-1)).toMatchObject({ text: 'Asha?', direction: 'received' });
  });

  it('has another id for another portfolio, and cannot be reached there by the first one', async () => {
    await stage.act(CUSTOMER, { text: 'hi' }, '2002');
    await stage.sandbox.settle();
    const ids = new Set(stage.application.messages().map((one) => one['from_user_id']));
    expect(ids.size).toBe(2);
    const [first] = [...ids];
    const { body } = await stage.send({ recipient: first, type: 'text', text: { body: 'x' } }, '2002');
    await stage.sandbox.settle();
    expect(stage.application.statuses(body['messages'][0].id)).toMatchObject([
      { status: 'failed', errors: [{ code: 131026 }] },
    ]);
  });
});
