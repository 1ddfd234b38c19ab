import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

/** What is looked up, and the columns by which an index must find it. */
const LOOKUPS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an identity',
    `select contact_id from contact_identity where tenant_id = $1 and kind = 'phone' and value = '+910000000007'`,
    ['value'],
  ],
  ['a contact', `select 1 from contact where tenant_id = $1 and id = $2`, ['id']],
  ['a customer', `select 1 from customer where tenant_id = $1 and id = $2`, ['id']],
  ['a customer by reference', `select 1 from customer where tenant_id = $1 and reference = 'C-7'`, ['reference']],
  ['the dues of a customer', `select 1 from due where tenant_id = $1 and customer_id = $2`, ['customer_id']],
  ['the lines of an account', `select 1 from ledger_entry where tenant_id = $1 and customer_id = $2`, ['customer_id']],
  ['customers', `select 1 from customer where tenant_id = $1 and id = any(array[$2::uuid, $1])`, ['id']],
];

describe('A merchant whom the statistics of the database do not know yet', () => {
  let database: TestDatabase;
  let [owner, app]: pg.Client[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    [owner, app] = [database.databaseOwnerUrl, database.databaseUrl].map(
      (connectionString) => new pg.Client({ connectionString }),
    );
    await Promise.all([owner!.connect(), app!.connect()]);
  });
  afterAll(async () => {
    await Promise.all([owner!.end(), app!.end()]);
    await database.drop();
  });

  async function merchant(customers: number): Promise<string> {
    const tenantId = newId();
    const each = (statement: string): Promise<unknown> =>
      app!.query(`${statement} from generate_series(1, ${customers}) as n`);
    await app!.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    const id = `md5('${tenantId}' || n)::uuid`;
    await each(`insert into contact (tenant_id, id, created_at, updated_at) select '${tenantId}', ${id}, now(), now()`);
    await each(
      `insert into contact_identity (tenant_id, kind, value, contact_id, created_at)
       select '${tenantId}', 'phone', '+91' || lpad(n::text, 10, '0'), ${id}, now()`,
    );
    await each(
      `insert into customer (tenant_id, id, reference, currency, created_at, updated_at)
       select '${tenantId}', ${id}, 'C-' || n, 'INR', now(), now()`,
    );
    await each(
      `insert into due (tenant_id, id, customer_id, amount_minor, currency, due_date, created_at, updated_at)
       select '${tenantId}', ${id}, ${id}, 100, 'INR', '2026-12-01', now(), now()`,
    );
    await each(
      `insert into ledger_entry (tenant_id, id, customer_id, type, amount_minor, balance_after_minor, currency, recorded_by, occurred_at)
       select '${tenantId}', ${id}, ${id}, 'DUE_ADDED', 100, 100, 'INR', 'system', now()`,
    );
    return tenantId;
  }

  it('is looked up by key, not by walking all that is theirs', async () => {
    await merchant(20_000);
    await owner!.query('analyze contact, contact_identity, customer, due, ledger_entry');
    const late = await merchant(5000);
    for (const [what, statement, columns] of LOOKUPS) {
      const parameters = statement.includes('$2') ? [late, newId()] : [late];
      const { rows } = await app!.query<{ 'QUERY PLAN': string }>(`explain ${statement}`, parameters);
      const conditions = rows.flatMap(({ 'QUERY PLAN': line }) => (line.includes('Index Cond') ? [line] : []));
      for (const column of columns)
        expect([what, conditions.join()]).toEqual([what, expect.stringContaining(`(${column} = `)]);
    }
  });
});
