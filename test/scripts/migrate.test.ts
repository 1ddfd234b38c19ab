import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { eraseEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { missingStatements } from '../../scripts/make-migration.ts';
import { migrate } from '../../scripts/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('Migrating', () => {
  let database: TestDatabase;
  let migrations: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    // An empty database: the template is migrated already.
    await ask(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA bullmq CASCADE`);
    migrations = mkdtempSync(join(tmpdir(), 'nodue-migrations-'));
  });
  afterEach(async () => {
    await database.drop();
    rmSync(migrations, { recursive: true });
  });

  it('applies what is new, in order, and nothing twice', async () => {
    write('1_first', 'CREATE TABLE first (id int)');
    write('2_second', 'ALTER TABLE first ADD COLUMN name text');
    expect(await migrate({ ...database, migrations })).toEqual(['1_first', '2_second']);
    write('3_third', 'INSERT INTO first VALUES (3)');
    expect(await migrate({ ...database, migrations })).toEqual(['3_third']);
    expect(await migrate({ ...database, migrations })).toEqual([]);
    expect((await ask('SELECT id FROM first')).rows).toEqual([{ id: 3 }]);
  });

  it('keeps the semicolons of function bodies and of texts', async () => {
    write(
      '1_body',
      `CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN n := 1; RETURN n + 1; END $$;
       CREATE TABLE words AS SELECT 'a;b' AS word, two() AS two;`,
    );
    await migrate({ ...database, migrations });
    expect((await ask('SELECT * FROM words')).rows).toEqual([{ word: 'a;b', two: 2 }]);
  });

  it('leaves nothing of a migration that fails in the middle', async () => {
    write('1_half', 'CREATE TABLE half (id int); SELECT 1 / 0;');
    await expect(migrate({ ...database, migrations })).rejects.toThrow('division by zero');
    expect((await ask(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
    write('1_half', 'CREATE TABLE half (id int)');
    expect(await migrate({ ...database, migrations })).toEqual(['1_half']);
  });

  it('goes on where a process was killed: between a migration and the note that it is done, or in the middle of one', async () => {
    write('1_first', 'CREATE TABLE first (id int)');
    await migrate({ ...database, migrations });
    await ask('UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0');
    await ask(`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('2', 'sum', '2_second')`);
    write('2_second', 'CREATE TABLE second (id int)');
    expect(await migrate({ ...database, migrations })).toEqual(['2_second']);
    expect(await migrate({ ...database, migrations })).toEqual([]);
  });

  it('lets the application use the rows of every table, also of a later one, and the structure of none', async () => {
    write('1_first', 'CREATE TABLE first (id serial)');
    await migrate({ ...database, migrations });
    write('2_second', 'CREATE TABLE second (id serial)');
    await migrate({ ...database, migrations });
    for (const table of ['first', 'second']) {
      await ask(
        `INSERT INTO ${table} DEFAULT VALUES; UPDATE ${table} SET id = 7; DELETE FROM ${table}`,
        database.databaseUrl,
      );
      await expect(ask(`DROP TABLE ${table}`, database.databaseUrl)).rejects.toThrow('must be owner');
    }
    await expect(ask('SELECT * FROM _prisma_migrations', database.databaseUrl)).rejects.toThrow('permission denied');
  });

  it('can be started by several processes at once', async () => {
    write('1_first', 'CREATE TABLE first (id int)');
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ ...database, migrations })));
    expect(applied.flat()).toEqual(['1_first']);
  });

  function write(name: string, sql: string): void {
    mkdirSync(join(migrations, name), { recursive: true });
    writeFileSync(join(migrations, name, 'migration.sql'), sql);
  }

  async function ask(sql: string, url = database.databaseOwnerUrl): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  }
});

describe('The migrations of prisma/migrations', () => {
  it('make what prisma/schema describes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'nodue-shadow-'));
    chmodSync(directory, 0o755);
    try {
      expect(await missingStatements(join(ROOT, 'prisma'), directory)).toBe('');
    } finally {
      await eraseEmbeddedPostgres(directory);
    }
  });
});
