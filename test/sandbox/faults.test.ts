import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { eventually, Stage } from './application-stand-in.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.settle();
  await stage.call('POST', '/sandbox/reset');
  stage.application.received.length = 0;
  await stage.act('919800000001', { text: 'hi' });
});

const failureOf = (sending: Promise<unknown>): Promise<string> =>
  sending.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

describe('Faults of the Graph API (reliability 2.5)', () => {
  it('http-status answers without Graph JSON and without acceptance', async () => {
    await stage.fault({ kind: 'http-status', status: 502, times: 1 });
    const answer = await request(`${stage.sandbox.url}/1001/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock_token', 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: '919800000001', type: 'text', text: { body: 'x' } }),
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([502, 'text/html']);
    await answer.body.dump();
    expect(await stage.ledger()).toHaveLength(0);
    expect((await stage.text('919800000001')).status).toBe(200);
  });

  it('http-status with accepts takes the message first', async () => {
    await stage.fault({ kind: 'http-status', status: 502, accepts: true, times: 1 });
    await failureOf(stage.text('919800000001'));
    expect(await stage.ledger()).toHaveLength(1);
  });

  it("graph-error answers Meta's envelope with the code's own status", async () => {
    await stage.fault({ kind: 'graph-error', code: 131048, times: 1 });
    const { status, body } = await stage.text('919800000001');
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({
      code: 131048,
      type: 'OAuthException',
      message: '(#131048) Spam rate limit hit',
      error_data: { messaging_product: 'whatsapp' },
      fbtrace_id: expect.any(String),
    });
    expect(await stage.ledger()).toHaveLength(0);
  });

  it('graph-error via status accepts and then fails by webhook', async () => {
    await stage.fault({ kind: 'graph-error', code: 131049, via: 'status', times: 1 });
    const { body } = await stage.text('919800000001', 'x', { biz_opaque_callback_data: 'ref' });
    await stage.sandbox.settle();
    expect(stage.application.statuses(body['messages'][0].id)).toMatchObject([
      {
        status: 'failed',
        biz_opaque_callback_data: 'ref',
        errors: [{ code: 131049, title: expect.any(String), error_data: { details: expect.any(String) } }],
      },
    ]);
  });

  it('reset-before-accept leaves no trace in the ledger', async () => {
    await stage.fault({ kind: 'reset-before-accept', times: 1 });
    expect(await failureOf(stage.text('919800000001'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await stage.ledger()).toHaveLength(0);
  });

  it('reset-after-accept loses the answer only: the callback comes', async () => {
    await stage.fault({ kind: 'reset-after-accept', times: 1 });
    expect(await failureOf(stage.text('919800000001', 'x', { biz_opaque_callback_data: 'ref' }))).toMatch(
      /ECONNRESET|UND_ERR_SOCKET/,
    );
    expect(await stage.ledger()).toMatchObject([{ callbackData: 'ref' }]);
    await eventually('read', () =>
      stage.application.statuses().find((one) => one['status'] === 'read' && one['biz_opaque_callback_data'] === 'ref'),
    );
  });

  it('timeout never answers, but the message was accepted and its callbacks come meanwhile', async () => {
    await stage.fault({ kind: 'timeout', times: 1 });
    const sending = request(`${stage.sandbox.url}/1001/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock_token', 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: '919800000001', type: 'text', text: { body: 'x' } }),
      headersTimeout: 1_000,
    });
    const outcome = failureOf(sending);
    await eventually('read', () => stage.application.statuses().find((one) => one['status'] === 'read'));
    expect(await outcome).toBe('UND_ERR_HEADERS_TIMEOUT');
    expect(await stage.ledger()).toHaveLength(1);
    await stage.call('POST', '/sandbox/reset');
  });

  it('slow answers late, and right', async () => {
    await stage.fault({ kind: 'slow', delayMs: 500, match: { to: '919800000001' } });
    const order: string[] = [];
    const slow = stage.text('919800000001').then(({ status }) => order.push(`slow ${status}`));
    await eventually('acceptance', async () => (await stage.ledger()).length === 1);
    await stage.text('919800000002').then(({ status }) => order.push(`prompt ${status}`));
    await slow;
    expect(order).toEqual(['prompt 200', 'slow 200']);
  });

  it('truncated cuts the body', async () => {
    await stage.fault({ kind: 'truncated', times: 1 });
    expect(await failureOf(stage.text('919800000001'))).toMatch(/UND_ERR_SOCKET|ECONNRESET|aborted|terminated/i);
    expect(await stage.ledger()).toHaveLength(1);
  });

  it('invalid-json answers 200 with no JSON', async () => {
    await stage.fault({ kind: 'invalid-json', times: 1 });
    expect(await failureOf(stage.text('919800000001'))).toContain('SyntaxError');
    expect(await stage.ledger()).toHaveLength(1);
  });

  it('matches by number, customer, type and path', async () => {
    await stage.fault(
      { kind: 'graph-error', code: 131042, match: { phoneNumberId: '2002' } },
      { kind: 'graph-error', code: 131031, match: { to: '919800000009' } },
      { kind: 'graph-error', code: 131016, match: { type: 'image' } },
      { kind: 'graph-error', code: 4, match: { path: '/phone_numbers' } },
    );
    const codes = await Promise.all([
      stage.text('919800000001'),
      stage.send({ to: '919800000001', type: 'text', text: { body: 'x' } }, '2002'),
      stage.text('919800000009'),
      stage.send({ to: '919800000001', type: 'image', image: { link: 'https://example.com/a.jpg' } }),
      stage.call('GET', '/v24.0/5005/phone_numbers'),
    ]);
    expect(codes.map(({ body }) => body['error']?.code)).toEqual([undefined, 131042, 131031, 131016, 4]);
  });

  it('strikes with the same luck for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      await stage.call('DELETE', '/sandbox/faults');
      await stage.fault({ kind: 'http-status', status: 500, probability: 0.4, seed: 7 });
      const outcomes: number[] = [];
      for (let count = 0; count < 12; count += 1)
        outcomes.push((await stage.call('POST', '/1001/messages', {}).catch(() => ({ status: 0 }))).status);
      return outcomes;
    };
    const first = await run();
    expect(new Set(first).size).toBe(2);
    expect(await run()).toEqual(first);
  });

  it('refuses what is no fault', async () => {
    for (const fault of [
      { kind: 'nonsense' },
      { kind: 'graph-error' },
      { kind: 'slow', probability: 2 },
      { kind: 'slow', match: { colour: 'red' } },
      7,
    ]) {
      expect((await stage.call('POST', '/sandbox/faults', [fault])).status).toBe(400);
    }
  });
});

describe('Faults on the way of a webhook (F12, F14)', () => {
  const texts = (): string[] => stage.application.messages().map((one) => one['text'].body);

  it('webhook-duplicate tells twice', async () => {
    await stage.fault({ kind: 'webhook-duplicate', match: { type: 'message' } });
    await stage.act('919800000002', { text: 'once' });
    await stage.sandbox.settle();
    expect(texts().filter((text) => text === 'once')).toHaveLength(2);
  });

  it('webhook-reorder tells the next one first', async () => {
    await stage.fault({ kind: 'webhook-reorder', match: { to: '919800000002' }, times: 1 });
    await stage.act('919800000002', { text: 'first' });
    await stage.act('919800000002', { text: 'second' });
    await stage.sandbox.settle();
    expect(texts().slice(-2)).toEqual(['second', 'first']);
  });

  it('webhook-reorder gives up waiting when nothing follows', async () => {
    await stage.fault({ kind: 'webhook-reorder', times: 1 });
    await stage.act('919800000002', { text: 'alone' });
    await stage.sandbox.settle();
    expect(texts()).toContain('alone');
  });

  it('webhook-delay tells later, and lets others pass', async () => {
    await stage.fault({ kind: 'webhook-delay', delayMs: 200, times: 1 });
    await stage.act('919800000002', { text: 'late' });
    await stage.act('919800000002', { text: 'prompt' });
    await stage.sandbox.settle();
    expect(texts().slice(-2)).toEqual(['prompt', 'late']);
  });

  it('webhook-drop never tells, and says so in the record', async () => {
    await stage.fault({ kind: 'webhook-drop', match: { type: 'delivered' } });
    const { body } = await stage.text('919800000001');
    await stage.sandbox.settle();
    expect(stage.application.statuses(body['messages'][0].id).map((one) => one['status'])).toEqual(['sent', 'read']);
    const records = (await stage.call('GET', '/sandbox/webhooks?state=dropped')).body['data'];
    expect(records).toMatchObject([{ events: [{ type: 'delivered' }], attempts: [] }]);
  });
});
