import { Client, Connection } from '@temporalio/client';
import { releaseWorkflowId, taskQueues } from '../../core/ids';
import { createRuns } from '../../worker/reconciler/runs';
import { publishAndUpload, reach } from '../support/builders/author';
import { startDevServer, type DevServer } from '../support/servers/devServer';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';
import { createPasses, isReleaseRunning, listAlerts, readState } from './support/lostRuns';

/**
 * Whoever may write to the workflow engine may also keep a run from going on without ending it. The database refuses to
 * open reviews until the end, so that each release has a step that is tried again.
 */
let setting: ReleaseMarketplace;
let pass: ReturnType<typeof createPasses>;
const STEP = 'openReview';
beforeAll(async () => {
  setting = await openReleaseMarketplace();
  await setting.market.db.raw(`
    create function refuse() returns trigger as $$ begin raise 'refused'; end $$ language plpgsql;
    create trigger refuse before update on review_queue for each row execute function refuse();`);
  pass = createPasses(setting.market);
});
afterAll(() => setting.stop());

const run = (versionId: string) => ({ workflowId: releaseWorkflowId(versionId) });
const service = () => setting.market.temporal.workflowService;
const namespace = () => setting.market.engine.namespace;

const describeRun = (versionId: string) =>
  setting.market.temporal.workflow.getHandle(releaseWorkflowId(versionId)).describe();

/** A release whose review cannot be opened. */
async function begin(pluginId: string): Promise<string> {
  const { versionId } = await publishAndUpload(
    setting.publisher,
    await setting.author.prepare(pluginId, '1.0.0'),
  );
  await until('the step that waits', async () =>
    (await describeRun(versionId)).raw.pendingActivities?.some(
      ({ activityType }) => activityType?.name === STEP,
    ),
  );
  return versionId;
}

/** Lets a version of somebody's own workers be known on the queue of releases. */
async function pollAs(buildId: string): Promise<void> {
  const deploymentOptions = { deploymentName: 'somebody', buildId, workerVersioningMode: 2 };
  const taskQueue = { name: taskQueues.release };
  const request = { namespace: namespace(), taskQueue, identity: 'somebody', deploymentOptions };
  const { temporal } = setting.market;
  await temporal
    .withDeadline(Date.now() + 5_000, () => service().pollWorkflowTaskQueue(request))
    .catch(() => undefined);
}

const holds: [
  what: string,
  pluginId: string,
  minutes: number,
  hold: (versionId: string) => Promise<unknown>,
][] = [
  [
    'pauses a step of',
    'held-step',
    1,
    (versionId) =>
      service().pauseActivity({
        namespace: namespace(),
        execution: run(versionId),
        type: STEP,
        identity: 'x',
      }),
  ],
  [
    'pins to workers of their own',
    'held-pin',
    1,
    async (versionId) => {
      const version = { deploymentName: 'somebody', buildId: 'own' };
      const pinned = { behavior: 1, version };
      const update = {
        ...{ namespace: namespace(), workflowExecution: run(versionId) },
        workflowExecutionOptions: { versioningOverride: { pinned } },
        updateMask: { paths: ['versioning_override'] },
      };
      // A version can be pinned to once its workers have asked for work for a moment.
      await until('the pin', async () => {
        await pollAs('own');
        return service().updateWorkflowExecutionOptions(update);
      });
    },
  ],
  [
    'sends a step to another queue of',
    'held-queue',
    11,
    (versionId) =>
      service().updateActivityOptions({
        ...{ namespace: namespace(), execution: run(versionId), type: STEP, identity: 'x' },
        activityOptions: { taskQueue: { name: 'nobody' } },
        updateMask: { paths: ['task_queue.name'] },
      }),
  ],
];

test.each(holds)(
  'whoever %s a release has it started again from its rows, and operators are told',
  async (_what, pluginId, minutes, hold) => {
    const { market } = setting;
    const versionId = await begin(pluginId);
    expect(await pass(minutes)).toMatchObject({ restarted: 0, failed: 0 });
    const before = (await describeRun(versionId)).runId;
    await hold(versionId);
    // The engine's list follows within a moment.
    await until('the pass that sees it', async () => (await pass(0)).restarted === 1);
    const after = await describeRun(versionId);
    expect(after.runId).not.toBe(before);
    expect(after.raw.workflowExecutionInfo?.versioningInfo?.versioningOverride ?? null).toBeNull();
    expect(await isReleaseRunning(market, versionId)).toBe(true);
    expect(await readState(market, versionId)).toBe('scanning');
    expect(await listAlerts(market, versionId)).toEqual(['workflow_restarted']);
    const [alert] = await market.db('outbox').whereRaw(`body->>'versionId' = ?`, [versionId]).pluck('body');
    expect(alert?.message).toContain('was kept from going on');
    expect(await pass()).toMatchObject({ restarted: 0, ended: 0, failed: 0 });
  },
);

test('what was held up goes on once reviews can be opened again', async () => {
  await setting.market.db.raw('drop trigger refuse on review_queue');
  for (const [, pluginId] of holds)
    expect(await reach(setting.publisher, `${pluginId}@1.0.0`, ['in_review', 'rejected'])).toBe('in_review');
});

describe('where the server lets workflows be paused', () => {
  let server: DevServer;
  let connection: Connection;
  beforeAll(async () => {
    server = await startDevServer(temporaryFolder('held-runs'), [
      '--dynamic-config-value',
      'frontend.WorkflowPauseEnabled=true',
    ]);
    connection = await Connection.connect({ address: server.address });
  });
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });

  test('a paused run counts as held up and is ended, so that the release can be started again', async () => {
    const client = new Client({ connection, namespace: server.namespace });
    const runs = createRuns({ client, namespace: server.namespace });
    const workflowId = releaseWorkflowId('paused-plugin@1.0.0');
    await client.workflow.start('release', { workflowId, taskQueue: taskQueues.release, args: [] });
    expect((await runs.find(workflowId))?.standing).toBe('running');
    const { namespace } = server;
    await client.workflowService.pauseWorkflowExecution({
      namespace,
      workflowId,
      identity: 'x',
      reason: 'x',
      requestId: 'x',
    });
    const found = await runs.find(workflowId);
    expect(found?.standing).toBe('held');
    await runs.end(workflowId, found!.runId, 'held up');
    expect(await runs.find(workflowId)).toBeUndefined();
  });
});
