if (!process.execArgv.concat(process.env.NODE_OPTIONS ?? '').some((option) => option.includes('vm-modules'))) {
  throw new Error('Tests run as ES modules: use "npm test -- <path>", or set NODE_OPTIONS=--experimental-vm-modules.');
}

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  maxWorkers: 2,
  // What a file of ES modules has loaded is never given back: a worker that has grown makes room for a new one.
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 180_000,
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/platform/database/generated/**'],
  coverageReporters: ['text-summary', 'lcov'],
};
