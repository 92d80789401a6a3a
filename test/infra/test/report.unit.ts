import {
  addUp,
  DIED,
  renderSummary,
  slowestTests,
  timeByArea,
  type JestResult,
} from '../../../infra/test/report';

const testFile = (name: string, seconds: number, tests: Record<string, number>) => ({
  name: `/clone/test/${name}`,
  startTime: 1_000,
  endTime: 1_000 + seconds * 1_000,
  assertionResults: Object.entries(tests).map(([fullName, duration]) => ({ fullName, duration })),
});

const result = (...testResults: JestResult['testResults']): JestResult => ({
  numPassedTests: 3,
  numFailedTests: 1,
  numRuntimeErrorTestSuites: 0,
  testResults,
});

describe('the summary of npm test', () => {
  const results = [
    result(testFile('core/rollouts/verdict.unit.ts', 1, { 'a verdict': 20 })),
    result(
      testFile('core/rollouts/deep/cohort.unit.ts', 2, { 'a cohort': 1_500 }),
      testFile('faults/matrix.long.ts', 60, { 'a fault': 40_000 }),
    ),
  ];

  test('counts a run that died as a failure', () => {
    expect(addUp([result(), DIED])).toEqual({ passed: 3, failed: 2 });
  });

  test('adds the time of files up by the first two folders below test/, the longest first', () => {
    expect(timeByArea(results, '/clone/test')).toEqual([
      { name: 'faults', ms: 60_000 },
      { name: 'core/rollouts', ms: 3_000 },
    ]);
  });

  test('names the slowest tests with their files', () => {
    expect(slowestTests(results, '/clone/test', 2)).toEqual([
      { name: 'a fault · faults/matrix.long.ts', ms: 40_000 },
      { name: 'a cohort · core/rollouts/deep/cohort.unit.ts', ms: 1_500 },
    ]);
  });

  test('ends with what passed and failed', () => {
    const text = renderSummary(results, { testFolder: '/clone/test', elapsedMs: 90_000 });
    expect(text).toContain('1.5 minutes');
    expect(text.trimEnd().split('\n').at(-1)).toBe('6 passed, 2 failed');
  });
});
