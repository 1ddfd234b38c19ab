/** What each `npm run <verb>` does, on Node 24 and with everything installed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNode } from './child.ts';
import { reportCoverage } from './coverage-requirements.ts';
import { dataDirectory, demo, demoEnvironment, develop, reset, withDatabase } from './demo.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { prepare } from './prepare.ts';
import { test } from './test.ts';

/** Takes the arguments after the verb and returns the exit code. */
const VERBS: Record<string, (args: string[]) => Promise<number>> = {
  demo: async (args) => {
    if (args.includes('--reset')) await reset();
    return demo();
  },

  test,

  dev: () => develop(),

  build: async () => {
    await prepare();
    console.log('dist/ is up to date.');
    return 0;
  },

  start: async () => {
    if (!process.env.DATABASE_URL) {
      throw new Error('npm start needs DATABASE_URL. (npm run demo brings a database of its own.) See .env.example.');
    }
    await prepare();
    return runNode(join(ROOT, 'dist/src/main.js'));
  },

  sandbox: async () => {
    await prepare();
    return runNode(join(ROOT, 'dist/src/sandbox/main.js'));
  },

  migrate: async (args) => {
    if (args[0] === '--new') return runNode(join(ROOT, 'scripts/make-migration.ts'), args.slice(1));
    if (process.env.DATABASE_URL) return runNode(join(ROOT, 'scripts/migrate.ts'));
    await withDatabase(migrate);
    return 0;
  },

  doctor: async (args) => {
    await prepare();
    const program = join(ROOT, 'dist/src/doctor.js');
    if (process.env.DATABASE_URL) return runNode(program, args);
    return withDatabase((database) => runNode(program, args, demoEnvironment(database)));
  },

  openapi: async (args) => {
    await prepare();
    const nowhere = 'postgresql://nodue_app@127.0.0.1:5433/nodue';
    return runNode(
      join(ROOT, 'dist/src/openapi.js'),
      args,
      demoEnvironment({ databaseUrl: nowhere, databaseOwnerUrl: nowhere }),
    );
  },

  bench: async (args) => {
    await prepare();
    const names = readdirSync(join(ROOT, 'bench')).filter((name) => name.endsWith('.bench.ts'));
    const chosen = args.length === 0 ? names : names.filter((name) => args.some((arg) => name.startsWith(arg)));
    if (chosen.length === 0) throw new Error(`No such benchmark. There are: ${names.join(', ')}`);
    for (const name of chosen) {
      const database = await startEmbeddedPostgres({ directory: join(dataDirectory(), 'bench') });
      try {
        await migrate(database);
        const code = await runNode(join(ROOT, 'bench', name), [], demoEnvironment(database));
        if (code !== 0) return code;
      } finally {
        await database.stop();
      }
    }
    return 0;
  },

  'coverage:requirements': async (args) => reportCoverage(ROOT, args),
};

const [verb = '', ...args] = process.argv.slice(2);
// An operator's settings; the demo and the tests bring their own.
if (['start', 'migrate', 'doctor'].includes(verb) && existsSync(join(ROOT, '.env')))
  process.loadEnvFile(join(ROOT, '.env'));
try {
  process.exitCode = (await VERBS[verb]?.(args)) ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
