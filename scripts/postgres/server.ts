/** The server process: making its cluster, starting it, stopping it, and finding one that was left behind. */
import { execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { commandOf, isRunning } from '../process-identity.ts';
import type { Home } from './home.ts';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';
const START_DEADLINE_MS = 60_000;

export interface ServerOptions {
  superuserPassword: string;
  /** The port to take when it is free; another free one otherwise. 0: any. */
  preferredPort: number;
  /** Server settings on top of the defaults, as for `postgres -c name=value`. */
  settings: Record<string, string>;
}

const binary = (home: Home, name: string): string =>
  join(home.binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name);

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
  SYSTEMROOT: process.env.SYSTEMROOT,
});

/** Makes the cluster under another name first, so that a process killed meanwhile leaves nothing that looks finished. */
export async function createCluster(home: Home, superuserPassword: string): Promise<void> {
  const unfinished = `${home.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = join(unfinished, '..', `password-${process.pid}`);
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
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

/** @returns the port that the server listens on, on 127.0.0.1 only */
export async function startServer(home: Home, options: ServerOptions): Promise<number> {
  let preferred = options.preferredPort;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(preferred);
    const failure = await launch(home, port, options);
    if (failure === undefined) return port;
    // Somebody may have taken the port between the look and the start.
    if (attempt === 5 || !/could not bind|Address already in use/.test(failure)) {
      throw new Error(`PostgreSQL did not start; it said:\n${failure}`);
    }
    preferred = 0;
  }
}

/** @returns what the server said when it did not start */
async function launch(home: Home, port: number, options: ServerOptions): Promise<string | undefined> {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '400',
    synchronous_commit: 'on',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
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
    if (await answers(port, options.superuserPassword)) return undefined;
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

export async function stopServer(home: Home): Promise<void> {
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
export async function stopOrphan(home: Home): Promise<void> {
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

/**
 * The server running on this very directory, if any: a copied directory brings another server's pid file along, and after a power cut
 * the number in it may be that of some other program.
 */
export function readPostmaster(home: Home): { pid: number; port: number } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(home.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isSamePath(lines[1], home.cluster)) return undefined;
  return isRunning(pid) && (commandOf(pid)?.includes('postgres') ?? true) ? { pid, port } : undefined;
}
