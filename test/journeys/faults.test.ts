import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describeOnEachQueueBackend } from '../setup/redis.js';
import { until } from '../setup/until.js';
import { type Merchant, Rig } from './rig.js';

const CUSTOMERS = 300;
const RECOVERY = 240_000;

describeOnEachQueueBackend(
  'Workers are killed in mid-send, answers are lost, PostgreSQL is restarted, Redis is flushed (F01, F03, F31, F37)',
  (backend) => {
    let rig: Rig;
    let merchant: Merchant;
    const phones = Array.from({ length: CUSTOMERS }, (_, n) => `9196${String(n).padStart(8, '0')}`);

    beforeAll(async () => {
      rig = await Rig.start({ workers: 2, redisUrl: backend.redisUrl(), ownPostgres: true });
      merchant = await rig.merchant();
      await rig.faults([
        { kind: 'reset-after-accept', probability: 0.1, seed: 3, match: { path: '/messages' } },
        { kind: 'slow', probability: 0.5, seed: 4, delayMs: 300, match: { path: '/messages' } },
      ]);
      const writing = (async () => {
        for (const phone of phones) {
          await rig.write(phone, merchant.phoneNumberId, { text: 'hi' });
          await delay(20);
        }
      })();
      for (let round = 0; round < 2; round++) {
        await until(async () => (await rig.ledger()).length >= 30 * (round + 1), { within: 60_000 });
        await rig.kill(rig.workers[0]!);
        rig.startWorker();
        await flush(backend.redisUrl());
      }
      await rig.restartPostgres();
      await flush(backend.redisUrl());
      await writing;
    }, 180_000);
    afterAll(() => rig.stop());

    it(
      'and afterwards every customer has one answer, none two, and nothing is left in the works',
      async () => {
        await until(async () => (await rig.ledger()).length >= CUSTOMERS, { within: RECOVERY });
        await until(async () => ((await rig.outgoing())['read'] ?? 0) === CUSTOMERS, { within: RECOVERY });
        const recipients = (await rig.ledger()).map(({ to }) => to);
        expect(new Set(recipients).size).toBe(CUSTOMERS);
        expect(recipients).toHaveLength(CUSTOMERS);
        expect(await rig.outgoing()).toEqual({ read: CUSTOMERS });
      },
      2 * RECOVERY + 10_000,
    );

    it('and no webhook that was answered 200 is lost', async () => {
      const [stored] = await rig.sql<{ n: number }>(
        `select count(distinct address)::int as n from message where direction = 'INBOUND'`,
      );
      expect(stored!.n).toBe(CUSTOMERS);
    });
  },
);

async function flush(redisUrl: string | undefined): Promise<void> {
  if (!redisUrl) return;
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  await redis.flushdb();
  redis.disconnect();
}
