import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { Registry } from 'prom-client';
import { withRetryAlerts } from '../../../activities/operations/retries';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { DAY } from '../../../core/duration';
import { taskQueues, type TaskQueue } from '../../../core/ids';
import { alertAtAttempt } from '../../../core/operations/retries';
import { createRetryWatch } from '../../../worker/retries';
import { addPublisher } from '../../support/builders/identities';
import { createSubmission, TODAY } from '../../support/builders/submission';
import { useDatabase } from '../../support/servers/database';
import { eventually } from '../../support/waiting';

const database = useDatabase();
let releaseId: string;
beforeAll(async () => {
  await addPublisher(database.knex);
  ({ releaseId } = (
    await registerSubmission(database.worker, createSubmission(), { slaMs: 1, uploadTimeoutMs: DAY }, TODAY)
  ).release);
});

const registry = new Registry();
const onRetried = createRetryWatch(registry, pino({ level: 'silent' }));

async function attempt(activityType: string, queue: TaskQueue, number: number): Promise<unknown> {
  const deps = { db: database.worker, clock: () => new Date(), onRetried };
  const { work } = withRetryAlerts(deps, { work: () => Promise.resolve('done') });
  const workflowExecution = { workflowId: 'release:demo-plugin@1.0.0', runId: 'run' };
  const info = { activityType, taskQueue: taskQueues[queue], attempt: number, workflowExecution };
  return new MockActivityEnvironment(info).run(work);
}

const listAlerts = () =>
  database.knex('outbox').where({ recipient_kind: 'operator' }).orderBy('id').select('release_id', 'body');

const untilCounted = (step: string, times: number): Promise<void> =>
  eventually(`${times} attempts of ${step}`, async () => {
    const { values } = await registry.getSingleMetric('spillway_activity_retries_total')!.get();
    expect(values.find(({ labels }) => labels.activity === step)?.value).toBe(times);
  });

test('operators are told once of a step that is tried again and again, and each attempt is counted', async () => {
  const limit = alertAtAttempt.scans;
  for (let number = 1; number < limit; number += 1) await attempt('verifyUpload', 'scans', number);
  expect(await listAlerts()).toEqual([]);
  for (const number of [limit, limit + 1, limit + 2])
    expect(await attempt('verifyUpload', 'scans', number)).toBe('done');
  await untilCounted('verifyUpload', 3);
  const [alert, ...others] = await listAlerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    release_id: releaseId,
    body: { kind: 'activity_retried', priority: 'high' },
  });
  expect(alert?.body.message).toContain('The step verifyUpload of demo-plugin@1.0.0');
});

test('another step of the same release is told of, by the number of its own kind of work', async () => {
  const before = (await listAlerts()).length;
  await attempt('changeState', 'quick', alertAtAttempt.quick - 1);
  await attempt('changeState', 'quick', alertAtAttempt.quick);
  await untilCounted('changeState', 1);
  expect(await listAlerts()).toHaveLength(before + 1);
});
