/** Prisma's own schema engine, compiled to WebAssembly: migrations without a downloaded binary. */
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

/** The part of the platform's WebAssembly that is used here; its full types come with the DOM's, which a server has not. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

export const NO_FILTERS = { externalTables: [], externalEnums: [] };

export interface EngineDatabases {
  /** Role that may create and alter tables. */
  url: string;
  /** An empty database that the engine may fill and clear, needed to replay migrations for a diff. */
  shadowUrl?: string;
}

/** Lends the engine for one use, and closes every connection that it opened: it leaves its advisory lock on one of them. */
export async function withSchemaEngine<T>(
  databases: EngineDatabases,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await (engineModule ??= loadEngine());
  const opened: SqlDriverAdapter[] = [];
  const open = async (url: string): Promise<SqlDriverAdapter> => {
    const adapter = await connect(url);
    opened.push(adapter);
    return adapter;
  };
  const adapters = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(databases.url),
    connectToShadowDb: () => open(databases.shadowUrl ?? databases.url),
  });
  try {
    const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapters);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    for (const adapter of opened) await adapter.dispose();
  }
}

let engineModule: ReturnType<typeof loadEngine> | undefined;

async function loadEngine(): Promise<typeof import('@prisma/schema-engine-wasm')> {
  // The engine says here why it gave up, before it throws an "unreachable" without a word.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
  });
  const require = createRequire(import.meta.url);
  const path = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = (await import(pathToFileURL(path).href)) as typeof import('@prisma/schema-engine-wasm') & {
    __wbg_set_wasm(exports: unknown): void;
  };
  // Node loads the package's own entry only with a flag, so the module is put together by hand, as bundlers do.
  const { instance } = await WebAssembly.instantiate(readFileSync(path.replace(/\.js$/, '.wasm')), {
    './schema_engine_bg.js': { ...glue, ...Object.fromEntries(timersThatLetGo(glue)) },
  });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}

/** The engine forgets to clear the timer of its ten seconds for a lock; it must not keep a finished process waiting. */
function timersThatLetGo(glue: object): [string, unknown][] {
  return Object.entries(glue)
    .filter(([name]) => name.startsWith('__wbg_setTimeout'))
    .map(([name, start]) => [
      name,
      (...args: unknown[]) => (start as (...all: unknown[]) => NodeJS.Timeout)(...args).unref(),
    ]);
}

/** What a migration leaves in its row of `_prisma_migrations.logs` in its own transaction; the engine fills the rest in afterwards. */
export const APPLIED = 'applied';

const LEAVE_TRACE = `
DO $$ BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    UPDATE public._prisma_migrations SET logs = '${APPLIED}' WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  END IF;
END $$`;

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Prisma's adapter does not know the one-byte type "char" of the system catalogue, which the engine reads to compare schemas.
 * This pool passes it off as text, and remembers by a result's rows which of its columns it did that to.
 */
class CatalogPool extends pg.Pool {
  readonly charColumns = new WeakMap<object, number[]>();

  override query(...args: unknown[]): never {
    return this.#ask(...args) as never;
  }

  /** Runs a script of statements in one transaction. */
  async script(text: string): Promise<void> {
    await this.#ask(text);
  }

  async #ask(...args: unknown[]): Promise<pg.QueryResult> {
    const result = await (super.query(...(args as [string])) as unknown as Promise<pg.QueryResult>);
    const found = [...(result.fields ?? []).keys()].filter((index) => result.fields[index]?.dataTypeID === CHAR_OID);
    for (const index of found) result.fields[index]!.dataTypeID = TEXT_OID;
    if (found.length > 0) this.charColumns.set(result.rows, found);
    return result;
  }
}

async function connect(url: string): Promise<SqlDriverAdapter> {
  const pool = new CatalogPool({ connectionString: url, max: 2, allowExitOnIdle: true });
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of pool.charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.dispose = async () => {
    if (!pool.ended) await pool.end();
  };
  // The adapter's own cuts a script at every semicolon, those of function bodies and texts too. As one query it stays whole,
  // and PostgreSQL applies all of it or nothing.
  adapter.executeScript = async (script) => {
    try {
      await pool.script(`${script}\n;${LEAVE_TRACE}`);
    } catch (error) {
      const { code = 'N/A', severity = 'N/A', message, detail, column, hint } = error as pg.DatabaseError;
      throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
    }
  };
  return adapter;
}

/** The migrations of a folder in Prisma's layout, in the order of their names. */
export function readMigrations(directory: string): MigrationList {
  const names = existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  return {
    baseDir: directory,
    // Prisma's command line wants this file beside the migrations; the engine only asks what it says.
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(directory, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** The Prisma schema files of a folder. */
export function readSchema(directory: string): SchemasContainer {
  return {
    files: readdirSync(directory)
      .filter((name) => name.endsWith('.prisma'))
      .sort()
      .map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') })),
  };
}
