import { until } from '../setup/until.js';
import { CommitWatch } from './commit-watch.js';
import { type Merchant, Rig } from './rig.js';

const TEMPLATE = {
  name: 'interactive_due_today',
  language: 'en',
  body: { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' },
};
const MEANT = 60;
/** After so many messages the server dies, between the commit of the last of them and its answer. */
const DIES_AFTER = [7, 25];

describe('A program whose server dies between its commit and its answer', () => {
  const watch = new CommitWatch();
  let rig: Rig;
  let merchant: Merchant;

  beforeAll(async () => {
    rig = await Rig.start({ workers: 1, databaseThrough: (url) => watch.through(url) });
    merchant = await rig.merchant();
  });
  afterAll(async () => {
    await rig.stop();
    await watch.close();
  });

  it('asks again with the same keys, and has sent what it meant: each message once (S2.51)', async () => {
    let committed = 0;
    let deaths = 0;
    let isUp = Promise.resolve();
    watch.onMessageCommitted = async () => {
      if (!DIES_AFTER.includes(++committed)) return;
      deaths++;
      await rig.kill(rig.api);
      rig.startApi('api');
      isUp = rig.untilReady();
    };
    const told = new Map<string, string>();
    let replayed = 0;
    const send = async (to: string): Promise<void> => {
      const key = `order-${to}`;
      const answer = await rig.call<{ messageId: string; code?: string }>(
        'POST',
        '/v1/messages',
        merchant.apiKey,
        { to, whatsappTemplate: TEMPLATE, ...(Number(to) % 2 && { idempotencyKey: key }) },
        Number(to) % 2 ? {} : { 'idempotency-key': key },
      );
      if (answer.body.code === 'IDEMPOTENCY_KEY_USED' || answer.headers.get('idempotency-replayed')) replayed++;
      else expect(answer.status).toBe(202);
      told.set(to, answer.body.messageId);
    };
    const recipients = Array.from({ length: MEANT }, (_, n) => `9195${String(n).padStart(8, '0')}`);
    const client = async (first: number): Promise<void> => {
      for (let n = first; n < MEANT; n += 4)
        await until(
          async () => {
            await isUp;
            await send(recipients[n]!);
            return true;
          },
          { within: 120_000 },
        );
    };
    await Promise.all([0, 1, 2, 3].map(client));
    expect(deaths).toBe(DIES_AFTER.length);
    // Whoever was not told of his message has asked for it again, and was told of the same.
    expect(replayed).toBeGreaterThanOrEqual(deaths);
    expect(new Set(told.values()).size).toBe(MEANT);
    await until(async () => (await rig.ledger()).length >= MEANT, { within: 60_000 });
    expect((await rig.ledger()).map(({ to }) => to).sort()).toEqual(recipients);
  }, 300_000);
});
