/**
 * Status webhooks taken apart and merged into their messages by one worker, from the inbox to the message, with few and with many
 * messages stored: the cost of a status must not grow with the tables (performance.md).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startNode, ROOT } from '../scripts/child.ts';
import { join } from 'node:path';
import { statusWebhook } from './webhooks/load.ts';
import { applicationEnvironment } from './webhooks/servers.ts';

const STATUSES = Number(process.env.BENCH_STATUSES ?? 30_000);
const STORED = [20_000, 200_000];
const TENANT = randomUUID();
const PLACE = { wabaId: '100000000001', phoneNumberId: '200000000001' };
const PLATFORM = '00000000-0000-0000-0000-000000000000';

const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
await owner.connect();
const app = new pg.Client({ connectionString: process.env.DATABASE_URL });
await app.connect();
const rows: string[] = [];
for (const stored of STORED) {
  await clear();
  await seed(stored);
  const worker = startNode(join(ROOT, 'dist/src/main.js'), [], applicationEnvironment('worker', process.env));
  await until(`select exists (select from webhook_inbox where state = 'split') as yes`);
  const started = performance.now();
  const [before] = await ask<{ n: number }>(`select count(*)::int as n from webhook_event where state = 'processed'`);
  await until(
    `select not exists (select from webhook_inbox where state = 'pending') and not exists (select from webhook_event where state = 'pending') as yes`,
  );
  const seconds = (performance.now() - started) / 1000;
  await worker.stop();
  const [read] = await ask<{ n: number }>(`select count(*)::int as n from message where state = 'read'`, [], TENANT);
  if (read!.n !== STATUSES / 3) throw new Error(`${read!.n} messages are read, not ${STATUSES / 3}`);
  rows.push(
    `| ${stored.toLocaleString('en')} | ${Math.round((STATUSES - before!.n) / seconds).toLocaleString('en')} |`,
  );
  console.log(`${stored} messages stored: ${STATUSES} statuses in ${seconds.toFixed(1)} s`);
}
await clear();
await Promise.all([owner.end(), app.end()]);
console.log(['', '| messages stored | statuses merged a second |', '|---|---|', ...rows].join('\n'));

async function seed(stored: number): Promise<void> {
  await ask(
    `insert into tenant (id, name, country, timezone, currency, locale, created_at, updated_at) values ($1, 'Bench', 'IN', 'Asia/Kolkata', 'INR', 'en', now(), now())`,
    [TENANT],
  );
  await ask(`insert into tenant_directory (kind, key, tenant_id) values ('phone_number', $1, $2), ('waba', $3, $2)`, [
    PLACE.phoneNumberId,
    TENANT,
    PLACE.wabaId,
  ]);
  await ask(
    `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, state, wamid, attempt_no, next_at, created_at, updated_at)
     select $1, gen_random_uuid(), $2, 'OUTBOUND', 'phone', (919000000000 + n)::text, 'text', '{"type":"text","body":"Hello"}', 'automatic_answer', 'accepted', 'wamid.' || n, 1, now(), now(), now()
     from generate_series(1, $3::int) n`,
    [TENANT, PLACE.phoneNumberId, stored],
    TENANT,
  );
  await owner.query('analyze message');
  // Any messages of all, each with its three statuses far apart.
  const step = Math.floor(stored / (STATUSES / 3));
  const bodies: string[] = [];
  for (const status of ['sent', 'delivered', 'read'])
    for (let n = 0; n < STATUSES / 3; n++) bodies.push(statusWebhook(PLACE, `wamid.${1 + n * step}`, { status }));
  await app.query(
    `insert into webhook_inbox (received_at, sha256, raw) select now(), sha256(raw), raw from unnest($1::bytea[]) as body (raw)`,
    [bodies.map((body) => Buffer.from(body))],
  );
  await app.query(`insert into lane_ring (kind, key, due_at) values ('webhook-split', 'all', now())`);
}

async function clear(): Promise<void> {
  await owner.query('truncate webhook_inbox, webhook_event, lane_ring, lane, message, send_attempt');
  await ask(`delete from tenant_directory where key in ($1, $2)`, [PLACE.phoneNumberId, PLACE.wabaId]);
  await ask(`delete from tenant where name = 'Bench'`);
}

async function until(question: string): Promise<void> {
  for (let yes = false; !yes; yes = (await ask<{ yes: boolean }>(question))[0]!.yes) await delay(50);
}

async function ask<Row extends object>(text: string, parameters: unknown[] = [], scope = PLATFORM): Promise<Row[]> {
  await app.query('begin');
  await app.query(`select set_config('app.tenant_id', $1, true)`, [scope]);
  const { rows: answer } = await app.query(text, parameters);
  await app.query('commit');
  return answer as Row[];
}
