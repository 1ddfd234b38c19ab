/**
 * The shared inbox over many messages: pages of the list (first, hundredth, last), counts, searches and pages of history, for who sees all, for
 * who sees one area, and for who sees his own conversations alone. Times are of the database's answers, on one connection of the application's
 * role under row security; plans go to docs/inbox-explain.md when BENCH_EXPLAIN is set.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { ROOT } from '../scripts/child.ts';
import type { TenantId } from '../src/kernel/ids.js';
import type { ConversationFilter } from '../src/modules/conversations/application/conversations.js';
import type { Queries } from '../src/platform/cqrs/commands.js';
import type { TenantScope } from '../src/platform/database/tenant-scope.js';
import type { UnitOfWork } from '../src/platform/database/unit-of-work.js';

const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 2_000_000);
const THREADS = Number(process.env.BENCH_THREADS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
const NUMBERS = 20;
const PAGE = 25;

/** What is measured is the application's own code, as it was built; its types stand in the sources. */
const load = (path: string): Promise<unknown> => import(join(ROOT, process.env.BENCH_DIST ?? 'dist/src', path));
const { InboxAccess } = (await load('kernel/inbox-access.js')) as typeof import('../src/kernel/inbox-access.js');
const { SqlConversations } = (await load(
  'modules/conversations/infrastructure/inbox/sql-conversations.js',
)) as typeof import('../src/modules/conversations/infrastructure/inbox/sql-conversations.js');
const { ListConversations, ListConversationsHandler } = (await load(
  'modules/conversations/application/list-conversations.js',
)) as typeof import('../src/modules/conversations/application/list-conversations.js');
const { MessageReader } = (await load(
  'modules/conversations/application/messages/message-reader.js',
)) as typeof import('../src/modules/conversations/application/messages/message-reader.js');

const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
const app = new pg.Client({ connectionString: process.env.DATABASE_URL });
await Promise.all([owner.connect(), app.connect()]);
const tenantId = randomUUID() as TenantId;
const AREA = randomUUID();
const SELLER = randomUUID();

let asked: { text: string; parameters: unknown[]; ms: number }[] = [];
const unitOfWork = {
  sql: {
    async query<Row extends object>(text: string, given: readonly unknown[] = []): Promise<Row[]> {
      const parameters = [...given];
      const started = performance.now();
      const { rows: found } = await app.query<Row>(text, parameters);
      asked.push({ text, parameters, ms: performance.now() - started });
      return found;
    },
  },
} as UnitOfWork;
const scope = { tenantId } as TenantScope;
const conversations = new SqlConversations(unitOfWork, scope);
const lists = new ListConversationsHandler(conversations, unitOfWork, scope, { now: () => new Date() });
const reader = new MessageReader(unitOfWork, scope, {} as Queries);

await seed();
await app.query('begin');
await app.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
const CALLERS: [string, ReturnType<typeof InboxAccess.of>][] = [
  ['ADMIN', InboxAccess.of({ role: 'ADMIN', userId: randomUUID(), areas: [] })],
  ['SALES of an area', InboxAccess.of({ role: 'SALES', userId: SELLER, areas: [AREA] })],
  ['SALES, own alone', InboxAccess.of({ role: 'SALES', userId: SELLER, areas: [AREA], salesAssignedOnly: true })],
];
const rows: string[] = [];
const plans: string[] = [];
for (const [name, access] of CALLERS) {
  const list = (filter: ConversationFilter, cursor?: string): ReturnType<typeof lists.execute> =>
    lists.execute(new ListConversations(access, filter, PAGE, cursor));
  const cursors: (string | undefined)[] = [undefined];
  for (let page = await list({}); page.nextCursor !== null; page = await list({}, page.nextCursor))
    cursors.push(page.nextCursor);
  const some = (await list({})).data;
  const history = async (threadId: string): Promise<void> => {
    const [first] = await reader.stretch(threadId, { way: 'before', limit: 20 });
    await reader.stretch(threadId, { way: 'before', seq: first?.seq, limit: 20 });
  };
  for (const [what, once] of [
    ['list, first page', () => list({})],
    ['list, page 100', () => list({}, cursors[Math.min(99, cursors.length - 1)])],
    ['list, last page', () => list({}, cursors.at(-1))],
    ['list of what is unread', () => list({ unread: true })],
    ['list of owners', () => list({ type: 'owner' })],
    ['list of archived ones', () => list({ status: 'archived' })],
    ['counts', () => conversations.counts(access, undefined)],
    ['search: a rare word', () => list({ q: `rare${1 + Math.floor(Math.random() * 1000)}x` })],
    ['search: a common word', () => list({ q: 'invoice' })],
    ['search: a name', () => list({ q: `Customer ${1 + Math.floor(Math.random() * THREADS)}` })],
    ['search: a number', () => list({ q: `+91 ${9_000_000_000 + Math.floor(Math.random() * THREADS)}` })],
    ['history, two pages', () => history(some[Math.floor(Math.random() * some.length)]!.id)],
  ] as [string, () => Promise<unknown>][]) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      asked = [];
      await once();
      times.push(asked.reduce((sum, { ms }) => sum + ms, 0));
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1);
    rows.push(`| ${name} | ${what} | ${at(0.5)} | ${at(0.99)} |`);
    console.log(rows.at(-1));
    if (process.env.BENCH_EXPLAIN) plans.push(await explained(`${name}: ${what}`));
  }
}
await app.query('rollback');
const inserts = await insertCosts();
const size = `${MESSAGES.toLocaleString('en')} messages in ${THREADS.toLocaleString('en')} conversations on ${NUMBERS} numbers`;
const table = ['| who | what | median ms | p99 ms |', '|---|---|---|---|', ...rows].join('\n');
console.log(`\n${size}\n\n${table}\n\n${inserts}`);
if (process.env.BENCH_EXPLAIN)
  await writeFile(
    join(ROOT, 'docs/inbox-explain.md'),
    `# How the inbox is read\n\n\`npm run bench inbox\` with \`BENCH_EXPLAIN=1\` writes this page: ${size}. Times of the database's answers.\n\n${table}\n\n${inserts}\n\n${plans.join('\n')}`,
  );
await Promise.all([owner.end(), app.end()]);

/** The plan of the costliest statement that was asked last. */
async function explained(title: string): Promise<string> {
  const [costliest] = [...asked].sort((a, b) => b.ms - a.ms);
  const { rows: lines } = await app.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, buffers, costs off) ${costliest!.text}`,
    costliest!.parameters,
  );
  return `## ${title}\n\n\`\`\`\n${lines.map((line) => line['QUERY PLAN']).join('\n')}\n\`\`\`\n`;
}

/** What the index of what was said costs an insert of messages: with it, and without. */
async function insertCosts(): Promise<string> {
  const times: number[] = [];
  for (const prepare of ['select 1', 'drop index message_said']) {
    await owner.query('begin');
    await owner.query(prepare);
    await owner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    const started = performance.now();
    await owner.query(messages(`generate_series(${MESSAGES + 1}, ${MESSAGES + 20_000})`), [tenantId]);
    times.push(performance.now() - started);
    await owner.query('rollback');
  }
  const [withIt, without] = times as [number, number];
  return `20,000 messages are inserted in ${Math.round(withIt)} ms with the index of what was said, in ${Math.round(without)} ms without it.`;
}

/** Some words in common, one in a thousand rare. */
function messages(series: string): string {
  return `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, next_at, created_at, updated_at)
    select $1, ${id(3)}, '9' || (1 + n % ${THREADS}) % ${NUMBERS}, case n % 2 when 0 then 'INBOUND' else 'OUTBOUND' end, 'phone', '91', ${id(2, `1 + n % ${THREADS}`)}, 'text',
      jsonb_build_object('type', 'text', case n % 2 when 0 then 'text' else 'body' end,
        'Hello, your order ' || n || ' of ' || substr(md5(n::text), 1, 8) || case when n % 20 = 0 then ' and the invoice' else '' end
        || case when n % 1000 = 0 then ' rare' || n / 1000 || 'x' else '' end),
      case n % 2 when 0 then 'received' else 'read' end, now(), now(), now() from ${series} n`;
}

/** Ids in the order of their making, as UUIDv7 are. */
function id(kind: number, n = 'n'): string {
  return `('01900000-0000-7000-8000-' || lpad(to_hex(${kind}::bigint * 100000000 + (${n})), 12, '0'))::uuid`;
}

async function seed(): Promise<void> {
  await owner.query('begin');
  await owner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
  const each = (text: string, ...parameters: unknown[]): Promise<unknown> =>
    owner.query(text, [tenantId, ...parameters]);
  await each(
    `insert into tenant (id, name, country, timezone, currency, locale, created_at, updated_at) values ($1, 'Bench', 'IN', 'Asia/Kolkata', 'INR', 'en', now(), now())`,
  );
  await each(
    `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
     values ($1, $2, '1', 'connected', 'COMPLETED', now(), now())`,
    randomUUID(),
  );
  await each(`insert into area (tenant_id, id, name, created_at) values ($1, $2, 'athens', now())`, AREA);
  // A fifth of the numbers is of the area.
  await each(
    `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at)
     select $1, '9' || n, (select id from whatsapp_account where tenant_id = $1 limit 1), '+91' || n, case when n % 5 = 0 then $2::uuid end, now(), now()
     from generate_series(0, ${NUMBERS - 1}) n`,
    AREA,
  );
  await each(`insert into contact (tenant_id, id, name, last_seen_at, created_at, updated_at)
    select $1, ${id(1)}, 'Customer ' || n, now(), now(), now() from generate_series(1, ${THREADS}) n`);
  await each(`insert into contact_identity (tenant_id, kind, value, contact_id, created_at)
    select $1, 'phone', '+91' || (9000000000 + n), ${id(1)}, now() from generate_series(1, ${THREADS}) n`);
  await each(
    `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, type, status, unread_count, last_message_at, last_inbound_at, last_message_direction, last_message_preview, created_at, updated_at)
     select $1, ${id(2)}, '9' || n % ${NUMBERS}, ${id(1)}, case when n % 50 = 0 then $2::uuid end, case n % 10 when 0 then 'owner' else 'guest' end,
       case when n % 100 = 1 then 'archived' else 'active' end, case when n % 30 = 0 then 2 else 0 end, now() - n * interval '7 seconds', now() - n * interval '7 seconds', 'INBOUND', 'Hello', now(), now()
     from generate_series(1, ${THREADS}) n`,
    SELLER,
  );
  await owner.query('drop index message_said');
  await each(messages(`generate_series(1, ${MESSAGES})`));
  await owner.query('create index message_said on message using gin (said gin_trgm_ops) where said is not null');
  await owner.query('commit');
  await owner.query('vacuum analyze');
}
