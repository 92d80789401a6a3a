/** What Jest writes of a run with `--json`, as far as the summary needs it. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: readonly TestFile[];
}

interface TestFile {
  /** Absolute path. */
  name: string;
  /** Milliseconds since 1970. */
  startTime: number;
  endTime: number;
  assertionResults: readonly { fullName: string; duration?: number | null }[];
}

/** The result of a run that died without one: it has failed, however many tests it had. */
export const DIED: JestResult = {
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 1,
  testResults: [],
};

/** Adds up runs; a file that could not even be loaded counts as one failure. */
export function addUp(results: readonly JestResult[]): { passed: number; failed: number } {
  const sum = (count: (result: JestResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  return {
    passed: sum((result) => result.numPassedTests),
    failed: sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites),
  };
}

export interface Timed {
  name: string;
  ms: number;
}

/**
 * Time of test files by area, the longest first: their first two folders below test/. Files that ran side by side
 * count each in full, so the sum may be more than the clock showed.
 */
export function timeByArea(results: readonly JestResult[], testFolder: string): Timed[] {
  const areas = new Map<string, number>();
  for (const { name, startTime, endTime } of results.flatMap((result) => result.testResults)) {
    const area = findArea(name, testFolder);
    areas.set(area, (areas.get(area) ?? 0) + endTime - startTime);
  }
  return longestFirst([...areas].map(([name, ms]) => ({ name, ms })));
}

/** The tests that took longest, with the file of each. */
export function slowestTests(results: readonly JestResult[], testFolder: string, count = 10): Timed[] {
  const tests = results
    .flatMap((result) => result.testResults)
    .flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, duration }) => ({
        name: `${fullName} · ${name.slice(testFolder.length + 1)}`,
        ms: duration ?? 0,
      })),
    );
  return longestFirst(tests).slice(0, count);
}

/** The summary that ends a run: time by area, the slowest tests, and in the last line what passed and failed. */
export function renderSummary(
  results: readonly JestResult[],
  { testFolder, elapsedMs }: { testFolder: string; elapsedMs: number },
): string {
  const { passed, failed } = addUp(results);
  const rows = (all: readonly Timed[]): string[] =>
    all.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${name}`);
  return [
    '',
    'Time by area',
    ...rows(timeByArea(results, testFolder)),
    '',
    'Slowest tests',
    ...rows(slowestTests(results, testFolder)),
    '',
    `${(elapsedMs / 60_000).toFixed(1)} minutes`,
    `${passed} passed, ${failed} failed`,
    '',
  ].join('\n');
}

function findArea(file: string, testFolder: string): string {
  const folders = file
    .slice(testFolder.length + 1)
    .split('/')
    .slice(0, -1);
  return folders.slice(0, 2).join('/') || '.';
}

const longestFirst = (all: readonly Timed[]): Timed[] => [...all].sort((a, b) => b.ms - a.ms);
