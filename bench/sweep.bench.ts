/**
 * The sweep: reminders that are due decided on and handed to messaging by one worker of the whole application, with few and with many
 * reminders stored (performance.md). Each is sent: all gates are asked, a decision and a message are written. Nobody posts meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ROOT, startNode } from '../scripts/child.ts';
import { seedMerchants, type Merchant } from './sending/merchants.ts';
import { applicationEnvironment } from './webhooks/servers.ts';

const DUE = Number(process.env.BENCH_DUE ?? 100_000);
const STORED = (process.env.BENCH_STORED ?? '100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
const app = new pg.Client({ connectionString: process.env.DATABASE_URL });
await Promise.all([owner.connect(), app.connect()]);
const rows: string[] = [];
for (const stored of STORED) {
  await clear();
  const [merchant] = (await seedMerchants(1, 1000, applicationEnvironment('worker', process.env))) as [Merchant];
  await seed(merchant, stored);
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await makeDue(merchant);
    times.push(await sweep(merchant));
    console.log(`${stored} stored, round ${round}: ${DUE} decided and queued in ${times.at(-1)!.toFixed(2)} s`);
  }
  times.sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)]!;
  rows.push(
    `| ${stored.toLocaleString('en')} | ${middle.toFixed(2)} | ${Math.round(DUE / middle).toLocaleString('en')} |`,
  );
}
await clear();
await Promise.all([owner.end(), app.end()]);
console.log(
  ['', `| reminders stored | seconds for ${DUE.toLocaleString('en')} due | a second |`, '|---|---|---|', ...rows].join(
    '\n',
  ),
);

/** From the ring to the last reminder queued, in a worker that runs already. */
async function sweep(merchant: Merchant): Promise<number> {
  const worker = startNode(join(ROOT, 'dist/src/main.js'), [], applicationEnvironment('worker', process.env));
  await until(
    `select exists (select from pg_stat_activity where application_name = 'nodue-background') as yes`,
    merchant,
  );
  await delay(2000);
  const started = performance.now();
  await ask(
    `insert into lane_ring (kind, key, tenant_id, due_at) values ('reminders', $1::text, $1::uuid, now())`,
    merchant,
    [merchant.tenantId],
  );
  await until(
    `select not exists (select from reminder where tenant_id = '${merchant.tenantId}' and status in ('pending', 'rescheduled') and scheduled_for <= now()) as yes`,
    merchant,
  );
  const seconds = (performance.now() - started) / 1000;
  await worker.stop();
  const [queued] = await ask<{ n: number }>(
    `select count(*)::int as n from reminder r join message m on m.tenant_id = r.tenant_id and m.id = r.message_id where r.status = 'queued'`,
    merchant,
  );
  if (queued!.n !== DUE) throw new Error(`${queued!.n} reminders are queued, not ${DUE}`);
  return seconds;
}

/** A customer and a due a reminder. */
async function seed(merchant: Merchant, stored: number): Promise<void> {
  const parameters = [merchant.tenantId, stored];
  // Ids in the order of their making, as UUIDv7 are.
  const id = (kind: number): string => `lpad(to_hex(${kind}::bigint * 100000000 + n), 12, '0')`;
  const uuid = (kind: number): string => `('01900000-0000-7000-8000-' || ${id(kind)})::uuid`;
  const each = (statement: string): Promise<unknown> => ask(statement, merchant, parameters);
  await each(`insert into contact (tenant_id, id, name, created_at, updated_at)
    select $1, ${uuid(1)}, 'Customer ' || n, now(), now() from generate_series(1, $2::int) n`);
  await each(`insert into contact_identity (tenant_id, kind, value, contact_id, created_at)
    select $1, 'phone', '+91' || (9000000000 + n), ${uuid(1)}, now() from generate_series(1, $2::int) n`);
  await each(`insert into customer (tenant_id, id, currency, balance_minor, created_at, updated_at)
    select $1, ${uuid(1)}, 'INR', 500000, now(), now() from generate_series(1, $2::int) n`);
  await each(`insert into due (tenant_id, id, customer_id, amount_minor, currency, due_date, created_at, updated_at)
    select $1, ${uuid(2)}, ${uuid(1)}, 500000, 'INR', current_date + 3, now(), now() from generate_series(1, $2::int) n`);
  await each(`insert into reminder (tenant_id, id, customer_id, due_id, kind, stage, step, local_date, planned_for, scheduled_for, status, source, created_at, updated_at)
    select $1, ${uuid(3)}, ${uuid(1)}, ${uuid(2)}, 'PAYMENT_DUE', 'before_due', 3, current_date, now(), now() + interval '30 days', 'pending', 'auto', now(), now()
    from generate_series(1, $2::int) n`);
  // At any hour of the day that somebody measures.
  await ask(
    `insert into contact_policy (tenant_id, version, allowed_from, allowed_until, weekdays, holidays, late_after_minutes, updated_at)
     values ($1, 1, '00:00', '24:00', '{1,2,3,4,5,6,7}', '{}', 720, now())`,
    merchant,
    [merchant.tenantId],
  );
  // Somebody else has the number's lane, so that nothing is posted.
  await ask(
    `insert into lane (kind, key, tenant_id, due_at, drain_token, lease_until) values ('whatsapp-send-queue', $1, $2, now(), $3, now() + interval '1 day')`,
    merchant,
    [merchant.phoneNumberId, merchant.tenantId, randomUUID()],
  );
  await owner.query('vacuum analyze');
}

/** Any reminders of all are due now, those of the last round among them. */
async function makeDue(merchant: Merchant): Promise<void> {
  await owner.query('truncate message, send_attempt, reminder_decision cascade');
  await ask(
    `update reminder set status = 'pending', scheduled_for = now() + interval '30 days', queued_at = null, message_id = null where status <> 'pending'`,
    merchant,
  );
  await ask(
    `update reminder set scheduled_for = now() where id in (
       select id from (select id, row_number() over (order by id) as n, count(*) over () as of from reminder) r where n % (of / $1) = 0 limit $1)`,
    merchant,
    [DUE],
  );
  await owner.query('vacuum analyze reminder');
}

async function clear(): Promise<void> {
  await owner.query(
    'truncate lane_ring, lane, message, send_attempt, reminder_decision, reminder, due, customer, contact_identity, contact, contact_policy, phone_number, whatsapp_account, tenant_directory, tenant_data_key, tenant cascade',
  );
}

async function until(question: string, merchant: Merchant): Promise<void> {
  for (let yes = false; !yes; yes = (await ask<{ yes: boolean }>(question, merchant))[0]!.yes) await delay(50);
}

async function ask<Row extends object>(text: string, merchant: Merchant, parameters: unknown[] = []): Promise<Row[]> {
  await app.query('begin');
  await app.query(`select set_config('app.tenant_id', $1, true)`, [merchant.tenantId]);
  const { rows: answer } = await app.query(text, parameters);
  await app.query('commit');
  return answer as Row[];
}
