/** Six kinds of tests; `test/README.md` says what each may touch. */
const common = {
  testEnvironment: 'node',
  resolver: '<rootDir>/test/support/jest/resolver.cjs',
  transform: { '^.+\\.(ts|tsx|js|mjs)$': '<rootDir>/test/support/jest/transform.cjs' },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.spillway/'],
};

const kind = (displayName, testMatch, extra = {}) => ({ ...common, displayName, testMatch, ...extra });

/** @type {import('jest').Config} */
module.exports = {
  collectCoverageFrom: [
    '{activities,adapters,api,cli,contracts,core,host,infra,platform,pxp,sdk,worker,workflows}/**/*.ts',
  ],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'json-summary'],
  coverageDirectory: '<rootDir>/dist/coverage',
  testTimeout: 120_000,
  projects: [
    kind('unit', ['<rootDir>/test/**/*.unit.ts']),
    kind('workflow', ['<rootDir>/test/**/*.workflow.ts'], {
      globalSetup: '<rootDir>/test/support/jest/workflowSetup.ts',
    }),
    kind('integration', ['<rootDir>/test/**/*.integration.ts'], {
      globalSetup: '<rootDir>/test/support/jest/serversSetup.ts',
      globalTeardown: '<rootDir>/test/support/jest/serversTeardown.ts',
    }),
    kind('e2e', ['<rootDir>/test/**/*.e2e.ts']),
    kind('browser', ['<rootDir>/test/**/*.browser.ts']),
    kind('long', ['<rootDir>/test/**/*.long.ts']),
  ],
};
