import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const REAL_TIME =
  'Take the time from Clock (business time) or performance.now (durations): tests and the sandbox move the clock.';

/** What makes a run unrepeatable; adapters may use it, everybody else asks a port. */
const REAL_CLOCK = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: REAL_TIME },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: REAL_TIME },
  { selector: "CallExpression[callee.name='Date']", message: REAL_TIME },
];
const CHANCE = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: 'Chance is a parameter, or comes from node:crypto.',
};

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a thing is called the same everywhere.',
};

export default defineConfig(
  globalIgnores(['dist*/', 'coverage/', '.nodue/', 'src/platform/database/generated/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['prisma.config.ts'] } } },
    rules: {
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, ...REAL_CLOCK, CHANCE],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A port is an abstract class whose methods promise; an adapter that needs no await keeps the signature.
      '@typescript-eslint/require-await': 'off',
      // An empty class body is a module or a token in NestJS.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['src/modules/*/application/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              allowImportNames: ['Injectable', 'Logger', 'OnModuleInit'],
              message: 'A use case is injectable; HTTP, modules and the rest of the framework are infrastructure.',
            },
            {
              name: '@nestjs/core',
              allowImportNames: ['DiscoveryService'],
              message: 'An extension point finds what others registered; the rest of the framework is infrastructure.',
            },
          ],
        },
      ],
    },
  },
  {
    files: [
      'src/platform/clock/**',
      'src/sandbox/**',
      'src/demo/**',
      'test/**',
      'scripts/**',
      'bench/**',
      '**/*.spec.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT] },
  },
  {
    // Adapters spread their retries by chance; time they take from the clock like everybody.
    files: ['src/platform/**/*.ts', 'src/modules/*/infrastructure/**/*.ts'],
    ignores: ['src/platform/clock/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, ...REAL_CLOCK] },
  },
  {
    // Prisma asks for it.
    files: ['prisma.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // A test looks into answers whose shape is what it tests.
    files: ['test/**', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'module', 'require', 'Buffer', 'setInterval', 'setTimeout', 'URL', '__dirname'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  prettier,
);
