import { WorkflowFixture } from './fixture';

/** A fixture for the tests of a file: `opened` is given it before the first one, and each begins with it reset. */
export function fixtureForEachTest(opened: (fixture: WorkflowFixture) => void): void {
  let fixture: WorkflowFixture;
  beforeAll(async () => {
    fixture = await WorkflowFixture.start();
    opened(fixture);
  });
  afterAll(() => fixture.close());
  beforeEach(() => fixture.reset());
}
