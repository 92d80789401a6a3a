import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '../../adapters/db/connect';
import { releaseWorkflowId, taskQueues, formatVersionId, type TaskQueue } from '../../core/ids';
import { DEPLOYMENT } from '../../worker/deployment';
import { allQueues } from '../../worker/workers';
import { finaliseUpload, submit } from '../../workflows/releases/messages';
import type { release } from '../../workflows';
import { writeSubmissionCall } from '../../adapters/db/releases/submissions';
import { addPublisher } from '../support/builders/identities';
import { createSubmission } from '../support/builders/submission';
import { eventually } from '../support/waiting';
import { createDatabase, type TestDatabase } from '../support/servers/database';
import { createNamespace } from '../support/servers/namespace';
import { startWorkerProcess, untilStatus, type WorkerProcess } from '../support/servers/workerProcess';

let folder: string;
let database: TestDatabase;
let temporal: { address: string; namespace: string };
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-worker-'));
  [database, temporal] = await Promise.all([createDatabase(), createNamespace()]);
  const connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection, namespace: temporal.namespace });
});

afterAll(async () => {
  await client.connection.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const startVersion = async (buildId: string, env: NodeJS.ProcessEnv = {}): Promise<WorkerProcess> => {
  const settings = { SPILLWAY_BUILD_ID: buildId, ...env };
  const worker = await startWorkerProcess({ folder, database, temporal }, settings);
  await untilStatus(`${worker.url}/readyz`, 200);
  return worker;
};

const end = async ({ child, ended }: WorkerProcess): Promise<void> => {
  child.kill('SIGTERM');
  await ended;
};

test('a release that an old version of the workers began is carried on by the next, and none of it is stuck', async () => {
  const db = connect(database.url, { applicationName: 'test', poolSize: 2 });
  await addPublisher(db);
  await db.destroy();
  const old = await startVersion('build-1');
  const input = createSubmission();
  await writeSubmissionCall(database.knex, input, new Date());
  const workflowId = releaseWorkflowId(formatVersionId(input.request.pluginId, input.request.version));
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof release>('release', {
    workflowId,
    taskQueue: taskQueues.release,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  const reply = await client.workflow.executeUpdateWithStart(submit, {
    args: [input],
    startWorkflowOperation,
  });
  expect(reply).toMatchObject({ outcome: 'accepted' });
  await end(old);
  const next = await startVersion('build-2');
  const handle = client.workflow.getHandle(workflowId);
  // The answer needs the workflow itself and an activity of another queue.
  const finalised = await handle.executeUpdate(finaliseUpload, {
    args: [{ actor: 'publisher:acme', requestId: 'req-1' }],
  });
  expect(finalised).toMatchObject({ outcome: 'refused', problems: [{ code: 'UPLOAD_INCOMPLETE' }] });
  const { workflowExecutionInfo } = (await handle.describe()).raw;
  expect(workflowExecutionInfo?.versioningInfo?.deploymentVersion).toMatchObject({
    deploymentName: 'spillway',
    buildId: 'build-2',
  });
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  await end(next);
});

/** The task queues that workers of a version have polled, as the server knows them. */
async function readQueues(buildId: string): Promise<string[]> {
  const { namespace } = temporal;
  const deploymentVersion = { deploymentName: DEPLOYMENT, buildId };
  const { versionTaskQueues } = await client.workflowService.describeWorkerDeploymentVersion({
    namespace,
    deploymentVersion,
  });
  return versionTaskQueues.map(({ name }) => name ?? '').sort();
}

const untilQueues = (buildId: string, queues: readonly TaskQueue[]): Promise<void> =>
  eventually(`the queues of ${buildId}`, async () =>
    expect(await readQueues(buildId)).toEqual(queues.map((queue) => taskQueues[queue]).sort()),
  );

test('a process serves the queues that it is told to, and another one the rest', async () => {
  const first = await startVersion('build-3', { SPILLWAY_WORKER_QUEUES: 'release,quick' });
  await untilQueues('build-3', ['release', 'quick']);
  const second = await startVersion('build-3', { SPILLWAY_WORKER_QUEUES: 'scans,fanOut' });
  await untilQueues('build-3', allQueues);
  await Promise.all([first, second].map(end));
});
