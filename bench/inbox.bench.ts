/**
 * The shared inbox over many messages: pages of the list (first, any, last), filters, counts, searches and pages of history, for who sees all, for
 * who sees one area, and for who sees his own conversations alone. Processor is the time that the backend spent on a processor for the read's
 * statements, planning among it (Linux tells): the database's answer without what else the machine did, while everything is in memory. Every fourth
 * read is explained with the same parameters: execution and planning are PostgreSQL's wall times, buffers the pages of 8 kB that were looked at.
 * BENCH_EXPLAIN=1 writes docs/inbox-explain.md.
 */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
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
const LABELS = [randomUUID(), randomUUID()] as const;
/** The conversation that has a fortieth of all messages. */
const LONG = '01900000-0000-7000-8000-00000bebc201';
const LONGEST = (MESSAGES / 40).toLocaleString('en');
/** Whose plans the page in docs shows: one a kind of read. */
const SHOWN = new Set([
  'ADMIN: list, any page',
  'SALES of an area: list of what is unread, any page',
  'SALES, own alone: list, any page',
  'SALES of an area: list of a label (3 % have it), any page',
  'ADMIN: counts',
  'ADMIN: search: a rare word',
  'SALES of an area: search: a word in 1 of 20 messages',
  `ADMIN: history of ${LONGEST}, before an instant`,
]);
interface Explained {
  readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

interface Asked {
  readonly text: string;
  readonly parameters: readonly unknown[];
}
/** Of one read: milliseconds, and pages. */
interface Cost {
  execution: number;
  planning: number;
  buffers: number;
}

let asked: Asked[] = [];
const unitOfWork = {
  sql: {
    async query<Row extends object>(text: string, given: readonly unknown[] = []): Promise<Row[]> {
      const parameters = [...given];
      asked.push({ text, parameters });
      return (await app.query<Row>(text, parameters)).rows;
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
const [{ pid: backend }] = (await app.query<{ pid: number }>('select pg_backend_pid() as pid')).rows as [
  { pid: number },
];
const { rows: instants } = await app.query<{ at: Date }>(
  'select created_at as at from message where tenant_id = $1 and thread_id = $2 and seq % 50 = 0',
  [tenantId, LONG],
);
const rows: string[] = [];
const plans = new Map<string, string>();
for (const [name, access] of CALLERS) {
  const list = (filter: ConversationFilter, cursor?: string, limit = PAGE): ReturnType<typeof lists.execute> =>
    lists.execute(new ListConversations(access, filter, limit, cursor));
  const cursors: (string | undefined)[] = [undefined];
  for (let page = await list({}, undefined, 10 * PAGE); page.nextCursor !== null;)
    page = await list({}, (cursors.push(page.nextCursor), page.nextCursor), 10 * PAGE);
  const some = (await list({}, undefined, 10 * PAGE)).data;
  const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)]!;
  const upTo = (n: number): number => Math.floor(Math.random() * n);
  const history = (threadId: string, seq?: bigint, instant?: Date): Promise<unknown> =>
    reader.stretch(threadId, { way: 'before', seq, instant, limit: 20 });
  for (const [what, once] of [
    ['list, first page', () => list({})],
    ['list, any page', () => list({}, any(cursors))],
    ['list, last pages', () => list({}, any(cursors.slice(-3)))],
    ['list, all statuses, any page', () => list({ status: 'all' }, any(cursors))],
    ['list of one number, any page', () => list({ phoneNumberId: '95' }, any(cursors))],
    ['list of what is unread, any page', () => list({ unread: true }, any(cursors))],
    ['list of owners, any page', () => list({ type: 'owner' }, any(cursors))],
    ['list of archived ones, any page', () => list({ status: 'archived' }, any(cursors))],
    ['list of mine, any page', () => list({ assigneeId: SELLER }, any(cursors))],
    ['list of nobody’s, any page', () => list({ assigneeId: null }, any(cursors))],
    ['list of a label (3 % have it), any page', () => list({ labelId: LABELS[0] }, any(cursors))],
    ['list of a label (1 in 1,000), any page', () => list({ labelId: LABELS[1] }, any(cursors))],
    ['counts', () => conversations.counts(access, undefined)],
    ['counts of one number', () => conversations.counts(access, '95')],
    ['search: a rare word', () => list({ q: `rare${1 + upTo(MESSAGES / 1000)}x` })],
    ['search: a word in 1 of 20 messages', () => list({ q: 'invoice' })],
    ['search: a word in 1 of 20 messages, any page', () => list({ q: 'invoice' }, any(cursors))],
    ['search: a word in 1 of 500 messages', () => list({ q: 'seldom' })],
    ['search: a word in every message', () => list({ q: 'order' })],
    ['search: one name', () => list({ q: `Customer ${THREADS - upTo(THREADS / 2)}` })],
    ['search: a name of all', () => list({ q: 'Customer' })],
    ['search: a number', () => list({ q: `+91 ${9_000_000_000 + upTo(THREADS)}` })],
    ['history, latest page', () => history(any(some).id)],
    [`history of ${LONGEST}, any page`, () => history(LONG, BigInt(upTo(MESSAGES)))],
    [`history of ${LONGEST}, before an instant`, () => history(LONG, undefined, any(instants).at)],
  ] as [string, () => Promise<unknown>][]) {
    const processor: number[] = [];
    const costs: Cost[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      asked = [];
      const before = await onProcessor();
      await once();
      processor.push((await onProcessor()) - before);
      if (round % 4 === 0) costs.push(await explain());
    }
    const at = (values: readonly number[], share: number): number =>
      [...values].sort((x, y) => x - y)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
    const of = (key: keyof Cost, share: number): number =>
      at(
        costs.map((cost) => cost[key]),
        share,
      );
    rows.push(
      `| ${name} | ${what} | ${at(processor, 0.5).toFixed(1)} | ${at(processor, 0.99).toFixed(1)} | ${of('execution', 0.5).toFixed(1)} | ${of('planning', 0.5).toFixed(1)} | ${of('buffers', 0.5)} | ${of('buffers', 1)} |`,
    );
    console.log(rows.at(-1));
    if (SHOWN.has(`${name}: ${what}`)) plans.set(`${name}: ${what}`, await explained());
  }
}
await app.query('rollback');
const inserts = await insertCosts();
const size = `${MESSAGES.toLocaleString('en')} messages in ${THREADS.toLocaleString('en')} conversations on ${NUMBERS} numbers, ${ROUNDS} reads each`;
const table = [
  '| who | what | processor, median ms | p99 ms | execution ms | planning ms | buffers, median | most |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
console.log(`\n${size}\n\n${table}\n\n${inserts}`);
if (process.env.BENCH_EXPLAIN)
  await writeFile(
    join(ROOT, 'docs/inbox-explain.md'),
    [
      '# How the inbox is read',
      `\`BENCH_EXPLAIN=1 npm run bench inbox\` writes this page: ${size}. Processor is what the backend spent on a processor for the read’s statements, planning among it; execution and planning are PostgreSQL’s own wall times, of a quarter of the reads; buffers are the pages of 8 kB that were looked at.`,
      table,
      inserts,
      '## Plans\n\nOf each read the statement that costs most; what the page shows of its 26 rows besides is looked up by their keys, and cut off here.',
      ...[...plans].map(([title, plan]) => `### ${title}\n\n\`\`\`\n${plan}\n\`\`\``),
    ].join('\n\n') + '\n',
  );
await Promise.all([owner.end(), app.end()]);

/** Milliseconds that the backend has spent on a processor. */
async function onProcessor(): Promise<number> {
  return Number((await readFile(`/proc/${backend}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;
}

/** What the database says of the statements that were asked last. */
async function explain(): Promise<Cost> {
  const cost: Cost = { execution: 0, planning: 0, buffers: 0 };
  for (const { text, parameters } of asked) {
    // The search asks the planner itself; what that takes is planning.
    if (text.startsWith('explain')) continue;
    const [answer] = (
      await app.query<{ 'QUERY PLAN': [Explained] }>(`explain (analyze, timing off, buffers, format json) ${text}`, [
        ...parameters,
      ])
    ).rows;
    const [{ Plan: plan, ...times }] = answer!['QUERY PLAN'];
    cost.execution += times['Execution Time'];
    cost.planning += times['Planning Time'];
    cost.buffers += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  }
  return cost;
}

/** The plan of the costliest statement that was asked last, without what a page looks up of its rows. */
async function explained(): Promise<string> {
  const texts: string[] = [];
  for (const { text, parameters } of asked.filter((one) => !/^explain|with ordinality as found/.test(one.text))) {
    const lines = await app.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, buffers, costs off, timing off) ${text}`,
      [...parameters],
    );
    texts.push(lines.rows.map((line) => line['QUERY PLAN']).join('\n'));
  }
  const pages = (text: string): number => Number(/shared hit=(\d+)/.exec(text)?.[1] ?? 0);
  const [costliest] = texts.sort((x, y) => pages(y) - pages(x));
  let node = '';
  return costliest!
    .split('\n')
    .filter((line, n) => {
      if (line.includes('(actual')) node = line;
      if (
        /^ *-> {2}(Result|Subquery Scan) |Heap Fetches: 0|Sort Method|Heap Blocks|Index Searches|^Planning|One-Time Filter|never executed/.test(
          line,
        )
      )
        return false;
      // What all took, and what each scan did.
      return !/^ *Buffers:/.test(line) || n === 1 || node.includes(' Scan');
    })
    .join('\n')
    .replaceAll(/NULLIF\(current_setting\([^)]*\), ''::text\)/g, 'current_tenant')
    .replaceAll(tenantId, '…');
}

/** What the index of what was said costs an insert of messages. */
async function insertCosts(): Promise<string> {
  const lines: string[] = [];
  for (const [what, prepare] of [
    ['without the index of what was said', 'drop index message_said'],
    ['with it', 'select 1'],
    ['with a pending list of 64 MB', 'alter index message_said set (gin_pending_list_limit = 65536)'],
    ['without a pending list', 'alter index message_said set (fastupdate = off)'],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      await owner.query('begin');
      await owner.query(prepare);
      await owner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
      const started = performance.now();
      // As an inbound batch of a lane is: a few rows a statement.
      for (let from = 1; from <= 20_000; from += 100)
        await owner.query(messages(`generate_series(${MESSAGES + from}, ${MESSAGES + from + 99})`), [tenantId]);
      times.push(performance.now() - started);
      await owner.query('rollback');
    }
    lines.push(`| ${what} | ${Math.round(times.sort((x, y) => x - y)[2]!)} |`);
  }
  return `| 20,000 messages are inserted, a hundred at a time | ms |\n|---|---|\n${lines.join('\n')}`;
}

/** Some words in common, one in a thousand rare. */
function messages(series: string): string {
  return `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, next_at, created_at, updated_at)
    select $1, ${id(3)}, '9' || (1 + n % ${THREADS}) % ${NUMBERS}, case n % 2 when 0 then 'INBOUND' else 'OUTBOUND' end, 'phone', '91', ${id(2, `case when n % 40 = 7 then 1 else 1 + n % ${THREADS} end`)}, 'text',
      jsonb_build_object('type', 'text', case n % 2 when 0 then 'text' else 'body' end,
        'Hello, your order ' || n || ' of ' || substr(md5(n::text), 1, 8) || case when abs(hashint8(n)) % 20 = 0 then ' and the invoice' else '' end
        || case when abs(hashint8(n)) % 500 = 3 then ' seldom' else '' end || case when n % 1000 = 0 then ' rare' || n / 1000 || 'x' else '' end),
      case n % 2 when 0 then 'received' else 'read' end, now(), now() - (${MESSAGES} - n) * interval '3 seconds', now() from ${series} n`;
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
  for (const [n, label] of LABELS.entries())
    await each(
      `insert into label (tenant_id, id, name, color, created_at) values ($1, $2, $3, '#ff0000', now())`,
      label,
      `label ${n}`,
    );
  await each(
    `insert into thread_label (tenant_id, thread_id, label_id) select $1::uuid, ${id(2)}, $2::uuid from generate_series(1, ${THREADS}) n where n % 33 = 0
     union all select $1::uuid, ${id(2)}, $3::uuid from generate_series(1, ${THREADS}) n where n % 1000 = 0`,
    ...LABELS,
  );
  await each(
    `insert into thread_participant (tenant_id, thread_id, user_id, added_at) select $1, ${id(2)}, $2, now() from generate_series(5, ${THREADS}, 100) n`,
    SELLER,
  );
  const [said] = (await owner.query<{ made: string }>(`select pg_get_indexdef('message_said'::regclass) as made`)).rows;
  await owner.query('drop index message_said');
  await each(messages(`generate_series(1, ${MESSAGES})`));
  await owner.query(said!.made);
  await owner.query('commit');
  await owner.query('vacuum analyze');
}
