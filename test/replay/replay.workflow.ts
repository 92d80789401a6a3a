import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { parsed, readHistories, recordedReleases, type RecordedHistory } from './histories';
import { paths } from './paths';

const releases = recordedReleases().map((release) => ({ release, histories: readHistories(release) }));

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
});

/** What the present workflows make of a history: nothing, or why they would have gone another way. */
async function replay(recorded: Pick<RecordedHistory, 'workflowId' | 'history'>): Promise<Error | undefined> {
  const options = { workflowBundle: { codePath: process.env.SPILLWAY_WORKFLOW_BUNDLE! } };
  const all = [{ workflowId: recorded.workflowId, history: parsed(recorded) }];
  for await (const { error } of Worker.runReplayHistories(options, all)) return error;
  throw new Error('nothing was replayed');
}

describe.each(releases)('histories of $release', ({ histories }) => {
  test('are kept for every way that a release can go, each to its end', () => {
    const names = histories.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(paths)));
    for (const { name, history } of histories)
      expect([name, history.events.at(-1)?.eventType]).toEqual([
        name,
        'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
      ]);
  });

  test.each(histories.map((each) => [each.name, each] as const))(
    'are taken up by the present workflows without going another way: “%s”',
    async (_, recorded) => {
      expect(await replay(recorded)).toBeUndefined();
    },
  );
});

test('a workflow that went another way would be noticed', async () => {
  const [recorded] = releases[0]!.histories;
  const text = JSON.stringify(recorded!.history).replaceAll('"assemblePackage"', '"somethingElse"');
  const history = JSON.parse(text) as RecordedHistory['history'];
  expect(await replay({ ...recorded!, history })).toBeInstanceOf(DeterminismViolationError);
});
