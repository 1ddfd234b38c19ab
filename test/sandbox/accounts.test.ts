import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApplicationStandIn, eventually, type JsonObject, Stage } from './application-stand-in.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ appId: 'app', verifyToken: 'verify-me' });
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.settle();
  await stage.call('POST', '/sandbox/reset');
  stage.application.received.length = 0;
});

const get = async (path: string, token?: string): Promise<JsonObject> =>
  (await stage.call('GET', path, undefined, token)).body;

describe('Embedded signup (S0.8-S0.11)', () => {
  const exchange = (code: string, secret = 'test-secret'): Promise<JsonObject> =>
    get(`/v24.0/oauth/access_token?client_id=app&client_secret=${secret}&code=${code}`, '');

  it('leads from the code to token, business, account, number and subscription', async () => {
    const { access_token: token } = await exchange('sandbox_code_asha');
    expect(token).toBe('mock_asha');
    const [business] = (await get('/v24.0/me/businesses', token))['data'];
    const [account] = (await get(`/v24.0/${business.id}/client_whatsapp_business_accounts`, token))['data'];
    expect((await get(`/v24.0/${account.id}?fields=owner_business_info`, token))['owner_business_info'].id).toBe(
      business.id,
    );
    const debugged = (await get(`/v24.0/debug_token?input_token=${token}`, 'app|test-secret'))['data'];
    expect(debugged).toMatchObject({
      is_valid: true,
      granular_scopes: [{ target_ids: [account.id] }, { target_ids: [account.id] }],
    });
    const [number] = (await get(`/v24.0/${account.id}/phone_numbers`, token))['data'];
    expect(number).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      verified_name: expect.any(String),
      quality_rating: 'GREEN',
      display_phone_number: expect.stringMatching(/^\+1 555-/),
    });
    expect((await get(`/v24.0/${account.id}/subscribed_apps`, token))['data']).toEqual([]);
    expect((await stage.call('POST', `/v24.0/${account.id}/subscribed_apps`, undefined, token)).body).toEqual({
      success: true,
    });
    expect((await get(`/v24.0/${account.id}/subscribed_apps`, token))['data']).toHaveLength(1);
  });

  it('tells an account that is not subscribed nothing', async () => {
    await exchange('sandbox_code_70070_10010');
    await stage.act('919800000001', { text: 'unheard' }, '10010');
    await stage.call('POST', '/70070/subscribed_apps', {});
    await stage.act('919800000001', { text: 'heard' }, '10010');
    await stage.sandbox.settle();
    expect(stage.application.messages().map((one) => one['text'].body)).toEqual(['heard']);
    expect(JSON.parse(stage.application.received[0]?.body ?? '')).toMatchObject({ entry: [{ id: '70070' }] });
  });

  it("takes a code once, and only with the app's secret", async () => {
    expect((await exchange('sandbox_code_x', 'wrong'))['error'].code).toBe(1);
    expect((await exchange('sandbox_code_x'))['access_token']).toBe('mock_x');
    expect((await exchange('sandbox_code_x'))['error']).toMatchObject({ code: 100, error_subcode: 36009 });
    expect((await exchange('other'))['error']).toMatchObject({ code: 100, error_subcode: 36008 });
  });

  it("a long-lived token ends after 60 days of the sandbox's time", async () => {
    const { access_token: token, expires_in: seconds } = await get(
      '/oauth/access_token?grant_type=fb_exchange_token&client_id=app&client_secret=test-secret&fb_exchange_token=mock_a',
      '',
    );
    expect(seconds).toBe(5_184_000);
    expect((await get('/1001', token))['id']).toBe('1001');
    await stage.call('POST', '/sandbox/clock', { advance: 'P60D' });
    expect((await get('/1001', token))['error']).toMatchObject({ code: 190, error_subcode: 463 });
  });
});

describe('Manual connection (S0.13-S0.14)', () => {
  it("finds the number in the account's list, whatever ids the merchant has", async () => {
    for (const [wabaId, phoneNumberId] of [
      ['7001', '1001'],
      ['7002', '1002'],
    ]) {
      expect(await get(`/v24.0/${phoneNumberId}?fields=display_phone_number,verified_name,status`)).toMatchObject({
        id: phoneNumberId,
        status: 'CONNECTED',
      });
      const { data } = await get(`/v24.0/${wabaId}/phone_numbers`);
      expect(data.map((number: JsonObject) => number['id'])).toContain(phoneNumberId);
    }
    expect(await get('/v24.0/7001?fields=id,name,currency')).toEqual({
      id: '7001',
      name: 'Sandbox account 7001',
      currency: 'INR',
    });
  });

  it("a declared number is in its own account's list only", async () => {
    await stage.call('PUT', '/sandbox/numbers/1001', { wabaId: '7001' });
    await get('/1001');
    expect((await get('/7002/phone_numbers'))['data']).toEqual([]);
    expect((await get('/7001/phone_numbers'))['data']).toHaveLength(1);
  });

  it('refuses an expired token on every path', async () => {
    for (const path of [
      '/1001',
      '/7001/phone_numbers',
      '/7001/subscribed_apps',
      '/7001/message_templates',
      '/me/businesses',
      '/1001/message_history',
    ]) {
      expect((await stage.call('GET', path, undefined, 'mock_expired')).status).toBe(401);
    }
  });
});

describe('Templates of an account', () => {
  const submission = {
    name: 'thanks',
    language: 'en',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Thank you {{1}}, we got your payment.', example: { body_text: [['Asha']] } }],
  };

  it('begin with the reminders and one of each kind, in pages', async () => {
    const { data, paging } = await get('/7001/message_templates?limit=5');
    expect(data.map((one: JsonObject) => one['name'])).toEqual(
      expect.arrayContaining(['interactive_before_due1', 'interactive_due_today', 'interactive_overdue']),
    );
    const next = await get(`/7001/message_templates?limit=50&after=${paging.cursors.after}`);
    expect(next['data'].length).toBeGreaterThan(5);
    expect(next['data'][0].name).not.toBe(data[4].name);
  });

  it('are approved a moment after their submission, told by webhook, and can then be sent', async () => {
    await stage.call('PUT', '/sandbox/numbers/1001', { wabaId: '7001' });
    const { body } = await stage.call('POST', '/v24.0/7001/message_templates', submission);
    expect(body).toMatchObject({ status: 'PENDING', category: 'UTILITY', id: expect.stringMatching(/^\d+$/) });
    const message = {
      to: '919800000001',
      type: 'template',
      template: {
        name: 'thanks',
        language: { code: 'en' },
        components: [{ type: 'body', parameters: [{ type: 'text', text: 'Asha' }] }],
      },
    };
    expect((await stage.send(message)).body['error'].code).toBe(132001);
    const update = await eventually('approval', () =>
      stage.application.values().find((value) => value['event'] === 'APPROVED'),
    );
    expect(update).toMatchObject({
      message_template_name: 'thanks',
      message_template_language: 'en',
      message_template_id: Number(body['id']),
      reason: 'NONE',
    });
    expect((await stage.send(message)).body['messages'][0].message_status).toBe('accepted');
    expect(await stage.screen('919800000001')).toEqual([
      expect.objectContaining({ text: 'Thank you Asha, we got your payment.' }),
    ]);
  });

  it('are not reviewed any more once they are deleted', async () => {
    const submit = (name: string) => stage.call('POST', '/7001/message_templates', { ...submission, name });
    await submit('taken_back');
    expect((await stage.call('DELETE', '/7001/message_templates?name=taken_back')).body).toEqual({ success: true });
    await submit('goes_on');
    const decided = (): unknown[] => stage.application.values().map((value) => value['message_template_name']);
    await eventually('approval', () => decided().includes('goes_on') || undefined);
    expect(decided()).not.toContain('taken_back');
  });

  it('are rejected, re-categorised and deleted', async () => {
    await stage.call('POST', '/7001/message_templates', { ...submission, name: 'please_reject_me' });
    await eventually('rejection', () => stage.application.values().find((value) => value['event'] === 'REJECTED'));
    await stage.call('PATCH', '/sandbox/templates/7001/interactive_overdue', { category: 'MARKETING' });
    expect(
      await eventually('sweep', () => stage.application.values().find((value) => value['new_category'])),
    ).toMatchObject({ previous_category: 'UTILITY', new_category: 'MARKETING' });
    expect((await stage.call('DELETE', '/7001/message_templates?name=interactive_overdue')).body).toEqual({
      success: true,
    });
    expect((await get('/7001/message_templates?name=interactive_overdue'))['data']).toEqual([]);
  });

  it.each([
    ['a name with capitals', { name: 'Thanks' }],
    [
      'a body that begins with a variable',
      { components: [{ type: 'BODY', text: '{{1}} is what you owe us this month.' }] },
    ],
    ['variables that skip a number', { components: [{ type: 'BODY', text: 'Dear {{2}}, thank you very much.' }] }],
    ['no body', { components: [{ type: 'FOOTER', text: 'bye' }] }],
    ['a footer of 61 characters', { components: [...submission.components, { type: 'FOOTER', text: 'x'.repeat(61) }] }],
  ])('are refused with %s', async (_, change) => {
    expect((await stage.call('POST', '/7001/message_templates', { ...submission, ...change })).body['error'].code).toBe(
      100,
    );
  });

  it('exist once a language', async () => {
    await stage.call('POST', '/7001/message_templates', submission);
    expect((await stage.call('POST', '/7001/message_templates', submission)).body['error'].error_subcode).toBe(2388024);
  });
});

describe('Media', () => {
  const upload = async (bytes: Buffer, type: string): Promise<JsonObject> => {
    const form = new FormData();
    form.append('messaging_product', 'whatsapp');
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), 'file');
    const answer = await fetch(`${stage.sandbox.url}/v24.0/1001/media`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock_token' },
      body: form,
    });
    return (await answer.json()) as JsonObject;
  };

  it('is uploaded, sent by id, fetched by a link that lives five minutes, and deleted', async () => {
    const { id } = await upload(Buffer.from('%PDF-1.7 invoice'), 'application/pdf');
    await stage.act('919800000001', { text: 'hi' });
    expect(
      (await stage.send({ to: '919800000001', type: 'document', document: { id, filename: 'invoice.pdf' } })).status,
    ).toBe(200);
    const node = await get(`/${id}`);
    expect(node).toMatchObject({ messaging_product: 'whatsapp', mime_type: 'application/pdf', file_size: 16, id });
    const headers = { authorization: 'Bearer mock_token' };
    expect(await (await fetch(node['url'], { headers })).text()).toBe('%PDF-1.7 invoice');
    expect((await fetch(node['url'])).status).toBe(401);
    await stage.call('POST', '/sandbox/clock', { advance: 'PT5M' });
    expect((await fetch(node['url'], { headers })).status).toBe(404);
    expect((await stage.call('DELETE', `/${id}`)).body).toEqual({ success: true });
    expect((await stage.send({ to: '919800000001', type: 'document', document: { id } })).body['error'].code).toBe(
      131009,
    );
  });

  it('is refused by type and size', async () => {
    expect((await upload(Buffer.from('<svg/>'), 'image/svg+xml'))['error'].code).toBe(100);
    expect((await upload(Buffer.alloc(5 * 1024 * 1024 + 1), 'image/jpeg'))['error'].code).toBe(131053);
  });
});

describe('Message history (F4)', () => {
  it('lists message ids and what became of them, newest first', async () => {
    await stage.act('919800000001', { text: 'hi' });
    const wamids: string[] = [];
    for (const text of ['one', 'two', 'three'])
      wamids.push((await stage.text('919800000001', text)).body['messages'][0].id);
    await stage.sandbox.settle();
    const { data } = await get(
      '/v24.0/1001/message_history?limit=2&fields=id,message_id,events{delivery_status,webhook_update_state}',
    );
    expect(data.map((one: JsonObject) => one['message_id'])).toEqual([wamids[2], wamids[1]]);
    expect(data[0].events.data).toMatchObject(
      ['SENT', 'DELIVERED', 'READ'].map((delivery_status) => ({ delivery_status, webhook_update_state: 'DELIVERED' })),
    );
    const one = await get(`/1001/message_history?message_id=${encodeURIComponent(wamids[0] ?? '')}`);
    expect(one['data']).toEqual([{ id: expect.stringMatching(/^\d+$/), message_id: wamids[0] }]);
  });
});

describe("The app's subscription (S0.55)", () => {
  it('moves the webhooks to an address that answers the challenge, on this machine only', async () => {
    const other = new ApplicationStandIn();
    const url = await other.listen();
    const subscribe = (callback_url: string): Promise<{ status: number; body: JsonObject }> =>
      stage.call(
        'POST',
        '/app/subscriptions',
        { object: 'whatsapp_business_account', callback_url },
        'app|test-secret',
      );
    expect((await subscribe('https://example.com/hook')).body['error'].code).toBe(100);
    expect((await subscribe('http://127.0.0.1:1/hook')).body['error'].code).toBe(2200);
    expect((await subscribe(url)).body).toEqual({ success: true });
    await stage.act('919800000001', { text: 'hello, new address' });
    await stage.sandbox.settle();
    expect(other.messages()).toHaveLength(1);
    await stage.call('POST', '/sandbox/reset');
    await other.close();
  });
});
