import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** The application's role: row security applies to it. */
  databaseUrl: string;
  /** The role that owns the tables. */
  databaseOwnerUrl: string;
  /** Removes the database, cutting connections that are still open. */
  drop(): Promise<void>;
}

/** A fresh, migrated, empty database of the run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const [superuser, owner, app] = (['SUPERUSER', 'OWNER', 'APP'] as const).map((role) => {
    const url = process.env[`NODUE_TEST_${role}_URL`];
    if (!url) throw new Error('The test database is not running: the run has no global set-up.');
    return new URL(url);
  }) as [URL, URL, URL];
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await query(
    superuser,
    `CREATE DATABASE ${name} TEMPLATE nodue OWNER ${owner.username} STRATEGY file_copy`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${app.username}`,
  );
  const at = (url: URL): string => Object.assign(new URL(url), { pathname: name }).href;
  return {
    databaseUrl: at(app),
    databaseOwnerUrl: at(owner),
    drop: () => query(superuser, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function query(url: URL, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
