import pg from 'pg';
import type { TenantId } from '../../src/kernel/ids.js';
import { newId } from '../../src/kernel/ids.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox, NUMBER } from './inbox.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}
interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Of each large table. */
const ROWS = 6000;
const BATCH = 1000;
/** Tables that grow with what is said; those of settings have a page or two. */
const LARGE: ReadonlySet<string | undefined> = new Set(['thread', 'message', 'contact', 'contact_identity']);

describe('What the inbox reads rides indexes, however much is stored (S1.92, S1.93, S1.103)', () => {
  let inbox: Inbox;
  let merchant: { tenantId: TenantId; apiKey: string };
  let threadId: string;
  let messageId: string;
  const asked: Statement[] = [];

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
    threadId = await inbox.arrive(merchant.tenantId, inbox.message({ waId: '919800000000' }, 'hello'));
    const sql = (text: string, ...values: unknown[]): Promise<object[]> =>
      inbox.sql(merchant.tenantId, text, [merchant.tenantId, ...values]);
    for (let from = 1; from < ROWS; from += BATCH) {
      const some = `generate_series(${from}, ${from + BATCH - 1}) n`;
      await sql(
        `with planted as (
           insert into thread (tenant_id, id, phone_number_id, contact_id, unread_count, last_message_at, last_inbound_at, last_message_direction, last_message_preview, created_at, updated_at)
           select $1::uuid, gen_random_uuid(), n % 4, gen_random_uuid(), n % 3, '2026-11-20T00:00:00Z'::timestamptz + make_interval(secs => n), '2026-11-20T00:00:00Z', 'INBOUND', '', now(), now()
           from ${some} returning contact_id),
         named as (
           insert into contact (tenant_id, id, name, created_at, updated_at) select $1::uuid, contact_id, 'Somebody', now(), now() from planted returning id)
         insert into contact_identity (tenant_id, kind, value, contact_id, created_at) select $1::uuid, 'wa_id', id::text, id, now() from named`,
      );
      await sql(
        `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, wamid, next_at, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), $2, case n % 2 when 0 then 'INBOUND' else 'OUTBOUND' end, 'phone', '91', case when n % 10 = 0 then $3::uuid else gen_random_uuid() end,
           'image', '{}', 'read', 'wamid.many.' || n, now(), now(), now() from ${some}`,
        NUMBER,
        threadId,
      );
    }
    const [first] = (await sql(
      'select id from message where tenant_id = $1::uuid and wamid = $2',
      'wamid.many.10',
    )) as [{ id: string }];
    messageId = first.id;
    await analyze();
    watch(inbox.get(UnitOfWork), asked);
  });
  afterAll(() => inbox.close());

  /** What the planner knows after a while anyway. */
  async function analyze(): Promise<void> {
    const [{ name }] = (await inbox.sql<{ name: string }>(merchant.tenantId, 'select current_database() as name')) as [
      { name: string },
    ];
    const superuser = new URL(process.env['NODUE_TEST_SUPERUSER_URL'] ?? '');
    superuser.pathname = name;
    const client = new pg.Client({ connectionString: superuser.href });
    await client.connect();
    await client.query('analyze thread, message, contact, contact_identity');
    await client.end();
  }

  /** Which large tables the request's statements read from one end to the other. */
  const readWhole = async (path: string): Promise<string[]> => {
    asked.length = 0;
    const { status } = await inbox.call('GET', path, merchant.apiKey);
    expect({ path, status }).toEqual({ path, status: 200 });
    const statements = asked.filter(({ text }) => /^\s*(select|with)/i.test(text));
    expect(statements.length).toBeGreaterThan(0);
    const plans = await Promise.all(
      statements.map(async ({ text, parameters }) => {
        const [row] = await inbox.sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
          merchant.tenantId,
          `explain (format json) ${text}`,
          [...parameters],
        );
        return row!['QUERY PLAN'][0].Plan;
      }),
    );
    return plans
      .flatMap(nodesOf)
      .filter((node) => node['Node Type'] === 'Seq Scan' && LARGE.has(node['Relation Name']))
      .map((node) => node['Relation Name']!);
  };

  it.each([
    ['the list', () => '/v1/conversations'],
    ['the list of a number', () => '/v1/conversations?phoneNumberId=1'],
    ['what is unread', () => '/v1/conversations?unread=true'],
    ['what is archived', () => '/v1/conversations?status=archived'],
    ['what is nobody’s', () => '/v1/conversations?assignee=none'],
    ['one conversation', () => `/v1/conversations/${threadId}`],
    ['its messages', () => `/v1/conversations/${threadId}/messages`],
    ['its messages before one', () => `/v1/conversations/${threadId}/messages?beforeMessageId=${messageId}`],
    ['one message', () => `/v1/messages/${messageId}`],
    ['all messages', () => '/v1/messages'],
  ])('%s', async (_, path) => {
    expect(await readWhole(path())).toEqual([]);
  });

  it('a message by WhatsApp’s id, which is unique of a number', async () => {
    const [row] = await inbox.sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      merchant.tenantId,
      `explain (format json) select id from message where tenant_id = $1::uuid and phone_number_id = $2 and wamid = $3`,
      [merchant.tenantId, NUMBER, 'wamid.many.7'],
    );
    expect(nodesOf(row!['QUERY PLAN'][0].Plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    const again = inbox.sql(
      merchant.tenantId,
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, state, wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'INBOUND', 'phone', '91', 'text', '{}', 'received', 'wamid.many.7', now(), now(), now())`,
      [merchant.tenantId, newId(), NUMBER],
    );
    await expect(again).rejects.toMatchObject({ code: '23505' });
  });
});

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Notes each statement on its way to the database. */
function watch(unitOfWork: UnitOfWork, seen: Statement[]): void {
  Object.defineProperty(unitOfWork, 'sql', {
    get: () => {
      const sql = Reflect.get(UnitOfWork.prototype, 'sql', unitOfWork);
      return {
        query: (text: string, parameters: readonly unknown[] = []) => {
          seen.push({ text, parameters });
          return sql.query(text, parameters);
        },
      };
    },
  });
}
