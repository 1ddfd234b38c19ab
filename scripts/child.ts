import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const ROOT = resolve(import.meta.dirname, '..');

const STOP_DEADLINE_MS = 30_000;

export interface Child {
  /** The exit code; 1 when a signal ended it. */
  ended: Promise<number>;
  /** Asks it to end, insists after 30 seconds, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts a Node program in a process group of its own: Ctrl-C reaches this process alone, which stops its children in order.
 * The child stops by itself when this process is killed.
 */
export function startNode(program: string, args: string[] = [], environment: NodeJS.ProcessEnv = process.env): Child {
  const follow = pathToFileURL(join(import.meta.dirname, 'follow-parent.mjs')).href;
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', follow, program, ...args], {
    cwd: ROOT,
    env: { ...environment, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await ended.catch(() => undefined);
      clearTimeout(insist);
    },
  };
}

/** Resolves when this process is asked to stop, or when the one that started it is gone. */
export const stopRequested: Promise<'stop'> = new Promise((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('stop'));
  process.once('disconnect', () => done('stop'));
  process.channel?.unref();
});

/** Runs a Node program to its end, or until this process is asked to stop. @returns its exit code */
export async function runNode(program: string, args?: string[], environment?: NodeJS.ProcessEnv): Promise<number> {
  const child = startNode(program, args, environment);
  const first = await Promise.race([child.ended, stopRequested]);
  if (first !== 'stop') return first;
  await child.stop();
  return 0;
}
