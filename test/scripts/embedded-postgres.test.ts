import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import {
  eraseEmbeddedPostgres,
  findRunningPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresAddresses,
  type EmbeddedPostgresOptions,
} from '../../scripts/embedded-postgres.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('The embedded PostgreSQL (contract 1)', () => {
  const directories: string[] = [];
  const running: EmbeddedPostgres[] = [];
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      const gone = child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await gone;
    }
    for (const server of running.splice(0)) await server.stop();
    for (const directory of directories.splice(0)) await eraseEmbeddedPostgres(directory);
  });

  it('keeps its data from one start to the next, until it is reset', async () => {
    const directory = freshDirectory();
    const first = await start({ directory });
    await ask(first, 'CREATE TABLE public.kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start({ directory });
    expect((await ask(second, 'SELECT answer FROM public.kept')).rows).toEqual([{ answer: 42 }]);
    await second.stop();
    await eraseEmbeddedPostgres(directory);
    expect(existsSync(directory)).toBe(false);
  });

  it('is taken over, with what was committed, when its process was killed and left it running', async () => {
    const directory = freshDirectory();
    const child = await startInChild(directory);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await start({ directory });
    expect((await ask(server, 'SELECT answer FROM public.committed')).rows).toEqual([{ answer: 42 }]);
  });

  it('is refused to a second process while the first one runs', async () => {
    const directory = freshDirectory();
    const child = await startInChild(directory);
    await expect(start({ directory })).rejects.toThrow(`is in use by process ${child.pid}`);
  });

  it('starts from a copy of its directory while the original runs', async () => {
    const directory = freshDirectory();
    const original = await start({ directory });
    await ask(original, 'CREATE TABLE public.kept AS SELECT 42 AS answer');
    const copy = freshDirectory();
    execFileSync('cp', ['-a', `${directory}/.`, copy]);
    const second = await start({ directory: copy });
    expect(second.port).not.toBe(original.port);
    expect((await ask(second, 'SELECT answer FROM public.kept')).rows).toEqual([{ answer: 42 }]);
    expect((await ask(original, 'SELECT answer FROM public.kept')).rows).toEqual([{ answer: 42 }]);
  });

  it('leaves another program alone that has the number of its server from before a power cut', async () => {
    const directory = freshDirectory();
    await (await start({ directory })).stop();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    children.push(other);
    writeFileSync(join(directory, 'cluster/postmaster.pid'), `${other.pid}\n${join(directory, 'cluster')}\n0\n5433\n`);
    await start({ directory });
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  it('can be found, and looked at, by another process while it runs', async () => {
    const directory = freshDirectory();
    expect(findRunningPostgres(directory)).toBeUndefined();
    const child = await startInChild(directory);
    const found = findRunningPostgres(directory);
    expect((await ask(found!, 'SELECT answer FROM public.committed')).rows).toEqual([{ answer: 42 }]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(findRunningPostgres(directory)).toBeUndefined();
  });

  it('takes another port when the wanted one is taken, and gives nobody more powers or passwords than needed', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as { port: number };
    const directory = freshDirectory();
    const server = await start({ directory, preferredPort: port });
    taken.close();
    expect(server.port).not.toBe(port);
    expect(statSync(join(directory, 'credentials.json')).mode & 0o777).toBe(0o600);
    await expect(ask(server, 'CREATE TABLE public.stray (id int)', server.databaseUrl)).rejects.toThrow(
      'permission denied',
    );
    const { rows } = await ask(
      server,
      `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname LIKE 'nodue%' ORDER BY 1`,
    );
    const powerless = { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false };
    expect(rows).toEqual([
      { rolname: 'nodue_app', ...powerless },
      { rolname: 'nodue_owner', ...powerless },
    ]);
  });

  function freshDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'nodue-cluster-'));
    // As root the server runs as another account, which must be able to pass.
    chmodSync(directory, 0o755);
    directories.push(directory);
    return directory;
  }

  async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ ...options, settings: { fsync: 'off', shared_buffers: '32MB' } });
    running.push(server);
    return server;
  }

  /** A process that starts the database, commits a table, and stays. */
  async function startInChild(directory: string): Promise<ChildProcess> {
    const program = `
      import { startEmbeddedPostgres } from ${JSON.stringify(join(ROOT, 'scripts/embedded-postgres.ts'))};
      import pg from 'pg';
      const server = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} });
      const client = new pg.Client({ connectionString: server.databaseOwnerUrl });
      await client.connect();
      await client.query('CREATE TABLE IF NOT EXISTS public.committed AS SELECT 42 AS answer');
      console.log('committed');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: ROOT,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  }
});

async function ask(
  server: EmbeddedPostgresAddresses,
  sql: string,
  url = server.databaseOwnerUrl,
): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}
