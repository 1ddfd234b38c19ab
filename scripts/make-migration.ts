/** Writes a migration that takes the existing migrations to the schema in prisma/schema: `npm run migrate -- --new <name>`. */
import { mkdirSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { addExtensions } from './postgres/roles.ts';
import { NO_FILTERS, withSchemaEngine, readMigrations, readSchema } from './schema-engine.ts';

const PRISMA = resolve(import.meta.dirname, '../prisma');

/** @returns the statements that are missing from the migrations; empty when the schema has all. */
export async function missingStatements(prisma: string, dataDirectory: string): Promise<string> {
  const database = await startEmbeddedPostgres({ directory: dataDirectory });
  const superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  const shadow = `shadow_${process.pid}`;
  try {
    // The replayed migrations may create roles' policies and extensions, so the shadow belongs to the superuser.
    await superuser.query(`CREATE DATABASE ${shadow} TEMPLATE template0`);
    const shadowUrl = new URL(database.superuserUrl);
    shadowUrl.pathname = shadow;
    await addExtensions(shadowUrl.href);
    const { stdout } = await withSchemaEngine({ url: database.superuserUrl, shadowUrl: shadowUrl.href }, (engine) =>
      engine.diff({
        from: { tag: 'migrations', ...readMigrations(join(prisma, 'migrations')) },
        to: { tag: 'schemaDatamodel', ...readSchema(join(prisma, 'schema')) },
        script: true,
        exitCode: null,
        filters: NO_FILTERS,
      }),
    );
    return /^\s*(--[^\n]*\s*)*$/.test(stdout ?? '') ? '' : (stdout ?? '');
  } finally {
    await superuser.query(`DROP DATABASE IF EXISTS ${shadow} WITH (FORCE)`);
    await superuser.end();
    await database.stop();
  }
}

if (import.meta.main) {
  const name = process.argv[2] ?? '';
  if (!/^[a-z0-9_]+$/.test(name)) {
    console.error(
      'Name the migration in small letters, digits and underscores: npm run migrate -- --new add_due_reference',
    );
    process.exit(1);
  }
  const directory = resolve(import.meta.dirname, '..', process.env.NODUE_DATA_DIR ?? '.nodue', 'shadow');
  const script = await missingStatements(PRISMA, directory);
  if (script === '') {
    console.log('The migrations already make the schema; nothing written.');
  } else {
    const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const folder = join(PRISMA, 'migrations', `${timestamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), script);
    const lockfile = join(PRISMA, 'migrations', 'migration_lock.toml');
    if (!existsSync(lockfile)) writeFileSync(lockfile, 'provider = "postgresql"\n');
    console.log(`Wrote ${join(folder, 'migration.sql')}. Read it, and add row security for each tenant table.`);
  }
}
