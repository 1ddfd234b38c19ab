import { spawn } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Redis {
  url: string;
  stop(): void;
}

/** Starts a private redis-server that keeps nothing on disk; undefined where there is none on the PATH. */
export async function startRedis(): Promise<Redis | undefined> {
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
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && !ended; await delay(20)) {
    if (await accepts(port)) return { url: `redis://127.0.0.1:${port}`, stop: () => void server.kill('SIGTERM') };
  }
  server.kill('SIGKILL');
  return undefined;
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
