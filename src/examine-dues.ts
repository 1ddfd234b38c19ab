import type { PoolClient } from 'pg';
import { PLATFORM } from './kernel/ids.js';
import { DISCREPANCIES } from './modules/customers/index.js';
import type { Config } from './platform/config/config.js';
import type { DatabasePools } from './platform/database/pools.js';
import type { Finding } from './platform/health/finding.js';

/** So long after its time nothing should wait that could be done (S0.35 promises a minute). */
const LATE = `interval '5 minutes'`;

/**
 * Whether the books agree with themselves, and reminders and promises are taken up in time. A read model over the books and the
 * reminders, one merchant after another, since row security shows one at a time.
 */
export async function* examineDues(pools: DatabasePools, config: Config): AsyncGenerator<Finding> {
  try {
    const merchants = await within(pools, PLATFORM, async (sql) => {
      const { rows } = await sql.query<{ id: string }>('select id from tenant order by id');
      return rows.map(({ id }) => id);
    });
    const wrong = new Map<string, number>();
    const unjudged = new Map<string, number>();
    for (const merchant of merchants) {
      const { books, promises } = await within(pools, merchant, async (sql) => ({
        books: (await sql.query(DISCREPANCIES, [merchant])).rows.length,
        promises: await count(sql, UNJUDGED_PROMISES),
      }));
      if (books > 0) wrong.set(merchant, books);
      if (promises > 0) unjudged.set(merchant, promises);
    }
    yield finding('books', wrong, {
      fine: 'they add up: every balance is the sum of its lines and of what is open',
      bad: 'customers whose lines, dues and balance do not add up',
    });
    yield reminders(await within(pools, PLATFORM, (sql) => count(sql, LATE_REMINDERS)), config);
    yield finding('promises', unjudged, {
      fine: 'each was judged in its time',
      bad: 'to be judged for more than 5 minutes',
    });
  } catch (error) {
    const says = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    yield { level: 'fail', about: 'books', says };
  }
}

function reminders(late: number, config: Config): Finding {
  const about = 'reminders';
  if (!config.ENABLE_REMINDERS)
    return { level: 'warn', about, says: `switched off by ENABLE_REMINDERS; due and waiting: ${late}` };
  return late === 0
    ? { level: 'ok', about, says: 'none waits beyond its time' }
    : { level: 'fail', about, says: `due for more than 5 minutes: ${late}; is a worker running?` };
}

function finding(about: string, faults: ReadonlyMap<string, number>, says: { fine: string; bad: string }): Finding {
  if (faults.size === 0) return { level: 'ok', about, says: says.fine };
  const many = [...faults.values()].reduce((sum, one) => sum + one, 0);
  const [first, ...others] = faults.keys();
  const whose = others.length > 0 ? `${first} and ${others.length} others` : first;
  return { level: 'fail', about, says: `${says.bad}: ${many} (merchant ${whose})` };
}

async function within<T>(pools: DatabasePools, tenant: string, ask: (sql: PoolClient) => Promise<T>): Promise<T> {
  const connection = await pools.background.connect();
  try {
    await connection.query('begin read only');
    await connection.query(`select set_config('app.tenant_id', $1, true)`, [tenant]);
    return await ask(connection);
  } finally {
    await connection.query('rollback').catch(() => undefined);
    connection.release();
  }
}

async function count(sql: PoolClient, statement: string): Promise<number> {
  const { rows } = await sql.query<{ many: number }>(statement);
  return rows[0]!.many;
}

const LATE_REMINDERS = `
  select count(*)::int as many from reminder
  where status in ('pending', 'rescheduled') and scheduled_for < (select business_now()) - ${LATE}`;

const UNJUDGED_PROMISES = `
  select count(*)::int as many from commitment
  where state = 'open' and judged_at < (select business_now()) - ${LATE}`;
