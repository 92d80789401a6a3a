import { WorkflowFixture } from './fixture';

/**
 * A fixture for the tests of a file: `opened` is given it before the first one, and each begins with a fixture
 * that is reset. The time-skipping server loses a wake-up now and then: then the test is repeated on a new one.
 */
export function fixtureForEachTest(opened: (fixture: WorkflowFixture) => void): void {
  let fixture: WorkflowFixture;
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
  beforeAll(async () => {
    fixture = await WorkflowFixture.start();
    opened(fixture);
  });
  afterAll(() => fixture.close());
  beforeEach(() => fixture.reset());
}
