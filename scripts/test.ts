/** Runs the suite, and says in its last lines what was skipped and how many tests passed and failed. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from './demo.ts';
import { ROOT, runNode } from './child.ts';
import { prepare } from './prepare.ts';

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be run at all. */
  numRuntimeErrorTestSuites: number;
}

/** @param args go to Jest: paths, `-t <name>`, `--coverage`. @returns the exit code */
export async function test(args: string[]): Promise<number> {
  await prepare();
  const directory = join(dataDirectory(), 'test');
  mkdirSync(directory, { recursive: true });
  const outcome = join(directory, `result-${process.pid}.json`);
  const skips = join(directory, `skipped-${process.pid}.txt`);
  const code = await runNode(
    join(ROOT, 'node_modules/jest/bin/jest.js'),
    ['--json', `--outputFile=${outcome}`, '--passWithNoTests=false', ...args],
    {
      ...process.env,
      NODE_OPTIONS:
        `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
      NODUE_TEST_SKIPS: skips,
    },
  );
  const result = read(outcome);
  const skipped = existsSync(skips) ? [...new Set(readFileSync(skips, 'utf8').trim().split('\n'))] : [];
  rmSync(outcome, { force: true });
  rmSync(skips, { force: true });

  const failed = result ? result.numFailedTests + result.numRuntimeErrorTestSuites : 1;
  const left = result ? result.numPendingTests + result.numTodoTests : 0;
  for (const reason of skipped) console.log(`Skipped: ${reason}`);
  console.log(`${result?.numPassedTests ?? 0} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ''}`);
  return code === 0 && failed === 0 && result !== undefined ? 0 : 1;
}

function read(path: string): JestResult | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JestResult) : undefined;
}
