import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationClock } from '../../src/sandbox/clock.js';
import { SandboxRefusal, SandboxSettings } from '../../src/sandbox/settings.js';
import { startSandbox } from '../../src/sandbox/start-sandbox.js';
import { eventually, Stage } from './application-stand-in.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

describe('The virtual clock (contract 6)', () => {
  it('moves forward by a duration or to an instant, never back', async () => {
    const before = Date.now();
    const week = (await stage.call('POST', '/sandbox/clock', { advance: 'P7D' })).body;
    expect(new Date(week['now']).getTime()).toBeGreaterThanOrEqual(before + 7 * 86_400_000);
    const target = new Date(before + 8 * 86_400_000).toISOString();
    expect((await stage.call('POST', '/sandbox/clock', { now: target })).body['offsetMs']).toBeGreaterThan(
      7 * 86_400_000,
    );
    for (const body of [{ now: '2020-01-01T00:00:00Z' }, { advance: 'soon' }, {}, { advance: '-P1D' }]) {
      expect((await stage.call('POST', '/sandbox/clock', body)).status).toBe(400);
    }
    expect((await stage.call('GET', '/sandbox/clock')).body).toEqual({
      now: expect.any(String),
      offsetMs: expect.any(Number),
    });
  });

  it("is the application's, when the application has one", async () => {
    let offsetMs = 3_600_000;
    const application = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST') {
          const { now } = JSON.parse(Buffer.concat(chunks).toString()) as { now: string };
          offsetMs = new Date(now).getTime() - Date.now();
        }
        answer.end(JSON.stringify({ now: new Date(Date.now() + offsetMs).toISOString(), offsetMs }));
      });
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;
    const sandbox = await startSandbox({
      port: 0,
      webhookUrl: `${url}/whatsapp/webhook`,
      clock: new ApplicationClock(url),
    });
    try {
      expect((await (await fetch(`${sandbox.url}/sandbox/clock`)).json()) as object).toMatchObject({
        offsetMs: 3_600_000,
      });
      await fetch(`${sandbox.url}/sandbox/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance: 'P1D' }),
      });
      expect(offsetMs).toBeGreaterThan(86_400_000);
      expect(Math.abs(sandbox.clock.now().getTime() - Date.now() - offsetMs)).toBeLessThan(5_000);
    } finally {
      await sandbox.close();
      application.close();
      application.closeAllConnections();
    }
  });
});

describe("Webhooks of the caller's making", () => {
  it('are signed like any other: word by word, as a payload, or framed', async () => {
    await stage.call('POST', '/sandbox/webhooks', { body: '{"broken":' });
    await stage.call('POST', '/sandbox/webhooks', { payload: { object: 'whatsapp_business_account', entry: [] } });
    await stage.call('POST', '/sandbox/webhooks', {
      field: 'user_preferences',
      phoneNumberId: '1001',
      value: { user_preferences: [{ category: 'marketing_messages', value: 'stop' }] },
    });
    await stage.sandbox.settle();
    const received = stage.application.received;
    expect(received.map(({ body }) => body)).toEqual(
      expect.arrayContaining(['{"broken":', '{"object":"whatsapp_business_account","entry":[]}']),
    );
    for (const { body, headers } of received) {
      expect(headers['x-hub-signature-256']).toBe(
        `sha256=${createHmac('sha256', 'test-secret').update(body).digest('hex')}`,
      );
    }
    const framed = received.map(({ body }) => body).find((body) => body.includes('user_preferences'));
    expect(JSON.parse(framed ?? '')).toMatchObject({
      entry: [{ changes: [{ field: 'user_preferences', value: { metadata: { phone_number_id: '1001' } } }] }],
    });
  });
});

describe('The sandbox never meets the real world', () => {
  it.each([
    ['another host', { host: '0.0.0.0' }],
    ['webhooks to elsewhere', { webhookUrl: 'https://example.com/hook' }],
    ['webhooks to a name that looks near', { webhookUrl: 'http://127.0.0.1.example.com/hook' }],
    ['a secret that looks like a real token', { appSecret: 'EAAJBxyz' }],
  ])('refuses to start with %s', (_, given) => {
    expect(() => new SandboxSettings(given)).toThrow(SandboxRefusal);
  });
});

describe('Health, switches, reset', () => {
  it('tells how it is, and forgets on demand', async () => {
    expect((await stage.call('GET', '/sandbox/health')).body).toMatchObject({ status: 'ok', pendingWebhooks: 0 });
    await stage.act('919800000001', { text: 'hi' });
    expect((await stage.call('GET', '/sandbox/handsets')).body['data']).toMatchObject([
      { waId: '919800000001', delivers: true, reads: true, delayMs: 0 },
    ]);
    expect((await stage.call('POST', '/sandbox/reset')).status).toBe(204);
    expect(await stage.screen('919800000001')).toEqual([]);
  });

  it('a reset forgets also what is being retried and what is on its way', async () => {
    stage.application.received.length = 0;
    stage.application.answers.push(503);
    await stage.act('919800000001', { text: 'refused' });
    await eventually(
      'refusal',
      async () => (await stage.call('GET', '/sandbox/webhooks')).body['data'][0]?.attempts.length === 1,
    );
    const { promise: answer, resolve: letAnswer } = Promise.withResolvers<void>();
    stage.application.answersAfter = answer;
    const before = stage.application.received.length;
    await stage.act('919800000002', { text: 'unanswered' });
    await eventually('arrival', () => stage.application.received.length > before);
    await stage.call('POST', '/sandbox/reset');
    stage.application.answersAfter = undefined;
    letAnswer();
    await stage.act('919800000003', { text: 'after' });
    const stateOf = async (): Promise<unknown> =>
      (await stage.call('GET', '/sandbox/webhooks?to=919800000003')).body['data'][0]?.state;
    await eventually('delivery', async () => (await stateOf()) === 'delivered');
    expect((await stage.call('GET', '/sandbox/health')).body).toMatchObject({ pendingWebhooks: 0 });
    const seen = stage.application.messages().map((message) => message['text']?.body);
    expect(seen.filter((text) => text === 'refused')).toHaveLength(1);
  });

  it('knows its switches', async () => {
    expect((await stage.call('PATCH', '/sandbox/switches', { windowClosed: 'maybe' })).status).toBe(400);
    expect((await stage.call('PATCH', '/sandbox/switches', { unheardOf: true })).status).toBe(400);
  });
});
