/**
 * Brings a database up to date: NoDue's tables, then BullMQ's, then the powers of the application's role.
 * Safe to repeat and to run from several processes at once.
 */
import { runMigrations } from 'bullmq';
import { resolve } from 'node:path';
import pg from 'pg';
import { APPLIED, NO_FILTERS, withSchemaEngine, readMigrations } from './schema-engine.ts';

/** Where BullMQ keeps its tables when it runs on PostgreSQL; nothing else lives there. */
export const QUEUE_SCHEMA = 'bullmq';

const MIGRATIONS = resolve(import.meta.dirname, '../prisma/migrations');

/** An arbitrary number that all migrating processes lock, so that they go one after another. */
const MIGRATION_LOCK = 781_164_201;

export interface MigrateOptions {
  /** Names the role that the application uses; it receives the right to use rows, and no other. */
  databaseUrl: string;
  /** Role that owns the tables. */
  databaseOwnerUrl: string;
  /** A folder in the layout of Prisma's migrations. */
  migrations?: string;
}

/** @returns the names of the migrations that were applied, in order; none when all were. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const owner = new pg.Client({ connectionString: options.databaseOwnerUrl });
  await owner.connect();
  try {
    await owner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await settleInterrupted(owner);
    const migrationsList = readMigrations(options.migrations ?? MIGRATIONS);
    const { appliedMigrationNames } = await withSchemaEngine({ url: options.databaseOwnerUrl }, (engine) =>
      engine.applyMigrations({ migrationsList, filters: NO_FILTERS }),
    );
    await owner.query('SET client_min_messages = warning');
    await runMigrations(owner, QUEUE_SCHEMA);
    await grant(owner, new URL(options.databaseUrl).username);
    return appliedMigrationNames;
  } finally {
    await owner.end();
  }
}

/**
 * The engine refuses to go on after a migration whose end it did not see. Each is one transaction, so it is known which it was: applied, by
 * the trace that it left, or not at all, and then it is tried again.
 */
async function settleInterrupted(owner: pg.Client): Promise<void> {
  if (!(await exists(owner, 'public._prisma_migrations'))) return;
  await owner.query(
    `UPDATE public._prisma_migrations SET finished_at = now(), applied_steps_count = 1
      WHERE finished_at IS NULL AND rolled_back_at IS NULL AND logs = $1`,
    [APPLIED],
  );
  await owner.query(
    `UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`,
  );
}

async function grant(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query<{ current_user: string }>('SELECT current_user');
  // A single role for both jobs has all powers already; the application's own start-up check refuses it in production.
  if (rows[0]?.current_user === decodeURIComponent(role)) return;
  const app = owner.escapeIdentifier(decodeURIComponent(role));
  for (const schema of ['public', QUEUE_SCHEMA]) {
    await owner.query(`
      GRANT USAGE ON SCHEMA ${schema} TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${app};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO ${app};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${app};`);
  }
  // BullMQ makes a sequence of its own at the first job of a queue; those belong to the application and need no grant.
  await owner.query(`GRANT CREATE ON SCHEMA ${QUEUE_SCHEMA} TO ${app}`);
  const owned = await owner.query<{ statement: string }>(
    `SELECT format('GRANT USAGE, SELECT ON SEQUENCE %s TO %s', c.oid::regclass, $1::text) AS statement
       FROM pg_class c
      WHERE c.relkind = 'S' AND c.relowner = current_user::regrole
        AND c.relnamespace IN ('public'::regnamespace, $2::regnamespace)
     UNION ALL
     SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', p.oid::regprocedure, $1::text)
       FROM pg_proc p
      WHERE p.prokind = 'f' AND p.proowner = current_user::regrole
        AND p.pronamespace IN ('public'::regnamespace, $2::regnamespace)`,
    [app, QUEUE_SCHEMA],
  );
  for (const { statement } of owned.rows) await owner.query(statement);
  if (await exists(owner, 'public._prisma_migrations'))
    await owner.query(`REVOKE ALL ON public._prisma_migrations FROM ${app}`);
}

async function exists(owner: pg.Client, table: string): Promise<boolean> {
  const { rows } = await owner.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
  return rows[0]?.found === true;
}

if (import.meta.main) {
  const { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: databaseOwnerUrl } = process.env;
  if (!databaseUrl || !databaseOwnerUrl) {
    console.error(
      'migrate needs DATABASE_OWNER_URL (the role that owns the tables) and DATABASE_URL (the role of the application).',
    );
    process.exit(1);
  }
  try {
    const applied = await migrate({ databaseUrl, databaseOwnerUrl });
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
  } catch (error) {
    console.error(`The migration failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
