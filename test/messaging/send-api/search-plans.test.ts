import pg from 'pg';
import { InboxAccess } from '../../../src/kernel/inbox-access.js';
import type { TenantId } from '../../../src/kernel/ids.js';
import { ListMessages, type MessageFilter } from '../../../src/modules/messaging/application/outbound/list-messages.js';
import { Queries } from '../../../src/platform/cqrs/commands.js';
import type { SqlExecutor } from '../../../src/platform/database/pools.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { Inbox } from '../../conversations/inbox.js';
import type { TestDatabase } from '../../setup/database.js';

/** Statements as they are sent, with their parameters. */
const asked: { text: string; parameters: readonly unknown[] }[] = [];

describe('The search for messages rides an index, under row security, among fifty thousand', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ tenantId: tenant } = await inbox.merchant());
    for (let from = 1; from < 50_000; from += 5000)
      await inbox.sql(
        tenant,
        `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, priority, idempotency_key, template_key, state, next_at, created_at, updated_at)
       select $1::uuid, (lpad(to_hex((extract(epoch from now() - interval '100 days') * 1000)::bigint + n::bigint * 172800), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
         '1', 'OUTBOUND', 'phone', (919000000000 + n % 5000)::text, 'text', jsonb_build_object('type', 'text', 'body', 'Order ' || n || ' is packed'), 'order_update', 1, 'key-' || n,
         case when n % 500 = 0 then 'tmpl_ab12cd34' end, case when n % 5000 = 0 then 'failed' else 'read' end, now(), now() - interval '100 days' + n * interval '172.8 seconds', now()
       from generate_series($2::int, $2::int + 4999) n`,
        [tenant, from],
      );
    const { database } = inbox as unknown as { database: TestDatabase };
    const owner = new pg.Client({ connectionString: database.databaseOwnerUrl });
    await owner.connect();
    await owner.query('analyze message');
    await owner.end();
    listen(inbox.get(UnitOfWork));
  }, 60_000);
  afterAll(() => inbox.close());

  const planOf = async (filter: MessageFilter): Promise<{ plan: string; found: number }> => {
    asked.length = 0;
    const access = InboxAccess.of({ areas: 'all' });
    const { data } = await inbox.in(tenant, () =>
      inbox.get(Queries).execute(new ListMessages(access, filter, 25, undefined)),
    );
    const { text, parameters } = asked.find((one) => one.text.includes('from message m'))!;
    const rows = await inbox.sql<{ 'QUERY PLAN': string }>(tenant, `explain (analyze, timing off) ${text}`, [
      ...parameters,
    ]);
    return { plan: rows.map((row) => row['QUERY PLAN']).join('\n'), found: data.length };
  };

  it.each<[string, MessageFilter, string, number]>([
    ['nothing', {}, 'message_pkey', 25],
    ['the customer', { to: '919000000007' }, 'message_to', 10],
    ['the business key', { idempotencyKey: 'key-77' }, 'message_idempotency_key', 1],
    ['the step', { templateKey: 'tmpl_ab12cd34' }, 'message_of_step', 25],
    ['its words', { q: 'order 4711 ' }, 'message_said', 1],
    ['its failure', { status: 'failed' }, 'message_astray', 10],
  ])('asked for %s', async (_, filter, index, found) => {
    const answer = await planOf(filter);
    expect(answer).toMatchObject({ found, plan: expect.stringContaining(index) });
    expect(answer.plan).not.toContain('Seq Scan on message');
  });

  it('asked for a week of long ago, it begins there, and not at the newest', async () => {
    const until = new Date(inbox.clock.now().getTime() - 80 * 86_400_000);
    const from = new Date(until.getTime() - 7 * 86_400_000);
    const { plan, found } = await planOf({ status: 'delivered', from, until });
    expect(found).toBe(0);
    expect(plan).toContain('message_pkey');
    const removed = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, n]) => Number(n));
    expect(Math.max(0, ...removed)).toBeLessThan(6000);
    expect((await planOf({ from, until })).found).toBe(25);
  });

  it('asked for a week, it looks at no more than that and a day', async () => {
    const from = new Date(inbox.clock.now().getTime() - 7 * 86_400_000);
    const { plan } = await planOf({ status: 'delivered', from });
    expect(plan).toContain('message_pkey');
    const removed = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, n]) => Number(n));
    expect(Math.max(0, ...removed)).toBeLessThan(6000);
  });
});

function listen(unitOfWork: UnitOfWork): void {
  const original = Object.getOwnPropertyDescriptor(UnitOfWork.prototype, 'sql')!;
  Object.defineProperty(unitOfWork, 'sql', {
    get(): SqlExecutor {
      const sql = original.get!.call(unitOfWork) as SqlExecutor;
      return {
        query: (text, parameters = []) => {
          asked.push({ text, parameters });
          return sql.query(text, parameters);
        },
      };
    },
  });
}
