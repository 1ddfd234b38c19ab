import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  build?: string | { dockerfile: string };
  command?: string[];
  environment?: Record<string, unknown>;
  ports?: string[];
}
const services = (path: string): Record<string, Service> =>
  (parse(read(path), { merge: true }) as { services: Record<string, Service> }).services;
const manifest = JSON.parse(read('package.json')) as {
  license: string;
  engines: { node: string };
  scripts: Record<string, string>;
};

describe('The repository', () => {
  it('has an example of every secret and the value of none (S2.54)', () => {
    const example = new Map(
      read('.env.example')
        .split('\n')
        .flatMap((line) => {
          const [, name, value] = /^([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
          return name === undefined ? [] : [[name, value] as const];
        }),
    );
    for (const secret of ['META_APP_SECRET', 'ENCRYPTION_KEYS', 'JWT_SECRET', 'PLATFORM_KEY', 'S3_SECRET_ACCESS_KEY'])
      expect([secret, example.get(secret)]).toEqual([secret, '']);
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  it('brings application, worker, database and Redis up with Compose; none but the API is reached from without (S2.55, S2.83, S2.86)', () => {
    const composed = services('docker-compose.yml');
    expect(Object.keys(composed).sort()).toEqual(['api', 'migrate', 'postgres', 'redis', 'worker']);
    expect(composed['worker']!.environment).toMatchObject({ ROLE: 'worker' });
    const open = Object.entries(composed).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(open).toEqual([['api', '127.0.0.1:3000:3000']]);
    for (const name of ['api', 'worker']) expect(composed[name]!.environment).not.toHaveProperty('DATABASE_OWNER_URL');
  });

  it('starts with any Node from 20.19 on, and says so to older ones (S2.56)', () => {
    expect(manifest.engines.node).toBe('>=20.19');
    expect(read('scripts/nodue.mjs')).toContain('NoDue needs Node 20.19 or later');
  });

  it('has unit tests of every kind of code, tests over HTTP, and a style that is watched (S2.71)', () => {
    for (const pattern of [
      'src/modules/*/domain/**/*.spec.ts',
      'src/modules/*/application/**/*.spec.ts',
      'src/modules/*/infrastructure/**/*.spec.ts',
      'test/*/**/*.test.ts',
    ])
      expect(globSync(pattern, { cwd: ROOT }).length).toBeGreaterThan(0);
    expect(manifest.scripts['lint']).toMatch(/eslint \..*prettier --check.*tsc --noEmit/);
  });

  it('says what to do about 401, duplicates and a queue that stands (S2.79)', () => {
    const operations = read('docs/operations.md');
    for (const symptom of [
      'answer 401',
      'gets 401',
      'IDEMPOTENCY_KEY_USED',
      'the same message twice',
      'queue is stuck',
    ])
      expect(operations).toContain(symptom);
  });

  it('says how to contribute (S2.90)', () => {
    const contributing = read('CONTRIBUTING.md');
    for (const heading of ['Where things are', 'Tests', 'Commits and pull requests'])
      expect(contributing).toContain(`## ${heading}`);
    for (const word of ['Conventional Commits', 'feat/...', 'A pull request is ready when', 'npm test'])
      expect(contributing).toContain(word);
  });

  it('is free under the MIT license (S2.91)', () => {
    expect(read('LICENSE')).toMatch(/^MIT License/);
    expect(manifest.license).toBe('MIT');
  });

  it('is held to lint and tests before a change is taken (S2.92)', () => {
    const steps = read('.ci/run');
    for (const step of ['npm test', 'npm run lint', 'npm run arch', 'npm run openapi -- --check'])
      expect(steps).toContain(step);
    execFileSync('bash', ['-n', join(ROOT, '.ci/run')]);
    expect(read('CONTRIBUTING.md')).toContain('bash .ci/run');
  });

  it('has a container to develop in, with lint and tests by one command (S2.93, S2.94)', () => {
    expect(read('Dockerfile.dev')).toContain('CMD ["npm", "run", "dev"]');
    const { dev, lint, test } = services('docker-compose.dev.yml');
    for (const service of [dev, lint, test]) expect(service!.build).toMatchObject({ dockerfile: 'Dockerfile.dev' });
    expect([dev, lint, test].map((service) => service!.command)).toEqual([
      ['npm', 'run', 'dev'],
      ['npm', 'run', 'lint'],
      ['npm', 'test'],
    ]);
  });

  it('has the scripts that everybody tries first (S2.96)', () => {
    for (const script of ['dev', 'start', 'test', 'lint']) expect(manifest.scripts).toHaveProperty([script]);
  });
});
