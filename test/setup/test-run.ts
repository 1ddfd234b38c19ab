/**
 * One PostgreSQL (and one Redis, where a redis-server is on the PATH) for a whole test run.
 *
 * Runs do not disturb each other: each takes the first data directory below .nodue/test that no running one uses,
 * and keeps it for the next run, migrated, as long as the migrations stay the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import {
  EmbeddedPostgresInUse,
  eraseEmbeddedPostgres,
  killEmbeddedPostgresNow,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../scripts/embedded-postgres.ts';
import { migrate } from '../../scripts/migrate.ts';
import { startRedis, type Redis } from './redis-server.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SLOTS = join(ROOT, '.nodue', 'test');

/** The crash of the machine is not tested here, that of a process is; so nothing waits for the disk. */
const FAST = { fsync: 'off', full_page_writes: 'off' };

interface Running {
  postgres: EmbeddedPostgres;
  redis?: Redis;
}

declare global {
  var nodueTestRun: Running | undefined;
}

export async function setUp(): Promise<void> {
  const { directory, postgres } = await startInFreeSlot();
  const stopAtOnce = (signal: NodeJS.Signals): void => {
    killEmbeddedPostgresNow(directory);
    globalThis.nodueTestRun?.redis?.stop();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stopAtOnce);
  process.once('SIGTERM', stopAtOnce);

  await dropLeftovers(postgres);
  await migrate(postgres);
  const redis = process.env.REDIS_URL ? undefined : await startRedis(directory);
  globalThis.nodueTestRun = { postgres, redis };

  process.env.NODUE_TEST_SUPERUSER_URL = postgres.superuserUrl;
  process.env.NODUE_TEST_OWNER_URL = postgres.databaseOwnerUrl;
  process.env.NODUE_TEST_APP_URL = postgres.databaseUrl;
  process.env.NODUE_TEST_REDIS_URL = process.env.REDIS_URL ?? redis?.url ?? '';
  process.env.NODUE_TEST_SKIPS ??= join(directory, 'skipped.txt');
  rmSync(process.env.NODUE_TEST_SKIPS, { force: true });
  // What a developer has exported for the application must not reach the tests.
  for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL', 'REDIS_URL']) delete process.env[name];
}

export async function tearDown(): Promise<void> {
  const run = globalThis.nodueTestRun;
  run?.redis?.stop();
  await run?.postgres.stop();
}

async function startInFreeSlot(): Promise<{ directory: string; postgres: EmbeddedPostgres }> {
  for (let slot = 1; ; slot++) {
    const directory = join(SLOTS, String(slot));
    try {
      await eraseWhenOutdated(directory);
      const postgres = await startEmbeddedPostgres({ directory, settings: FAST, say: (line) => console.log(line) });
      return { directory, postgres };
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresInUse)) throw error;
    }
  }
}

async function eraseWhenOutdated(directory: string): Promise<void> {
  const stamp = join(directory, 'migrations.sha256');
  const current = hashOfMigrations();
  if (existsSync(directory) && (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== current)) {
    await eraseEmbeddedPostgres(directory);
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(stamp, current);
}

/** Changes when the migrations do, or what applies them. */
function hashOfMigrations(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => void hash.update(path).update(readFileSync(join(ROOT, path)));
  for (const path of readdirSync(join(ROOT, 'prisma/migrations'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (path.endsWith('.sql')) add(join('prisma/migrations', path));
  }
  for (const path of [
    'scripts/migrate.ts',
    'scripts/embedded-postgres.ts',
    'scripts/postgres/roles.ts',
    'node_modules/bullmq/package.json',
  ])
    add(path);
  return hash.digest('hex');
}

/** A run that was killed leaves its databases behind. */
async function dropLeftovers(postgres: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'`,
  );
  for (const { datname } of rows) await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  await client.end();
}
