import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What must not be known, by whom, and the rule that says so. */
const VIOLATIONS: [rule: string, from: string, imports: string][] = [
  ['kernel-knows-nothing', 'src/kernel/a.ts', 'src/platform/queue/queue.ts'],
  ['kernel-without-framework', 'src/kernel/b.ts', '@nestjs/common'],
  ['kernel-without-framework', 'src/kernel/c.ts', 'node:fs'],
  ['platform-knows-kernel', 'src/platform/queue/a.ts', 'src/modules/tenants/index.ts'],
  ['module-by-its-face', 'src/modules/messaging/application/a.ts', 'src/modules/tenants/domain/tenant.ts'],
  ['module-by-its-face-from-outside', 'src/app.module.ts', 'src/modules/tenants/domain/tenant.ts'],
  ['module-knows-platform-and-kernel', 'src/modules/tenants/infrastructure/a.ts', 'src/serve.ts'],
  ['sandbox-known-by-composition-root', 'src/modules/messaging/infrastructure/a.ts', 'src/sandbox/index.ts'],
  ['sandbox-known-by-composition-root', 'src/platform/clock/a.ts', 'src/sandbox/index.ts'],
  ['sandbox-knows-kernel', 'src/sandbox/a.ts', 'src/platform/queue/queue.ts'],
  ['domain-knows-kernel', 'src/modules/tenants/domain/a.ts', 'src/modules/tenants/application/port.ts'],
  ['domain-knows-kernel', 'src/modules/messaging/domain/inbound/a.ts', 'src/platform/queue/queue.ts'],
  ['domain-without-framework', 'src/modules/tenants/domain/b.ts', '@nestjs/common'],
  ['domain-without-framework', 'src/modules/tenants/domain/c.ts', '@prisma/client'],
  [
    'application-knows-domain-and-ports',
    'src/modules/tenants/application/a.ts',
    'src/modules/tenants/infrastructure/adapter.ts',
  ],
  ['application-without-framework', 'src/modules/tenants/application/b.ts', 'fastify'],
  ['only-database-opens-connections', 'src/modules/tenants/infrastructure/b.ts', 'pg'],
  ['only-database-opens-connections', 'src/platform/queue/b.ts', '@prisma/client'],
  [
    'only-database-opens-connections',
    'src/modules/tenants/infrastructure/c.ts',
    'src/platform/database/generated/client.ts',
  ],
  ['arrows-tenants', 'src/modules/tenants/application/c.ts', 'src/modules/customers/index.ts'],
  ['arrows-messaging', 'src/modules/messaging/application/b.ts', 'src/modules/customers/index.ts'],
  ['arrows-customers', 'src/modules/customers/application/a.ts', 'src/modules/messaging/index.ts'],
  ['arrows-conversations', 'src/modules/conversations/application/a.ts', 'src/modules/reminders/index.ts'],
  ['arrows-flows', 'src/modules/flows/application/a.ts', 'src/modules/reminders/index.ts'],
  ['arrows-integrations', 'src/modules/integrations/application/a.ts', 'src/modules/flows/index.ts'],
  ['arrows-reminders', 'src/modules/reminders/application/a.ts', 'src/modules/orders/index.ts'],
  ['arrows-orders', 'src/modules/orders/application/a.ts', 'src/modules/invoices/index.ts'],
  ['arrows-invoices', 'src/modules/invoices/application/a.ts', 'src/modules/campaigns/index.ts'],
  ['arrows-campaigns', 'src/modules/campaigns/application/a.ts', 'src/modules/invoices/index.ts'],
  ['no-cycles', 'src/platform/queue/c.ts', 'src/platform/queue/d.ts'],
  ['nothing-missing', 'src/platform/queue/e.ts', 'src/platform/queue/nowhere.ts'],
];

/** Closes the circle of the case for `no-cycles`, which is reported once. */
const WAY_BACK = ['src/platform/queue/d.ts', 'src/platform/queue/c.ts'] as const;

const ALLOWED: [from: string, imports: string][] = [
  ['src/kernel/phone.ts', 'libphonenumber-js'],
  ['src/platform/queue/f.ts', 'src/kernel/words.ts'],
  ['src/app.module.ts', 'src/sandbox/index.ts'],
  ['src/app.module.ts', 'src/modules/conversations/index.ts'],
  ['src/platform/database/pools.ts', 'pg'],
  ['src/modules/tenants/domain/d.ts', 'src/kernel/words.ts'],
  ['src/modules/tenants/application/d.ts', '@nestjs/cqrs'],
  ['src/modules/tenants/application/e.ts', 'src/platform/queue/queue.ts'],
  ['src/modules/tenants/infrastructure/d.ts', 'src/modules/tenants/application/port.ts'],
  ['src/modules/conversations/application/b.ts', 'src/modules/customers/index.ts'],
  ['src/modules/invoices/application/b.ts', 'src/modules/orders/index.ts'],
];

interface Report {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

describe('A bounded context (S0.98, S0.99)', () => {
  const modules = readdirSync(join(ROOT, 'src/modules'));

  it.each(modules)('%s has its rules, its use cases, its adapters, a face and a page about itself', (name) => {
    for (const part of ['domain', 'application', 'infrastructure', 'index.ts', 'README.md'])
      expect([part, existsSync(join(ROOT, 'src/modules', name, part))]).toEqual([part, true]);
  });

  it('keeps messages, conversations and reminders as models of their own', () => {
    const models = readdirSync(join(ROOT, 'prisma/schema')).map((file) => [
      file,
      [...readFileSync(join(ROOT, 'prisma/schema', file), 'utf8').matchAll(/^model (\w+)/gm)].map(([, model]) => model),
    ]);
    const home = (model: string): unknown => models.find(([, names]) => names?.includes(model))?.[0];
    expect(['Message', 'Thread', 'Reminder'].map(home)).toEqual([
      'messaging.prisma',
      'conversations.prisma',
      'reminders.prisma',
    ]);
  });
});

describe('The architecture check', () => {
  let tree: string;
  let reported: string[];

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'nodue-architecture-'));
    const imports = new Map<string, string[]>();
    for (const [from, to] of [...VIOLATIONS.map(([, from, to]) => [from, to] as const), WAY_BACK, ...ALLOWED]) {
      imports.set(from, [...(imports.get(from) ?? []), to]);
      if (to.startsWith('src/') && !to.includes('nowhere') && !imports.has(to)) imports.set(to, []);
    }
    for (const [path, targets] of imports) write(path, targets);
    write(
      'src/modules/tenants/infrastructure/types.ts',
      [],
      "import type { x } from '../../../platform/database/generated/client.js';\n",
    );
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, file), join(tree, file));
    reported = check();
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it.each(VIOLATIONS)('%s: reports that %s knows %s', (rule, from, to) => {
    const target = to.startsWith('src/') && !to.includes('nowhere') ? to : '';
    expect(reported.filter((line) => line.startsWith(`${rule}: ${from} -> ${target}`))).not.toEqual([]);
  });

  it.each(ALLOWED)('lets %s know %s', (from, to) => {
    const target = to.startsWith('src/') ? to : `node_modules/${to}`;
    expect(reported.filter((line) => line.includes(`: ${from} -> ${target}`))).toEqual([]);
  });

  it("lets a module's infrastructure use Prisma's types", () => {
    expect(reported.filter((line) => line.includes('infrastructure/types.ts'))).toEqual([]);
  });

  it('has a case for every rule', () => {
    const { forbidden } = JSON.parse(
      execFileSync(process.execPath, ['-p', 'JSON.stringify(require("./.dependency-cruiser.cjs"))'], {
        cwd: ROOT,
        encoding: 'utf8',
      }),
    ) as { forbidden: { name: string }[] };
    expect([...new Set(VIOLATIONS.map(([rule]) => rule))].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  function write(path: string, targets: string[], text = ''): void {
    const up = '../'.repeat(path.split('/').length - 1);
    const lines = targets.map((target, at) => {
      const name = target.startsWith('src/') ? `${up}${target.replace(/\.ts$/, '.js')}` : target;
      return `import * as i${at} from '${name}';\nvoid i${at};\n`;
    });
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}${lines.join('')}export const x = 1;\n`);
  }

  function check(): string[] {
    const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    let output: string;
    try {
      output = execFileSync(process.execPath, [bin, '--config', '.dependency-cruiser.cjs', '-T', 'json', 'src'], {
        cwd: tree,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
        maxBuffer: 64 << 20,
      });
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    return (JSON.parse(output) as Report).summary.violations.map(
      ({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`,
    );
  }
});
