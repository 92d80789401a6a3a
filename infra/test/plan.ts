/** The kinds of tests, as jest.config.cjs names them. */
export const KINDS = ['unit', 'workflow', 'integration', 'e2e', 'browser'] as const;
export type Kind = (typeof KINDS)[number];

/** One run of Jest: kinds that may share it. */
export interface JestRun {
  kinds: readonly Kind[];
  /** One test file at a time: each of them brings up a whole stack. */
  isSerial: boolean;
  printsCoverage: boolean;
}

/**
 * The runs for the kinds that were asked for (all when none was): what shares servers goes together, what
 * starts a stack of its own goes one file after the other.
 * @throws Error naming the kinds that there are
 */
export function planRuns(asked: readonly string[]): JestRun[] {
  const unknown = asked.filter((kind) => !KINDS.some((known) => known === kind));
  if (unknown.length > 0)
    throw new Error(`no such kind of tests: ${unknown.join(', ')}; there are ${KINDS.join(', ')}`);
  const wanted = KINDS.filter((kind) => asked.length === 0 || asked.includes(kind));
  const unit = wanted.filter((kind) => kind === 'unit');
  const onServers = wanted.filter((kind) => kind === 'workflow' || kind === 'integration');
  const alone = wanted.filter((kind) => kind === 'e2e' || kind === 'browser');
  const together: JestRun[] = [
    { kinds: unit, isSerial: false, printsCoverage: asked.length === 0 },
    { kinds: onServers, isSerial: false, printsCoverage: false },
  ];
  return [
    ...together.filter(({ kinds }) => kinds.length > 0),
    ...alone.map((kind) => ({ kinds: [kind], isSerial: true, printsCoverage: false })),
  ];
}

/** Arguments of Jest; a kind without any test file yet is no failure. */
export function jestArguments(run: JestRun, resultFile: string, extra: readonly string[]): string[] {
  return [
    '--passWithNoTests',
    '--json',
    `--outputFile=${resultFile}`,
    // In processes of their own also on two cores, where Jest would run all files in one that only grows.
    ...(run.isSerial ? ['--runInBand'] : ['--maxWorkers=2', '--workerIdleMemoryLimit=1GB']),
    ...(run.printsCoverage ? ['--coverage'] : []),
    ...extra,
    '--selectProjects',
    ...run.kinds,
  ];
}

export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  numRuntimeErrorTestSuites: number;
}

/** Adds up runs; a file that could not even be loaded counts as one failure. */
export function addUp(results: readonly JestResult[]): { passed: number; failed: number } {
  const sum = (of: (result: JestResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    passed: sum((result) => result.numPassedTests),
    failed: sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites),
  };
}
