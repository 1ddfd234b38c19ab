/** Who may know whom: docs/architecture.md. test/architecture proves that each of these rules bites. */

/** The bounded contexts from the bottom up: a module knows those of lower levels. */
const LEVELS = [
  ['tenants'],
  ['messaging', 'customers'],
  ['conversations'],
  ['flows', 'integrations'],
  ['reminders', 'orders'],
  ['invoices', 'campaigns'],
];

const DRIVERS = 'node_modules/(pg|pg-[a-z-]+|@prisma/[^/]+)/';
const FRAMEWORKS = 'node_modules/(@nestjs/[^/]+|@fastify/[^/]+|fastify|bullmq|ioredis|undici|socket[.]io)/';
const GENERATED = '^src/platform/database/generated/';
const IO =
  '^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|inspector|net|os|process|tls|vm|worker_threads)(/|$)';

const arrows = LEVELS.flatMap((modules, level) =>
  modules.map((module) => {
    const below = LEVELS.slice(0, level).flat();
    return {
      name: `arrows-${module}`,
      comment: `${module} may know ${below.length > 0 ? below.join(', ') : 'no other module'}; the others reach it by a handler or an event.`,
      severity: 'error',
      from: { path: `^src/modules/${module}/` },
      to: { path: '^src/modules/', pathNot: [module, ...below].map((name) => `^src/modules/${name}/`) },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-knows-nothing',
      comment: 'The kernel is the words that every context speaks; it knows none of them.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^src/', pathNot: '^src/kernel/' },
    },
    {
      name: 'kernel-without-framework',
      comment: 'No NestJS, no Prisma, no input or output in the kernel.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: [FRAMEWORKS, DRIVERS, IO] },
    },
    {
      name: 'platform-knows-kernel',
      comment: 'Machinery has no business in it.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/(platform|kernel)/' },
    },
    {
      name: 'module-by-its-face',
      comment: 'A module is known to others by its index.ts.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index[.]ts$'] },
    },
    {
      name: 'module-by-its-face-from-outside',
      comment: 'The composition root, too, knows a module by its index.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/modules/' },
      to: { path: '^src/modules/', pathNot: '^src/modules/[^/]+/index[.]ts$' },
    },
    {
      name: 'module-knows-platform-and-kernel',
      comment: 'A module knows the kernel, the platform and other modules; not the composition root.',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/', pathNot: '^src/(modules|platform|kernel|sandbox)/' },
    },
    {
      name: 'sandbox-known-by-composition-root',
      comment: 'The product must not be able to tell the sandbox from Meta.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(sandbox|demo)/', '^src/(main|serve|app[.]module)[.]ts$'] },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'sandbox-knows-kernel',
      comment:
        'The sandbox shares no code with the product but the kernel: it must find the mistakes, not repeat them.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(sandbox|kernel)/' },
    },
    {
      name: 'domain-knows-kernel',
      comment: 'The rules of the business know nothing but themselves and the kernel.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/domain/' },
      to: { path: '^src/', pathNot: ['^src/kernel/', '^src/modules/$1/domain/'] },
    },
    {
      name: 'domain-without-framework',
      comment:
        'No package in the domain but the calendar and linear-time patterns, which are pure; no input or output.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/domain/' },
      to: { path: ['node_modules/', IO], pathNot: 'node_modules/(temporal-polyfill|re2js)/' },
    },
    {
      name: 'application-knows-domain-and-ports',
      comment: 'A use case asks a port; which adapter answers is the business of the module file.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/application/' },
      to: { path: ['^src/modules/$1/infrastructure/', '^src/modules/$1/[^/]+[.]module[.]ts$'] },
    },
    {
      name: 'application-without-framework',
      comment:
        '@nestjs/cqrs, and few words of @nestjs/common and core (ESLint names them); no driver, no transport, no input or output.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/application/' },
      to: { path: [FRAMEWORKS, DRIVERS, IO], pathNot: 'node_modules/@nestjs/(common|core|cqrs)/' },
    },
    {
      name: 'only-database-opens-connections',
      comment: 'PostgreSQL is reached through platform/database, in a tenant scope; elsewhere Prisma is types.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/database/' },
      to: { path: [DRIVERS, GENERATED], dependencyTypesNot: ['type-only'] },
    },
    ...arrows,
    {
      name: 'no-cycles',
      comment: 'What knows each other is one thing, or has an arrow too many.',
      severity: 'error',
      from: { path: '^src/', pathNot: GENERATED },
      to: { circular: true },
    },
    {
      name: 'nothing-missing',
      comment: 'An import that leads nowhere hides from all other rules.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules/', GENERATED] },
    exclude: { path: '[.]spec[.]ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
