import { PLATFORM_KEY } from '../setup/config.js';
import { until } from '../setup/until.js';
import { type Merchant, Rig } from './rig.js';

const CUSTOMERS = 20;

describe('The breaker of a number (C38, S3.45-S3.46, F23)', () => {
  let rig: Rig;
  let sick: Merchant;
  let healthy: Merchant;
  const phones = Array.from({ length: CUSTOMERS }, (_, n) => `9195${String(n).padStart(8, '0')}`);

  const later = Array.from({ length: 5 }, (_, n) => `9196${String(n).padStart(8, '0')}`);

  const breakers = async (): Promise<{ scope: string; key: string; state: string }[]> =>
    (
      await rig.call<{ data: { scope: string; key: string; state: string }[] }>(
        'GET',
        '/v1/whatsapp/breakers',
        PLATFORM_KEY,
      )
    ).body.data;
  const sentFrom = async ({ phoneNumberId }: Merchant): Promise<string[]> =>
    (await rig.ledger()).filter((sent) => sent.phoneNumberId === phoneNumberId).map(({ to }) => to);
  const outgoing = ({ phoneNumberId }: Merchant): Promise<{ state: string; refusals: number }[]> =>
    rig.sql(`select state, refusals from message where direction = 'OUTBOUND' and phone_number_id = $1`, [
      phoneNumberId,
    ]);

  beforeAll(async () => {
    rig = await Rig.start();
    [sick, healthy] = [await rig.merchant(1), await rig.merchant(2)];
    await rig.faults([{ kind: 'http-status', status: 503, match: { phoneNumberId: sick.phoneNumberId } }]);
    await Promise.all(phones.map((phone) => rig.write(phone, sick.phoneNumberId, { text: 'hi' })));
  });
  afterAll(() => rig.stop());

  it('opens after failures in a row, and messages wait for it without burning a try', async () => {
    await until(
      async () =>
        (await breakers()).some(
          ({ scope, key, state }) => scope === 'number' && key === sick.phoneNumberId && state === 'open',
        ),
      { within: 30_000 },
    );
    await until(async () => (await outgoing(sick)).length === CUSTOMERS, { within: 30_000 });
    const messages = await outgoing(sick);
    expect(messages.every(({ state }) => ['queued', 'sending', 'unknown'].includes(state))).toBe(true);
    expect(messages.every(({ refusals }) => refusals === 0)).toBe(true);
    expect(await sentFrom(sick)).toEqual([]);
  });

  it('lets other numbers go on meanwhile', async () => {
    await Promise.all(phones.map((phone) => rig.write(phone, healthy.phoneNumberId, { text: 'hi' })));
    await until(async () => (await sentFrom(healthy)).length === CUSTOMERS, { within: 30_000 });
    expect(await sentFrom(sick)).toEqual([]);
  });

  it('probes after the reset time, closes after successes, and every message leaves once', async () => {
    await rig.clearFaults();
    // Those on the wire when the number fell sick wait for their proof, and they may be all: later customers are the probes.
    await Promise.all(later.map((phone) => rig.write(phone, sick.phoneNumberId, { text: 'hi' })));
    await until(async () => (await outgoing(sick)).filter(({ state }) => state === 'read').length >= later.length, {
      within: 150_000,
    });
    expect(await breakers()).toEqual([]);
    // What was on the wire was never accepted: later callbacks prove it, and it goes once more.
    await rig.advance('PT3M');
    await until(async () => (await outgoing(sick)).every(({ state }) => state === 'read'), { within: 60_000 });
    expect((await sentFrom(sick)).sort()).toEqual([...phones, ...later].sort());
  }, 240_000);
});
