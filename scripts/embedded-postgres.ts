/**
 * The PostgreSQL that comes with NoDue, for the demo and for the tests: nothing to install, nothing left running.
 *
 * Layout of the directory it is given:
 *   cluster/          PostgreSQL's own data, owned by the user that the server runs as
 *   credentials.json  generated passwords, readable by its owner only
 *   owner.json        the process that uses the database at the moment
 *   postgres.log      what the server says
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeBeside, homeInTemporaryDirectory, prepareHome } from './postgres/home.ts';
import { APP_ROLE, createRolesAndDatabase, type Credentials, DATABASE, OWNER_ROLE } from './postgres/roles.ts';
import { createCluster, readPostmaster, startServer, stopOrphan, stopServer, SUPERUSER } from './postgres/server.ts';
import { identityOf, isSameProcess, type ProcessIdentity } from './process-identity.ts';

export interface EmbeddedPostgresOptions {
  /** Where the data lives; made when missing. */
  directory: string;
  /** The port to take when it is free; another free one otherwise. 0: any. */
  preferredPort?: number;
  /** Server settings on top of the defaults, as for `postgres -c name=value`. */
  settings?: Record<string, string>;
  /** Receives one line for each thing that a person should know. */
  say?: (line: string) => void;
}

export interface EmbeddedPostgresAddresses {
  /** URL of the application's role: neither superuser nor owner of anything. */
  databaseUrl: string;
  /** URL of the role that owns the database and its tables. */
  databaseOwnerUrl: string;
  /** URL of the cluster's superuser, for test databases and for checks; nothing of the product uses it. */
  superuserUrl: string;
  port: number;
}

export interface EmbeddedPostgres extends EmbeddedPostgresAddresses {
  /** Stops the server, waiting for its checkpoint. Safe to call twice. */
  stop(): Promise<void>;
}

/** The data directory belongs to a running process that is not this one. */
export class EmbeddedPostgresInUse extends Error {
  override readonly name = 'EmbeddedPostgresInUse';

  constructor(directory: string, pid: number) {
    super(`The database in ${directory} is in use by process ${pid}; stop that one first.`);
  }
}

/** Starts the database in `directory`, creating it on first use; a database that a killed process left behind is taken over. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => undefined);
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true });
  claim(directory);
  try {
    const home = prepareHome(directory, say);
    const credentials = loadCredentials(directory);
    await stopOrphan(home);
    if (!existsSync(join(home.cluster, 'PG_VERSION'))) await createCluster(home, credentials.superuser);
    const port = await startServer(home, {
      superuserPassword: credentials.superuser,
      preferredPort: options.preferredPort ?? 0,
      settings: options.settings ?? {},
    });
    await createRolesAndDatabase(port, credentials);
    let stopping: Promise<void> | undefined;
    return {
      ...addresses(port, credentials),
      stop: () => (stopping ??= stopServer(home).finally(() => release(directory))),
    };
  } catch (error) {
    release(directory);
    throw error;
  }
}

/** The database that another process runs in `directory`, to look at while it runs; undefined when none does. */
export function findRunningPostgres(directory: string): EmbeddedPostgresAddresses | undefined {
  const path = resolve(directory);
  const credentials = readJson<Credentials>(join(path, 'credentials.json'));
  const owner = readJson<ProcessIdentity>(join(path, 'owner.json'));
  if (!credentials || !owner || !isSameProcess(owner)) return undefined;
  const postmaster = readPostmaster(homeBeside(path)) ?? readPostmaster(homeInTemporaryDirectory(path));
  return postmaster && addresses(postmaster.port, credentials);
}

function addresses(port: number, credentials: Credentials): EmbeddedPostgresAddresses {
  const url = (role: string, password: string, database: string): string =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
  return {
    databaseUrl: url(APP_ROLE, credentials.app, DATABASE),
    databaseOwnerUrl: url(OWNER_ROLE, credentials.owner, DATABASE),
    superuserUrl: url(SUPERUSER, credentials.superuser, 'postgres'),
    port,
  };
}

/** Deletes the data that `startEmbeddedPostgres` keeps for `directory`, wherever it had to put it. Stops an orphan first. */
export async function eraseEmbeddedPostgres(directory: string): Promise<void> {
  const path = resolve(directory);
  if (!existsSync(path)) return;
  claim(path);
  try {
    for (const home of [homeBeside(path), homeInTemporaryDirectory(path)]) {
      if (!existsSync(home.cluster)) continue;
      await stopOrphan(home);
      rmSync(home.cluster, { recursive: true, force: true });
    }
    rmSync(path, { recursive: true, force: true });
  } finally {
    release(path);
  }
}

/** Stops the server at once from an `exit` or signal handler, where nothing can be awaited. */
export function killEmbeddedPostgresNow(directory: string): void {
  for (const home of [homeBeside(resolve(directory)), homeInTemporaryDirectory(resolve(directory))]) {
    const postmaster = readPostmaster(home);
    if (postmaster) process.kill(postmaster.pid, 'SIGINT');
  }
}

function claim(directory: string): void {
  const path = join(directory, 'owner.json');
  const mine = JSON.stringify({ ...identityOf(process.pid), directory });
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readJson<ProcessIdentity & { directory: string }>(path);
    // In a copied directory the owner is the original's.
    if (owner?.directory === directory && isSameProcess(owner)) throw new EmbeddedPostgresInUse(directory, owner.pid);
    rmSync(path, { force: true });
  }
}

function release(directory: string): void {
  rmSync(join(directory, 'owner.json'), { force: true });
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function loadCredentials(directory: string): Credentials {
  const path = join(directory, 'credentials.json');
  const known = readJson<Credentials>(path);
  if (known) return known;
  const secret = (): string => randomBytes(24).toString('base64url');
  const fresh = { superuser: secret(), owner: secret(), app: secret() };
  writeFileSync(`${path}.new`, JSON.stringify(fresh), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return fresh;
}
