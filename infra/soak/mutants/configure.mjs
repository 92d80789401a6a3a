/**
 * Stryker's configuration for a group of files and the unit tests that should notice their mutants. The fewer
 * tests may be concerned, the sooner it is known: every mutant loads each test file that imports its file.
 */
export const configure = (group, { tests, sources }) => ({
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner', './infra/soak/mutants/catalogueSentences.mjs'],
  ignorers: ['catalogue-sentences'],
  jest: {
    projectType: 'custom',
    configFile: 'infra/soak/mutants/jest.config.cjs',
    enableFindRelatedTests: true,
    config: {
      testMatch: tests.map((folder) => `<rootDir>/test/${folder}/**/*.unit.ts`),
      // Nothing else is looked through for files that import the mutated one.
      roots: [...sources, 'test/support', ...tests.map((folder) => `test/${folder}`)].map(
        (folder) => `<rootDir>/${folder}`,
      ),
      watchman: false,
    },
  },
  coverageAnalysis: 'perTest',
  // Tables are rules too: what is read once, as a module is loaded, is mutated like the rest.
  ignoreStatic: false,
  ignorePatterns: ['dist', '.spillway', 'web/dist', 'bench/results'],
  tempDirName: `dist/mutants/${group}`,
  // Always written, and read where the soak is told to reuse it.
  incremental: true,
  incrementalFile: `dist/mutants/${group}.incremental.json`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `dist/mutants/${group}.json` },
  thresholds: { high: 90, low: 80, break: null },
  allowEmpty: false,
});
