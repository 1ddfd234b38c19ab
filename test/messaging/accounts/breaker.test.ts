import type { INestApplicationContext } from '@nestjs/common';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import type { BreakerSettings } from '../../../src/modules/messaging/infrastructure/meta/breaker-settings.js';
import { BreakerWhatsApp } from '../../../src/modules/messaging/infrastructure/meta/breaker-whatsapp.js';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { message, sender, startChannel } from './channel.js';

describe('The WhatsApp port behind its breakers, over real HTTP faults (C38, S3.45-S3.48, reliability 2.9, F23-F25)', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  let channel: INestApplicationContext;
  let whatsapp: BreakerWhatsApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    sandbox = await startSandbox({ port: 0, webhookUrl: 'http://127.0.0.1:1/', switches: { rates: 'unlimited' } });
  });
  beforeEach(async () => {
    await fetch(`${sandbox.url}/sandbox/reset`, { method: 'POST' });
    await begin({ resetAfter: 60_000 });
  });
  afterEach(() => channel.close());
  afterAll(async () => {
    await sandbox.close();
    await database.drop();
  });

  async function begin(breaker: Partial<BreakerSettings>): Promise<void> {
    await channel?.close();
    channel = await startChannel(database, { graphUrl: sandbox.url, breaker });
    whatsapp = channel.get(BreakerWhatsApp);
  }

  const fault = async (given: Record<string, unknown>): Promise<void> => {
    const answer = await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([given]),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const heal = (): Promise<unknown> => fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
  const struck = async (): Promise<number> =>
    ((await (await fetch(`${sandbox.url}/sandbox/faults`)).json()) as { data: { struck: number }[] }).data.reduce(
      (sum, one) => sum + one.struck,
      0,
    );
  const send = (phoneNumberId: string, more = {}): Promise<SendOutcome> =>
    whatsapp.send(sender(phoneNumberId, more), message());
  /** For a message that a customer has just written. */
  const receipt = async (phoneNumberId: string): Promise<SendOutcome> => {
    const written = await fetch(`${sandbox.url}/sandbox/handsets/919811111111/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumberId, text: 'hi' }),
    });
    const { wamid } = (await written.json()) as { wamid: string };
    return whatsapp.markAsRead(sender(phoneNumberId), wamid, 'ticks');
  };
  const inTurn = async (times: number, phoneNumberId: string): Promise<string[]> => {
    const kinds: string[] = [];
    for (let n = 0; n < times; n++) kinds.push((await send(phoneNumberId)).kind);
    return kinds;
  };
  const down = (phoneNumberId: string) => fault({ kind: 'http-status', status: 503, match: { phoneNumberId } });

  it('opens after five failures in a row, and makes no call for that number any more; other numbers go on', async () => {
    await down('7001');
    expect(await inTurn(8, '7001')).toEqual([...Array<string>(5).fill('unknown'), 'deferred', 'deferred', 'deferred']);
    expect(await struck()).toBe(5);
    expect(await inTurn(3, '7002')).toEqual(['accepted', 'accepted', 'accepted']);
    expect(whatsapp.list()).toEqual([{ scope: 'number', key: '7001', state: 'open', failures: 0 }]);
  });

  it('opens although read receipts go through between the failures: a receipt proves nothing about messages', async () => {
    await down('7001');
    const kinds: string[] = [];
    for (let n = 0; n < 6; n++) {
      await receipt('7001');
      kinds.push((await send('7001')).kind);
    }
    expect(kinds).toEqual([...Array<string>(5).fill('unknown'), 'deferred']);
  });

  it('makes no read receipt while it is not closed, and takes none for a probe', async () => {
    await begin({ resetAfter: 200 });
    await down('7001');
    expect((await receipt('7001')).kind).toBe('accepted');
    await inTurn(5, '7001');
    expect((await receipt('7001')).kind).toBe('deferred');
    await until(() => whatsapp.list().some(({ scope, state }) => scope === 'number' && state === 'half-open'));
    expect((await receipt('7001')).kind).toBe('deferred');
    expect((await send('7001')).kind).toBe('unknown');
  });

  it('says when to come back: after the reset time, not all at once', async () => {
    await down('7001');
    await inTurn(5, '7001');
    const before = Date.now();
    const times = (await Promise.all(Array.from({ length: 20 }, () => send('7001')))).map((outcome) =>
      outcome.kind === 'deferred' ? outcome.retryAt.getTime() - before : 0,
    );
    expect(Math.min(...times)).toBeGreaterThan(50_000);
    expect(Math.max(...times)).toBeLessThan(90_000);
    expect(new Set(times).size).toBeGreaterThan(10);
  });

  it('probes with one call after the reset time, opens again when it fails, closes after two successes', async () => {
    await begin({ resetAfter: 200 });
    await down('7001');
    await inTurn(5, '7001');
    const probe = async (): Promise<string> => until(async () => (await send('7001')).kind.replace('deferred', ''));
    expect(await probe()).toBe('unknown');
    expect((await send('7001')).kind).toBe('deferred');
    expect(await struck()).toBe(6);
    await heal();
    expect(await probe()).toBe('accepted');
    expect(whatsapp.list()).toEqual([{ scope: 'number', key: '7001', state: 'half-open', failures: 0 }]);
    expect(await inTurn(3, '7001')).toEqual(['accepted', 'accepted', 'accepted']);
    expect(whatsapp.list()).toEqual([]);
  });

  it('lets one probe out at a time, however many messages wait', async () => {
    await begin({ resetAfter: 200 });
    await send('7001');
    await down('7001');
    await inTurn(5, '7001');
    await heal();
    await fault({ kind: 'slow', delayMs: 300, match: { phoneNumberId: '7001' } });
    await until(() => whatsapp.list().some(({ scope, state }) => scope === 'number' && state === 'half-open'));
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => send('7001')));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'deferred')).toHaveLength(29);
  });

  it('is reset by a person', async () => {
    await down('7001');
    await inTurn(6, '7001');
    await heal();
    expect(whatsapp.reset('number', '7001')).toBe(true);
    expect(await inTurn(2, '7001')).toEqual(['accepted', 'accepted']);
    expect(whatsapp.reset('number', '7001')).toBe(false);
  });

  it('does not count throttling and refusals: the host is alive (F24)', async () => {
    for (const [phoneNumberId, code, kind] of [
      ['7001', 130429, 'throttled'],
      ['7002', 131056, 'throttled'],
      ['7003', 131026, 'refused'],
      ['7004', 80007, 'throttled'],
    ] as const) {
      await fault({ kind: 'graph-error', code, match: { phoneNumberId } });
      expect(await inTurn(8, phoneNumberId)).toEqual(Array(8).fill(kind));
    }
    expect(whatsapp.list()).toEqual([]);
  });

  it("counts Meta's own faults and lost answers", async () => {
    await fault({ kind: 'graph-error', code: 131000, match: { phoneNumberId: '7001' } });
    await fault({ kind: 'reset-before-accept', match: { phoneNumberId: '7002' } });
    expect(await inTurn(6, '7001')).toEqual([...Array<string>(5).fill('unknown'), 'deferred']);
    expect(await inTurn(6, '7002')).toEqual([...Array<string>(5).fill('unknown'), 'deferred']);
  });

  it('opens for the whole host only when three numbers fail and none succeeds', async () => {
    for (const number of ['7001', '7002', '7003']) await down(number);
    expect([...(await inTurn(2, '7001')), ...(await inTurn(2, '7002'))]).toEqual(Array(4).fill('unknown'));
    expect(await inTurn(2, '7099')).toEqual(['accepted', 'accepted']);
    for (const number of ['7001', '7002', '7003', '7001', '7002']) expect((await send(number)).kind).toBe('unknown');
    expect((await send('7099')).kind).toBe('deferred');
    expect(whatsapp.list()).toContainEqual({ scope: 'host', key: 'graph', state: 'open', failures: 0 });
  });

  it('stops a dead token after one POST, though many messages start at once, and for that account only (F25)', async () => {
    await fault({ kind: 'graph-error', code: 190, match: { phoneNumberId: '7001' } });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send('7001')));
    expect(outcomes.filter(({ kind }) => kind === 'credential')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'deferred')).toHaveLength(49);
    expect(await struck()).toBe(1);
    expect((await send('7002')).kind).toBe('accepted');
    expect(whatsapp.list()).toEqual([{ scope: 'credential', key: 'account-of-7001', state: 'open', failures: 0 }]);
  });

  it('goes on as soon as the token was replaced, and a sender with the old one cannot stop the new', async () => {
    await fault({ kind: 'graph-error', code: 190, times: 1, match: { phoneNumberId: '7001' } });
    expect(await inTurn(2, '7001')).toEqual(['credential', 'deferred']);
    expect((await send('7001', { credentialVersion: 2 })).kind).toBe('accepted');
    expect((await send('7001', { credentialVersion: 1 })).kind).toBe('deferred');
    expect((await send('7001', { credentialVersion: 2 })).kind).toBe('accepted');
    expect(whatsapp.list()).toEqual([]);
  });

  it('remembers nothing of numbers that are well', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, n) => send(String(8000 + n))));
    expect(whatsapp.list()).toEqual([]);
  });
});
