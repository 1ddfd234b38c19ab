import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, startNode, type Child } from '../../scripts/child.ts';

export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a Node program that listens on PORT, and waits until it does. */
export async function startServer(program: string, args: string[], environment: NodeJS.ProcessEnv): Promise<Server> {
  const port = await freePort();
  const child = startNode(join(ROOT, program), args, { ...environment, PORT: String(port) });
  await listening(port, child);
  return { port, stop: () => child.stop() };
}

/** The whole application as in production, without the sandbox. */
export function startApplication(role: 'all' | 'api' | 'worker', environment: NodeJS.ProcessEnv): Promise<Server> {
  return startServer('dist/src/main.js', [], applicationEnvironment(role, environment));
}

export function applicationEnvironment(
  role: 'all' | 'api' | 'worker',
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { SANDBOX: _, ...rest } = environment;
  return {
    ...rest,
    NODE_ENV: 'test',
    ROLE: role,
    SANDBOX: '0',
    WHATSAPP_GRAPH_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function listening(port: number, child: Child): Promise<void> {
  let ended = false;
  void child.ended.then(() => (ended = true));
  for (const deadline = performance.now() + 30_000; performance.now() < deadline && !ended; await delay(50)) {
    const socket = connect(port, '127.0.0.1');
    const answered = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
  }
  throw new Error('The server did not start');
}
