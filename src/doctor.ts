import 'reflect-metadata';
import { examineDues } from './examine-dues.js';
import { InvalidConfiguration, readConfig } from './platform/config/config.js';
import { examineDatabase } from './platform/health/examine-database.js';
import { examineWebhook } from './platform/health/examine-webhook.js';
import { examineWork } from './platform/health/examine-work.js';
import type { Finding } from './platform/health/finding.js';
import { DatabasePools } from './platform/database/pools.js';

/**
 * Looks at everything that an operator can get wrong (contract 1): configuration, the database role's powers, row security,
 * migrations, the clock, queue lag, the books and what waits for them, the webhook's reachability.
 * @param address where the application is reached from outside; without one it is asked on this machine
 */
export async function* examine(
  environment: Readonly<Record<string, string | undefined>>,
  address?: string,
): AsyncGenerator<Finding> {
  let config;
  try {
    config = readConfig(environment);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    for (const finding of error.findings) yield { level: 'fail', about: 'configuration', says: finding };
    return;
  }
  yield { level: 'ok', about: 'configuration', says: 'every variable is valid' };
  const pools = new DatabasePools(config);
  try {
    let reached = true;
    for await (const finding of examineDatabase(pools, config)) {
      yield finding;
      reached &&= finding.about !== 'database' || finding.level !== 'fail';
    }
    if (reached) {
      yield* examineWork(pools, config);
      yield* examineDues(pools, config);
    }
  } finally {
    await pools.onApplicationShutdown();
  }
  yield* examineWebhook(config, address);
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

if (import.meta.main) {
  let failed = 0;
  for await (const { level, about, says } of examine(process.env, process.argv[2])) {
    process.stdout.write(`${MARKS[level]}  ${about}: ${says}\n`);
    if (level === 'fail') failed++;
  }
  process.exitCode = failed > 0 ? 1 : 0;
}
