import { describeOnEachQueueBackend } from '../setup/redis.js';
import { until } from '../setup/until.js';
import { type Merchant, Rig } from './rig.js';

const CUSTOMERS = 1000;

describeOnEachQueueBackend(
  'A thousand customers write "hi" at once, a tenth of the webhooks doubled and out of order (S0.65, S1.96, S2.6)',
  (backend) => {
    let rig: Rig;
    let merchant: Merchant;

    beforeAll(async () => {
      rig = await Rig.start({ workers: 2, redisUrl: backend.redisUrl() });
      merchant = await rig.merchant();
      await rig.faults([
        { kind: 'webhook-duplicate', probability: 0.1, seed: 1 },
        { kind: 'webhook-reorder', probability: 0.1, seed: 2 },
      ]);
      const phones = Array.from({ length: CUSTOMERS }, (_, n) => `9198${String(n).padStart(8, '0')}`);
      await Promise.all(phones.map((phone) => rig.write(phone, merchant.phoneNumberId, { text: 'hi' })));
    });
    afterAll(() => rig.stop());

    it('and each gets one menu, none two, and each status ends as read', async () => {
      await until(async () => ((await rig.outgoing())['read'] ?? 0) === CUSTOMERS, { within: 120_000 });
      const ledger = await rig.ledger();
      expect(ledger).toHaveLength(CUSTOMERS);
      expect(new Set(ledger.map(({ to }) => to)).size).toBe(CUSTOMERS);
      expect(ledger.every(({ payload }) => payload.type === 'interactive')).toBe(true);
      expect(await rig.outgoing()).toEqual({ read: CUSTOMERS });
    }, 150_000);

    it('and every webhook is accounted for', async () => {
      const stored = await rig.sql<{ n: number }>(`select count(*)::int as n from message where direction = 'INBOUND'`);
      expect(stored).toEqual([{ n: CUSTOMERS }]);
      await until(
        async () =>
          (await rig.sql(`select 1 from webhook_event where state in ('pending', 'orphan', 'quarantined')`)).length ===
          0,
      );
    });
  },
);

describe('A customer who writes several things is answered in their order (G5, reliability 2.3)', () => {
  it('with a hundred customers writing and tapping at once', async () => {
    const rig = await Rig.start({ workers: 2 });
    try {
      const merchant = await rig.merchant();
      const phones = Array.from({ length: 100 }, (_, n) => `9197${String(n).padStart(8, '0')}`);
      await Promise.all(phones.map((phone) => rig.write(phone, merchant.phoneNumberId, { text: 'hi' })));
      await until(async () => (await rig.ledger()).length === phones.length, { within: 60_000 });
      await Promise.all(phones.map((phone) => rig.write(phone, merchant.phoneNumberId, { tap: 'CHECK_CURRENT_DUE' })));
      await until(async () => (await rig.outgoing())['read'] === 2 * phones.length, { within: 60_000 });
      for (const phone of phones) {
        const received = (await rig.ledger()).filter(({ to }) => to.endsWith(phone)).map(({ payload }) => payload.type);
        expect(received).toEqual(['interactive', 'text']);
      }
    } finally {
      await rig.stop();
    }
  }, 150_000);
});
