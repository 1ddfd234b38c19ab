/** Makes what the sources do not hold: the database client and dist/. Each only when what it is made from has changed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './child.ts';

const run = promisify(execFile);
const GENERATED = join(ROOT, 'src/platform/database/generated');
const DIST = join(ROOT, 'dist');

export async function prepare(): Promise<void> {
  const schema = hash('prisma/schema', 'package-lock.json');
  if (!isFresh(GENERATED, schema)) {
    console.log('Generating the database client ...');
    // Generating needs no schema engine; naming any file that exists keeps Prisma from downloading one.
    await tool('prisma/build/index.js', ['generate', '--schema', 'prisma/schema', '--no-hints'], {
      PRISMA_SCHEMA_ENGINE_BINARY: join(ROOT, 'package.json'),
    });
    stamp(GENERATED, schema);
  }
  const sources = hash('src', '.swcrc', 'package-lock.json');
  if (!isFresh(DIST, sources)) {
    console.log('Building ...');
    await build(sources);
  }
}

/** Builds beside dist and swaps, so that what runs from dist never meets a half of it. */
async function build(sources: string): Promise<void> {
  const fresh = `${DIST}-${process.pid}`;
  const old = `${fresh}-old`;
  try {
    await tool('@swc/cli/bin/swc.js', ['src', '--out-dir', fresh, '--config-file', '.swcrc', '--quiet']);
    stamp(fresh, sources);
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

async function tool(path: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  try {
    await run(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${path} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

const stampOf = (directory: string): string => join(directory, '.made-from');

const isFresh = (directory: string, inputs: string): boolean =>
  existsSync(stampOf(directory)) && readFileSync(stampOf(directory), 'utf8') === inputs;

function stamp(directory: string, inputs: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(stampOf(directory), inputs);
}

function hash(...paths: string[]): string {
  const sum = createHash('sha256');
  for (const path of paths)
    for (const file of filesOf(join(ROOT, path))) sum.update(file).update(readFileSync(join(ROOT, file)));
  return sum.digest('hex');
}

function filesOf(path: string): string[] {
  if (path === GENERATED) return [];
  if (!statSync(path).isDirectory()) return [relative(ROOT, path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
