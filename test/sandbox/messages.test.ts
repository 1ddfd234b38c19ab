import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
});

describe('A message that is sent reaches the handset and is told of (contract 6)', () => {
  it("answers in Meta's shape, writes the ledger, and reports sent, delivered, read in this order", async () => {
    await stage.act('919800000001', { text: 'hi' });
    const { status, body } = await stage.text('+91 98000 00001', 'Namaste', { biz_opaque_callback_data: 'v1.abc' });
    expect(status).toBe(200);
    expect(body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: '+91 98000 00001', wa_id: '919800000001' }],
      messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/=]+$/) }],
    });
    const wamid = body['messages'][0].id as string;
    await stage.sandbox.settle();
    const statuses = stage.application.statuses(wamid);
    expect(statuses.map((one) => one['status'])).toEqual(['sent', 'delivered', 'read']);
    expect(statuses[0]).toMatchObject({
      recipient_id: '919800000001',
      recipient_user_id: expect.stringMatching(/^IN\.\d{20}$/),
      biz_opaque_callback_data: 'v1.abc',
      conversation: {
        id: expect.any(String),
        expiration_timestamp: expect.stringMatching(/^\d{10}$/),
        origin: { type: 'service' },
      },
      pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
    });
    expect(await stage.ledger()).toEqual([
      expect.objectContaining({
        wamid,
        phoneNumberId: '1001',
        to: '919800000001',
        type: 'text',
        callbackData: 'v1.abc',
        payload: expect.objectContaining({ text: { body: 'Namaste' } }),
      }),
    ]);
    expect(
      (await stage.screen('919800000001')).map(({ direction, text, status: shown }) => ({ direction, text, shown })),
    ).toEqual([
      { direction: 'written', text: 'hi', shown: undefined },
      { direction: 'received', text: 'Namaste', shown: 'read' },
    ]);
  });

  it('signs the exact bytes, in escaped unicode', async () => {
    await stage.act('919800000002', { text: 'नमस्ते 👍 a/b \u0000 \ud83d' });
    const webhook = await eventually('webhook', () => stage.application.received[0]);
    expect(webhook.body).toMatch(/^[\x20-\x7e]*$/);
    expect(webhook.body).toContain('\\u0928');
    expect(webhook.body).toContain('a\\/b');
    const expected = createHmac('sha256', 'test-secret').update(webhook.body).digest('hex');
    expect(webhook.headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
    expect(stage.application.messages()[0]).toMatchObject({
      type: 'text',
      text: { body: 'नमस्ते 👍 a/b \u0000 \ud83d' },
    });
  });

  it('posts a webhook again until it is taken, and records every answer', async () => {
    stage.application.answers.push(503, 500);
    await stage.act('919800000003', { text: 'hi' });
    await stage.act('919800000003', { text: 'there' });
    await stage.sandbox.settle();
    expect(stage.application.messages().map((one) => one['text'].body)).toEqual(['hi', 'hi', 'hi', 'there']);
    const records = (await stage.call('GET', '/sandbox/webhooks')).body['data'];
    expect(records[0]).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 503 }, { status: 500 }, { status: 200 }],
    });
  });
});

describe('1,000 handsets at once', () => {
  it('writes and reads on all of them, each in order', async () => {
    const people = Array.from({ length: 1_000 }, (_, index) => String(919_810_000_000 + index));
    await stage.call('PUT', '/sandbox/numbers/1001', { messagesPerSecond: 100_000 });
    await Promise.all(people.map((waId) => stage.act(waId, { text: 'hi' })));
    const answers = await Promise.all(people.map((waId) => stage.text(waId, `menu for ${waId}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await stage.sandbox.settle(30_000)).toBe(true);
    const byMessage = Map.groupBy(stage.application.statuses(), (status) => status['id']);
    expect(byMessage.size).toBe(1_000);
    for (const statuses of byMessage.values())
      expect(statuses.map((one) => one['status'])).toEqual(['sent', 'delivered', 'read']);
    expect(stage.application.messages()).toHaveLength(1_000);
  });

  it('with a tenth of the webhooks duplicated and a tenth reordered, everything is told at least once', async () => {
    const people = Array.from({ length: 1_000 }, (_, index) => String(919_820_000_000 + index));
    await stage.call('PUT', '/sandbox/numbers/1001', { messagesPerSecond: 100_000 });
    await stage.fault(
      { kind: 'webhook-duplicate', probability: 0.1, seed: 1 },
      { kind: 'webhook-reorder', probability: 0.1, seed: 2 },
    );
    await Promise.all(people.map((waId) => stage.act(waId, { text: 'hi' })));
    await Promise.all(people.map((waId) => stage.text(waId)));
    expect(await stage.sandbox.settle(30_000)).toBe(true);
    const told = stage.application.statuses().map((status) => `${status['id']} ${status['status']}`);
    expect(new Set(told).size).toBe(3_000);
    expect(told.length).toBeGreaterThan(3_000);
    expect(new Set(stage.application.messages().map((message) => message['id'])).size).toBe(1_000);
  });
});
