import { jestArguments, parseRequest, planRuns } from '../../../infra/test/plan';

const files = [
  'core/cohort.unit.ts',
  'core/rollouts/verdict.unit.ts',
  'api/process.integration.ts',
  'api/rollouts/rollout.unit.ts',
  'workflows/rollouts/rollout.workflow.ts',
  'faults/samples.e2e.ts',
  'faults/matrix.long.ts',
  'web/frame.browser.ts',
];
const parse = (...words: string[]) => parseRequest(words, files);

describe('npm test', () => {
  test('runs every kind but the long one when nothing is asked for, on servers of its own', () => {
    expect(parse()).toEqual({
      kinds: ['unit', 'workflow', 'integration', 'e2e', 'browser'],
      areas: [],
      jestOptions: [],
      isCold: true,
    });
    expect(parse('long')).toMatchObject({ kinds: ['long'], areas: [], isCold: true });
  });

  test('runs an area with the kinds that have tests there, on warm servers', () => {
    expect(parse('api')).toMatchObject({ kinds: ['unit', 'integration'], areas: ['api'], isCold: false });
    expect(parse('core/rollouts')).toMatchObject({ kinds: ['unit'], areas: ['core/rollouts'] });
    expect(parse('core/cohort')).toMatchObject({ kinds: ['unit'], areas: ['core/cohort'] });
    expect(parse('faults')).toMatchObject({ kinds: ['e2e'] });
  });

  test('runs one kind of an area when both are named, and hands options to Jest', () => {
    expect(parse('faults', 'long', '--verbose')).toMatchObject({
      kinds: ['long'],
      areas: ['faults'],
      jestOptions: ['--verbose'],
    });
  });

  test('starts servers of its own for an area when it is told to', () => {
    expect(parse('api', '--cold')).toMatchObject({ areas: ['api'], jestOptions: [], isCold: true });
  });

  test('refuses a word that is no kind and no area, and says what there is', () => {
    expect(() => parse('api', 'units', 'cor')).toThrow(
      /^no such kind or area of tests: units, cor\nkinds: unit, .*long\nareas: api, core, faults, web, workflows/,
    );
  });

  test('runs kinds that share servers together and those with a stack of their own one after the other', () => {
    expect(planRuns(parse())).toEqual([
      { kinds: ['unit'], isSerial: false, printsCoverage: true },
      { kinds: ['workflow', 'integration'], isSerial: false, printsCoverage: false },
      { kinds: ['e2e'], isSerial: true, printsCoverage: false },
      { kinds: ['browser'], isSerial: true, printsCoverage: false },
    ]);
    const request = parse('browser');
    const [run] = planRuns(request);
    expect(jestArguments(run!, 'out.json', request)).toEqual(
      expect.arrayContaining(['--runInBand', '--selectProjects', 'browser']),
    );
  });

  test('tells Jest an area by the path below test/, and takes no neighbour along', () => {
    const request = parse('core/rollouts', 'api');
    const args = jestArguments(planRuns(request)[0]!, 'out.json', request);
    const patterns = args.slice(args.indexOf('--testPathPatterns') + 1).map((each) => new RegExp(each));
    const matches = (file: string) => patterns.some((pattern) => pattern.test(file));
    expect(matches('/clone/test/core/rollouts/verdict.unit.ts')).toBe(true);
    expect(matches('/clone/test/api/process.integration.ts')).toBe(true);
    expect(matches('/clone/test/core/rolloutsOfOthers/verdict.unit.ts')).toBe(false);
    expect(matches('/clone/test/adapters/db/api.unit.ts')).toBe(false);
  });
});
