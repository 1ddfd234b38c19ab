import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isSameProcess, type ProcessIdentity } from '../../scripts/process-identity.ts';

export interface Redis {
  url: string;
  stop(): void;
}

/**
 * Starts a private redis-server that keeps nothing on disk; undefined where there is none on the PATH.
 *
 * @param directory belongs to the run; one that an earlier, killed run with the same directory left behind is stopped
 */
export async function startRedis(directory: string): Promise<Redis | undefined> {
  const note = join(directory, 'redis.json');
  stopLeftBehind(note);
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      ...['--maxmemory-policy', 'noeviction', '--databases', '1024', '--loglevel', 'warning'],
    ],
    { stdio: 'ignore' },
  );
  let ended = false;
  server.once('error', () => (ended = true));
  server.once('exit', () => (ended = true));
  server.unref();
  if (server.pid !== undefined) writeFileSync(note, JSON.stringify(identityOf(server.pid)));
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && !ended; await delay(20)) {
    if (await accepts(port)) return { url: `redis://127.0.0.1:${port}`, stop: () => void server.kill('SIGTERM') };
  }
  server.kill('SIGKILL');
  return undefined;
}

function stopLeftBehind(note: string): void {
  if (!existsSync(note)) return;
  const left = JSON.parse(readFileSync(note, 'utf8')) as ProcessIdentity;
  if (isSameProcess(left)) process.kill(left.pid, 'SIGTERM');
  rmSync(note);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
