import pg from 'pg';
import { newId, type TenantId } from '../../../src/kernel/ids.js';
import { SendQueue } from '../../../src/modules/messaging/infrastructure/outbound/send-queue.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

const QUEUED = 20_000;
const CLAIMED = 100;

describe('A claim does not read the queue for each message that it takes (F54, S2.83), whatever the planner knows of the table', () => {
  const senders = new ScriptedSenders();
  let database: TestDatabase;
  let owner: pg.Client;
  let engine: OutboundEngine;

  beforeEach(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.databaseOwnerUrl });
    await owner.connect();
    // Nobody renews its statistics meanwhile.
    await owner.query('alter table message set (autovacuum_enabled = false)');
    engine = await OutboundEngine.start(database, new ScriptedProvider(), senders);
  });
  afterEach(async () => {
    await owner.end();
    await engine.close();
    await database.drop();
  });

  /** Messages of a new merchant whose number may not send by itself, each to another customer. */
  async function merchantWith(queued: number): Promise<TenantId> {
    const tenant = newTenant();
    senders.unable.set(numberOf(tenant), 'paused');
    await engine.sql(
      tenant,
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, priority, state, next_at,
         created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $2, 'OUTBOUND', 'phone', '91' || (7000000000 + n), 'text', '{"type":"text","body":"hi"}', 'payment_reminder',
         50, 'queued', now(), now(), now() from generate_series(1, $3::int) n`,
      [tenant, numberOf(tenant), queued],
    );
    return tenant;
  }

  /** Rows of messages that one claim looks at. */
  async function readByClaim(tenant: TenantId): Promise<{ claimed: number; read: number }> {
    return engine.as(tenant, () =>
      engine.module.get(UnitOfWork).runSql(async (sql) => {
        const wish = { count: CLAIMED, resting: [], leaseToken: newId() };
        const { messages } = await engine.module.get(SendQueue).claim(numberOf(tenant), wish);
        const [row] = await sql.query<{ read: number }>(
          `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_xact_user_tables where relname = 'message'`,
        );
        return { claimed: messages.length, read: row!.read };
      }),
    );
  }

  it('when it was never looked at', async () => {
    const { claimed, read } = await readByClaim(await merchantWith(QUEUED));
    expect(claimed).toBe(CLAIMED);
    expect(read).toBeLessThan(2 * QUEUED);
  });

  it('when it was small and belonged to others', async () => {
    await merchantWith(50);
    await owner.query('analyze message');
    const { claimed, read } = await readByClaim(await merchantWith(QUEUED));
    expect(claimed).toBe(CLAIMED);
    expect(read).toBeLessThan(2 * QUEUED);
  });
});
