import pg from 'pg';
import type { TenantId } from '../../../src/kernel/ids.js';
import { DatabasePools } from '../../../src/platform/database/pools.js';
import { Inbox } from '../../conversations/inbox.js';
import type { TestDatabase } from '../../setup/database.js';

describe('The depth of the queue of outgoing messages (S2.77)', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ tenantId: tenant } = await inbox.merchant());
    await inbox.sql(
      tenant,
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, priority, state, next_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), '1', 'OUTBOUND', 'phone', (919000000000 + n)::text, 'text', '{"type": "text", "body": "Order"}', 'order_update', 1,
         case when n % 2000 = 1 then 'queued' when n % 2000 = 2 then 'sending' when n % 2000 = 3 then 'unknown' else 'read' end, now(), now(), now()
       from generate_series(1, 20000) n`,
      [tenant],
    );
    const { database } = inbox as unknown as { database: TestDatabase };
    const owner = new pg.Client({ connectionString: database.databaseOwnerUrl });
    await owner.connect();
    await owner.query('analyze message');
    await owner.end();
  });
  afterAll(() => inbox.close());

  it('is counted without reading what has left', async () => {
    const { requests } = inbox.get(DatabasePools);
    const client = await requests.connect();
    try {
      await client.query(`begin; select set_config('app.tenant_id', '${tenant}', true)`);
      const { rows } = await client.query<{ state: string; n: number }>(
        'select state, sum(n)::int as n from messages_waiting() where tenant_id = $1 group by state order by state',
        [tenant],
      );
      expect(rows).toEqual([
        { state: 'queued', n: 10 },
        { state: 'sending', n: 10 },
        { state: 'unknown', n: 10 },
      ]);
      const { rows: read } = await client.query<{ scanned: number; fetched: number }>(
        `select seq_tup_read::int as scanned, idx_tup_fetch::int as fetched from pg_stat_xact_user_tables where relname = 'message'`,
      );
      expect(read[0]!.scanned).toBe(0);
      expect(read[0]!.fetched).toBeLessThanOrEqual(30);
      // The asker's own scope is as it was.
      const { rows: own } = await client.query('select count(*)::int as n from message');
      expect(own).toEqual([{ n: 20_000 }]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
