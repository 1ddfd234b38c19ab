/** The demo: embedded PostgreSQL, migrated, and the whole application in one process beside it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, startNode, stopRequested, type Child } from './child.ts';
import {
  eraseEmbeddedPostgres,
  findRunningPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresAddresses,
} from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { playDemo } from './demo-story.ts';
import { prepare } from './prepare.ts';

const APPLICATION = join(ROOT, 'dist/src/main.js');

export const dataDirectory = (): string => resolve(ROOT, process.env.NODUE_DATA_DIR || '.nodue');

const clusterDirectory = (): string => join(dataDirectory(), 'postgres');

/** Starts the embedded database and brings it up to date. */
export async function startDatabase(): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({
    directory: clusterDirectory(),
    preferredPort: 5433,
    say: (line) => console.log(line),
  });
  try {
    console.log(`PostgreSQL runs on port ${database.port}, with its data in ${dataDirectory()}`);
    const applied = await migrate(database);
    if (applied.length > 0) console.log(`Migrated: ${applied.join(', ')}`);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Lends the demo's database, whether the demo runs at the moment or not. */
export async function withDatabase<T>(use: (database: EmbeddedPostgresAddresses) => Promise<T>): Promise<T> {
  const running = findRunningPostgres(clusterDirectory());
  if (running) return use(running);
  const database = await startDatabase();
  return use(database).finally(() => database.stop());
}

/** What the application is told in the demo; what the user set in the environment wins. */
export function demoEnvironment(
  database: Pick<EmbeddedPostgres, 'databaseUrl' | 'databaseOwnerUrl'>,
): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'demo',
    HOST: '127.0.0.1',
    PORT: '3000',
    // The story looks often; a line a look would hide it.
    LOG_LEVEL: 'warn',
    SANDBOX: '1',
    SANDBOX_PORT: '3001',
    META_APP_ID: 'sandbox-app',
    META_APP_SECRET: 'sandbox-app-secret',
    WHATSAPP_VERIFY_TOKEN: 'sandbox-verify-token',
    ...secrets(),
    NODUE_DATA_DIR: dataDirectory(),
    ...process.env,
    DATABASE_URL: database.databaseUrl,
    DATABASE_OWNER_URL: database.databaseOwnerUrl,
  };
}

/** Keys made at the first start and kept, since the data is encrypted with them. */
function secrets(): Record<string, string> {
  const path = join(dataDirectory(), 'secrets.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  const made = {
    ENCRYPTION_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    JWT_SECRET: randomBytes(32).toString('base64url'),
    PLATFORM_KEY: randomBytes(24).toString('base64url'),
  };
  mkdirSync(dataDirectory(), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(made, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return made;
}

/** @returns the exit code: 0 when it was asked to stop */
export async function demo(): Promise<number> {
  await requireFreePorts();
  await prepare();
  const database = await startDatabase();
  const story = new AbortController();
  try {
    const environment = demoEnvironment(database);
    const application = startNode(APPLICATION, [], environment);
    void tell(environment, story.signal);
    const first = await Promise.race([application.ended, stopRequested]);
    story.abort();
    if (first !== 'stop') {
      console.error(`The application ended by itself (exit code ${first}).`);
      return first || 1;
    }
    console.log('Stopping ...');
    await application.stop();
    return 0;
  } finally {
    await database.stop();
  }
}

/** Says where everything is as soon as it is there, then plays the story; without one the demo goes on all the same. */
async function tell(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const api = `http://127.0.0.1:${environment.PORT}`;
  const sandbox = environment.WHATSAPP_GRAPH_URL || `http://127.0.0.1:${environment.SANDBOX_PORT}`;
  try {
    while (!(await isReady(api))) await delay(100, undefined, { signal });
    console.log(`NoDue is ready at ${api} (try it out at ${api}/docs); the WhatsApp sandbox is at ${sandbox}`);
    console.log(`The platform operator's key and the other secrets are in ${join(dataDirectory(), 'secrets.json')}`);
    await playDemo({ api, sandbox, platformKey: environment.PLATFORM_KEY ?? '' }, signal, (line) => console.log(line));
  } catch (error) {
    if (!signal.aborted)
      console.error(`The demo's story ended: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function isReady(api: string): Promise<boolean> {
  try {
    return (await fetch(`${api}/health/ready`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

/** The demo, built and started again whenever a source file changes. */
export async function develop(): Promise<number> {
  await requireFreePorts();
  await prepare();
  const database = await startDatabase();
  let application: Child | undefined;
  let changed = Promise.withResolvers<'changed'>();
  const watcher = watch(join(ROOT, 'src'), { recursive: true }, (_event, file) => {
    if (file?.endsWith('.ts') && !file.includes('generated')) changed.resolve('changed');
  });
  try {
    for (;;) {
      changed = Promise.withResolvers();
      await prepare().then(
        () => (application = startNode(APPLICATION, [], demoEnvironment(database))),
        (error: Error) => console.error(error.message),
      );
      if ((await Promise.race([changed.promise, stopRequested])) === 'stop') return 0;
      await application?.stop();
      application = undefined;
    }
  } finally {
    watcher.close();
    await application?.stop();
    await database.stop();
  }
}

/** Starts over: deletes the demo's data, but nothing that the demo did not make. */
export async function reset(): Promise<void> {
  const directory = dataDirectory();
  if (!existsSync(directory)) return;
  const names = readdirSync(directory);
  if (names.length > 0 && !names.some((name) => ['postgres', 'secrets.json', 'test'].includes(name))) {
    throw new Error(`${directory} does not look like NoDue's data (NODUE_DATA_DIR); nothing was deleted.`);
  }
  console.log(`Deleting the data in ${directory} ...`);
  await eraseEmbeddedPostgres(clusterDirectory());
  for (const name of names.filter((name) => name !== 'test'))
    rmSync(join(directory, name), { recursive: true, force: true });
}

async function requireFreePorts(): Promise<void> {
  const needed: Record<string, number> = { PORT: 3000 };
  // The demo starts a sandbox of its own unless it is pointed at another.
  if (!process.env.WHATSAPP_GRAPH_URL) needed.SANDBOX_PORT = 3001;
  for (const [name, fallback] of Object.entries(needed)) {
    const port = Number(process.env[name] || fallback);
    if (port === 0 || (await isFree(port))) continue;
    throw new Error(
      `Port ${port} is taken by another program. Stop it, or choose another port: ${name}=${port + 100} npm run demo`,
    );
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, process.env.HOST || '127.0.0.1', () => server.close(() => done(true)));
  });
}
