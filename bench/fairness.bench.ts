/**
 * Fairness (reliability F54): one merchant has a hundred thousand messages due, ninety-nine others then order ten each from numbers of their
 * own. How much longer do the others wait than where the one is absent? One worker of the whole application, against a Graph API that answers after 30 ms.
 * Then the same with the one's messages spread over more numbers than a process has places. Tables go into docs/benchmarks.md by hand.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ROOT, startNode } from '../scripts/child.ts';
import { type Merchant, queueMessages, seedMerchants, startDoorbell } from './sending/merchants.ts';
import { applicationEnvironment, startServer } from './webhooks/servers.ts';

const HOT = Number(process.env.BENCH_MESSAGES ?? 100_000);
const HOT_NUMBERS = Number(process.env.BENCH_HOT_NUMBERS ?? 80);
const OTHERS = Number(process.env.BENCH_MERCHANTS ?? 99);
const EACH = 10;
const THROUGHPUT = 1000;
/** Sent before anything is measured: the worker is up. */
const WARM = 100;
/** The hot merchant is well under way when the others order. */
const HEAD_START_MS = 3000;

interface Waits {
  readonly p50: number;
  readonly p95: number;
  /** Jain's index of the others' mean waits: 1 when all wait alike. */
  readonly jain: number;
}

const graph = await startServer('bench/sending/timed-graph.ts', [], process.env);
const graphUrl = `http://127.0.0.1:${graph.port}`;
const environment = { ...applicationEnvironment('worker', process.env), WHATSAPP_GRAPH_URL: graphUrl };
const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
const app = new pg.Client({ connectionString: process.env.DATABASE_URL });
await Promise.all([owner.connect(), app.connect()]);
await clear();
const merchants = await seedMerchants(OTHERS + 1, THROUGHPUT, environment);
const [hot, ...others] = merchants as [Merchant, ...Merchant[]];
const hotNumbers = await moreNumbers(hot, HOT_NUMBERS);

const doorbell = await startDoorbell(environment);
const alone = await measure([]);
const besideOne = await measure([hot]);
const besideMany = await measure(hotNumbers);
await clear();
await Promise.all([owner.end(), app.end(), graph.stop(), doorbell.close()]);
const row = (name: string, { p50, p95, jain }: Waits): string =>
  `| ${name} | ${Math.round(p50)} | ${Math.round(p95)} | ${(p95 / alone.p95).toFixed(2)} | ${jain.toFixed(3)} |`;
console.log(
  [
    `\n| ${OTHERS} merchants, ${EACH} messages each | p50 ms | p95 ms | of the baseline | Jain |`,
    '|---|---|---|---|---|',
    row('alone', alone),
    row(`beside one with ${HOT.toLocaleString('en')} of one number`, besideOne),
    row(`beside one with ${HOT.toLocaleString('en')} of ${HOT_NUMBERS} numbers`, besideMany),
  ].join('\n'),
);

/** Waits of the others' messages from their order to their POST. */
async function measure(busy: readonly Merchant[]): Promise<Waits> {
  await owner.query('truncate message, send_attempt, lane_ring, lane');
  await fetch(graphUrl, { method: 'DELETE' });
  await queueMessages(app, hot, WARM);
  for (const number of busy) await queueMessages(app, number, Math.floor(HOT / busy.length));
  await owner.query('analyze message');
  const worker = startNode(join(ROOT, 'dist/src/main.js'), [], environment);
  try {
    while ((await seen()).accepted < WARM) await delay(50);
    await delay(HEAD_START_MS);
    const orderedAt = new Map<string, number>();
    for (const one of others) {
      await queueMessages(app, one, EACH);
      orderedAt.set(one.phoneNumberId, Date.now());
      doorbell.ring();
    }
    for (;;) {
      const { came } = await seen();
      if (others.every(({ phoneNumberId }) => (came[phoneNumberId]?.length ?? 0) >= EACH)) {
        return waitsOf(came, orderedAt);
      }
      await delay(100);
    }
  } finally {
    await worker.stop();
  }
}

function waitsOf(came: Record<string, number[]>, orderedAt: ReadonlyMap<string, number>): Waits {
  const waits = [...orderedAt].map(([number, at]) => came[number]!.map((time) => Math.max(1, time - at)));
  const all = waits.flat().sort((a, b) => a - b);
  const means = waits.map((own) => own.reduce((sum, wait) => sum + wait, 0) / own.length);
  const sum = means.reduce((total, mean) => total + mean, 0);
  const squares = means.reduce((total, mean) => total + mean * mean, 0);
  return {
    p50: all[Math.floor(all.length * 0.5)]!,
    p95: all[Math.floor(all.length * 0.95)]!,
    jain: (sum * sum) / (means.length * squares),
  };
}

/** Numbers beside the merchant's first, of the same account. */
async function moreNumbers(merchant: Merchant, count: number): Promise<Merchant[]> {
  const { tenantId } = merchant;
  const numbers = Array.from({ length: count }, (_, n) => ({ tenantId, phoneNumberId: String(400_000_000_000 + n) }));
  await app.query('begin');
  await app.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
  await app.query(
    `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, throughput, created_at, updated_at)
     select tenant_id, added.id, account_id, '+' || added.id, throughput, now(), now()
     from phone_number, unnest($1::text[]) as added (id) where tenant_id = $2::uuid and phone_number_id = $3`,
    [numbers.map(({ phoneNumberId }) => phoneNumberId), tenantId, merchant.phoneNumberId],
  );
  await app.query('commit');
  return numbers;
}

async function seen(): Promise<{ accepted: number; came: Record<string, number[]> }> {
  return (await (await fetch(graphUrl)).json()) as { accepted: number; came: Record<string, number[]> };
}

async function clear(): Promise<void> {
  await owner.query(
    'truncate message, send_attempt, lane_ring, lane, tenant, whatsapp_account, phone_number, tenant_data_key',
  );
}
