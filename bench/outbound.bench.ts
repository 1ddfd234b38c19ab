/**
 * Sending: one worker of the whole application beside the raw POST ceiling of one process and beside the loop that claims, POSTs and
 * settles one message after another, in the same run (performance.md). Then one merchant with many messages beside many with one.
 * The tables go into docs/benchmarks.md by hand, with what limits them.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { ROOT, startNode } from '../scripts/child.ts';
import { type Merchant, queueMessages, seedMerchants } from './sending/merchants.ts';
import { applicationEnvironment, startServer } from './webhooks/servers.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 30_000);
const MERCHANTS = Number(process.env.BENCH_MERCHANTS ?? 10_000);
/** Meta's highest tier, and one that limits nothing. */
const THROUGHPUT = { highest: 1000, unlimited: 1_000_000 };
const PAYLOAD = JSON.stringify({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: '919000000001',
  type: 'text',
  text: { body: 'Your payment of 5,000 is due today.' },
  biz_opaque_callback_data: `v1.${'0'.repeat(36)}.1.abcdefghijkl`,
});

const graph = await startServer('bench/sending/graph-stand-in.ts', [], process.env);
const graphUrl = `http://127.0.0.1:${graph.port}`;
const environment = { ...applicationEnvironment('worker', process.env), WHATSAPP_GRAPH_URL: graphUrl };
const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
const app = new pg.Client({ connectionString: process.env.DATABASE_URL });
await Promise.all([owner.connect(), app.connect()]);

const rates = { raw: [] as number[], loop: [] as number[], lane: [] as number[] };
await clear();
const [merchant] = (await seedMerchants(1, THROUGHPUT.unlimited, environment)) as [Merchant];
for (let round = 1; round <= ROUNDS; round++) {
  rates.raw.push(await rawCeiling());
  rates.loop.push(await oneAfterAnother(merchant));
  await clearMessages();
  rates.lane.push(MESSAGES / (await sendAll([merchant], MESSAGES)));
  await clearMessages();
  console.log(
    `round ${round}: raw ${Math.round(rates.raw.at(-1)!)}/s, loop ${Math.round(rates.loop.at(-1)!)}/s, lane ${Math.round(rates.lane.at(-1)!)}/s`,
  );
}
const tables = [table()];
if (MERCHANTS > 0) tables.push(await spread());
await clear();
await Promise.all([owner.end(), app.end(), graph.stop()]);
console.log(`\n${tables.join('\n\n')}`);
/** What one process can POST and read at most, 64 at a time. */
async function rawCeiling(): Promise<number> {
  const pool = new Pool(graphUrl, { connections: 64, pipelining: 1 });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer mock_token' };
  let left = MESSAGES;
  const started = performance.now();
  const post = async (): Promise<void> => {
    while (left-- > 0)
      await (
        await pool.request({ method: 'POST', path: '/v24.0/300000000000/messages', headers, body: PAYLOAD })
      ).body.json();
  };
  await Promise.all(Array.from({ length: 64 }, post));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  await seenByGraph('DELETE');
  return MESSAGES / seconds;
}

/** The sender of the source documents: look, claim, POST, write down, for one message after another. */
async function oneAfterAnother(one: Merchant): Promise<number> {
  const count = Math.min(MESSAGES, 1500);
  await queueMessages(app, one, count);
  const pool = new Pool(graphUrl, { connections: 1, pipelining: 1 });
  const inScope = async (text: string, parameters: unknown[]): Promise<{ id: string }[]> => {
    await app.query('begin');
    await app.query(`select set_config('app.tenant_id', $1, true)`, [one.tenantId]);
    const { rows } = await app.query<{ id: string }>(text, parameters);
    await app.query('commit');
    return rows;
  };
  const started = performance.now();
  for (let n = 0; n < count; n++) {
    const [next] = await inScope(
      `select id from message where tenant_id = $1 and phone_number_id = $2 and state = 'queued' order by priority, seq limit 1`,
      [one.tenantId, one.phoneNumberId],
    );
    await inScope(
      `update message set state = 'sending', attempt_no = attempt_no + 1 where tenant_id = $1 and id = $2`,
      [one.tenantId, next!.id],
    );
    const answer = await pool.request({ method: 'POST', path: '/v24.0/300000000000/messages', body: PAYLOAD });
    const { messages } = (await answer.body.json()) as { messages: { id: string }[] };
    await inScope(`update message set state = 'accepted', wamid = $3 where tenant_id = $1 and id = $2`, [
      one.tenantId,
      next!.id,
      messages[0]!.id,
    ]);
    await inScope(
      `insert into send_attempt (tenant_id, message_id, attempt_no, started_at, outcome) values ($1, $2, 1, now(), 'accepted')`,
      [one.tenantId, next!.id],
    );
  }
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  await seenByGraph('DELETE');
  return count / seconds;
}

/** @returns seconds from the first POST to the last outcome written down */
async function sendAll(merchants: readonly Merchant[], each: number): Promise<number> {
  for (const one of merchants) await queueMessages(app, one, each);
  await owner.query('analyze message');
  await owner.query('checkpoint').catch(() => undefined);
  const worker = startNode(join(ROOT, 'dist/src/main.js'), [], environment);
  const total = merchants.length * each;
  let { accepted, secondsSinceFirst } = await seenByGraph('GET');
  while (accepted < total || !(await lanesAreEmpty())) {
    await delay(20);
    ({ accepted, secondsSinceFirst } = await seenByGraph('GET'));
  }
  await worker.stop();
  await seenByGraph('DELETE');
  if (accepted !== total) throw new Error(`${accepted} POSTs for ${total} messages`);
  return secondsSinceFirst;
}

async function spread(): Promise<string> {
  await clear();
  const many = await seedMerchants(MERCHANTS, THROUGHPUT.highest, environment);
  const rows: string[] = [];
  const manySeconds = await sendAll(many, 1);
  await clearMessages();
  const oneSeconds = await sendAll(many.slice(0, 1), MERCHANTS);
  rows.push(
    `| 1 merchant, ${MERCHANTS.toLocaleString('en')} messages, ${THROUGHPUT.highest} a second | ${oneSeconds.toFixed(1)} |`,
  );
  rows.push(`| ${MERCHANTS.toLocaleString('en')} merchants, 1 message each | ${manySeconds.toFixed(1)} |`);
  return ['| who | seconds |', '|---|---|', ...rows].join('\n');
}

function table(): string {
  const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const row = (name: string, values: number[]): string =>
    `| ${name} | ${Math.round(median(values)).toLocaleString('en')} | ${Math.round((100 * median(values)) / median(rates.raw))} % | ${(median(values) / median(rates.loop)).toFixed(1)} |`;
  return [
    '| sender | messages a second | of the raw ceiling | times the loop |',
    '|---|---|---|---|',
    row('raw POSTs, 64 at a time, nothing stored', rates.raw),
    row('one after another, four statements each', rates.loop),
    row('NoDue, ROLE=worker', rates.lane),
  ].join('\n');
}

/** A lane's row goes when its drain has written down all outcomes. */
async function lanesAreEmpty(): Promise<boolean> {
  const { rows } = await app.query<{ empty: boolean }>(
    `select not exists (select from lane) and not exists (select from lane_ring) as empty`,
  );
  return rows[0]!.empty;
}

async function seenByGraph(method: 'GET' | 'DELETE'): Promise<{ accepted: number; secondsSinceFirst: number }> {
  return (await (await fetch(graphUrl, { method })).json()) as { accepted: number; secondsSinceFirst: number };
}

async function clearMessages(): Promise<void> {
  await owner.query('truncate message, send_attempt, lane_ring, lane');
}

async function clear(): Promise<void> {
  await owner.query(
    'truncate message, send_attempt, lane_ring, lane, tenant, whatsapp_account, phone_number, tenant_data_key',
  );
}
