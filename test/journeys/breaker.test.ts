import { until } from '../setup/until.js';
import { Rig } from './rig.js';

describe('The breaker of a number (C38, S3.45-S3.46, F23)', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start();
  }, 60_000);
  afterAll(() => rig.stop());

  it('opens after five failures, lets other numbers go on, and loses and burns nothing meanwhile', async () => {
    const [sick, healthy] = [await rig.merchant(1), await rig.merchant(2)];
    await rig.faults([
      { kind: 'http-status', status: 503, match: { phoneNumberId: sick.phoneNumberId, path: '/messages' } },
    ]);
    const phones = Array.from({ length: 20 }, (_, n) => `9195${String(n).padStart(8, '0')}`);
    await Promise.all(phones.map((phone) => rig.write(phone, sick.phoneNumberId, { text: 'hi' })));
    await until(
      async () =>
        (
          await rig.sql(
            `select 1 from send_attempt a join message m on m.tenant_id = a.tenant_id and m.id = a.message_id where m.phone_number_id = $1 and a.outcome is not null`,
            [sick.phoneNumberId],
          )
        ).length >= 5,
      {
        within: 30_000,
      },
    );
    await Promise.all(phones.map((phone) => rig.write(phone, healthy.phoneNumberId, { text: 'hi' })));
    await until(
      async () =>
        (await rig.ledger()).filter(({ phoneNumberId }) => phoneNumberId === healthy.phoneNumberId).length ===
        phones.length,
      { within: 30_000 },
    );
    const waiting = await rig.sql<{ state: string; attempt_no: number }>(
      `select state, attempt_no from message where direction = 'OUTBOUND' and phone_number_id = $1`,
      [sick.phoneNumberId],
    );
    expect(waiting).toHaveLength(phones.length);
    expect(waiting.filter(({ state }) => state === 'queued' || state === 'unknown')).toHaveLength(phones.length);
    expect(waiting.filter(({ attempt_no: attempts }) => attempts === 0).length).toBeGreaterThan(0);
    expect((await rig.ledger()).filter(({ phoneNumberId }) => phoneNumberId === sick.phoneNumberId)).toEqual([]);
  }, 120_000);
});
