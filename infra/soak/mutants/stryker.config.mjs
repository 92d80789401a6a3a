/** Mutants run against unit tests alone: nothing that needs a server is instrumented. */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    configFile: 'infra/soak/mutants/jest.config.cjs',
    enableFindRelatedTests: true,
  },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  ignorePatterns: ['dist', '.spillway', 'web/dist', 'bench/results'],
  tempDirName: 'dist/mutants/sandbox',
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'dist/mutants/report.json' },
  thresholds: { high: 90, low: 80, break: null },
  allowEmpty: false,
};
