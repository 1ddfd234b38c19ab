import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

describe('The two commands explain themselves (contract 1)', () => {
  it('when a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    const outcome = await run(ROOT, ['scripts/nodue.mjs', 'demo'], { PORT: String(port) });
    other.close();
    expect(outcome.code).toBe(1);
    expect(outcome.said).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 100} npm run demo\n`,
    );
  });

  it('when production is started without a database', async () => {
    const outcome = await run(ROOT, ['scripts/nodue.mjs', 'start'], { DATABASE_URL: '' });
    expect(outcome.code).toBe(1);
    expect(outcome.said).toMatch(/^npm start needs DATABASE_URL/);
  });

  it('when a verb does not exist', async () => {
    const outcome = await run(ROOT, ['scripts/nodue.mjs', 'dance']);
    expect(outcome).toEqual({ code: 1, said: expect.stringMatching(/^Usage: npm run <demo \| test /) });
  });

  describe('when a download is refused', () => {
    let clone: string;
    beforeEach(() => {
      clone = mkdtempSync(join(tmpdir(), 'nodue-clone-'));
      mkdirSync(join(clone, 'scripts'));
      for (const file of ['scripts/nodue.mjs', 'package-lock.json']) cpSync(join(ROOT, file), join(clone, file));
    });
    afterEach(() => rmSync(clone, { recursive: true }));

    it.each([
      ['npm error code ENOTFOUND', 'The package registry cannot be reached.'],
      ['npm error code E403', 'The package registry, or a proxy before it, refused a download.'],
      ['npm error code ENOSPC', 'The disk is full'],
    ])('after "%s": %s', async (npmSays, weSay) => {
      const npm = join(clone, 'npm.mjs');
      writeFileSync(npm, `console.error(${JSON.stringify(npmSays)}); process.exit(1);`);
      const outcome = await run(clone, ['scripts/nodue.mjs', 'demo'], { npm_execpath: npm });
      expect(outcome.code).toBe(1);
      expect(outcome.said).toContain('Installing the packages that package-lock.json names (npm ci) ...');
      expect(outcome.said).toContain(weSay);
    });
  });
});

function run(
  directory: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => done({ code, said }));
  });
}
