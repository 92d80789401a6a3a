import { WorkflowBench } from './workflowFixture';

/**
 * A bench for the tests of a file: `opened` is given it before the first one, and each begins with a bench
 * that is reset. The time-skipping server loses a wake-up now and then: then the test is repeated on a new one.
 */
export function benchForEachTest(opened: (bench: WorkflowBench) => void): void {
  let bench: WorkflowBench;
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
  beforeAll(async () => {
    bench = await WorkflowBench.start();
    opened(bench);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.reset());
}
