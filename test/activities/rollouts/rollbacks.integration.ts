import { MockActivityEnvironment } from '@temporalio/testing';
import { createRollbackActivities } from '../../../activities/rollouts/rollbacks';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import { ingestReports } from '../../../adapters/db/installations/reports';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { addTenants } from '../../support/builders/identities';
import { origin } from '../../support/builders/submission';
import { createReport } from '../../support/builders/reports';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();

beforeAll(async () => {
  await addTenants(database.knex, ['globex', 'initech']);
});

const createOrder = (pluginId: string): RolloutOrder => ({
  releaseId: '00000000-0000-4000-8000-000000000000',
  versionId: `${pluginId}@1.0.0`,
  pluginId,
  version: '1.0.0',
  channel: 'stable',
  origin,
  previousVersion: '0.9.0',
  plan: { type: 'standard', stages: [], gate: defaultGate, allow: [], deny: [] },
});

const activities = () => createRollbackActivities({ db: database.worker, clock: () => new Date() });
const now = () => new Date().toISOString();

test('a rollback waits until the last tenant says that it runs something else', async () => {
  const pluginId = 'waiting-plugin';
  await ingestReports(database.api, 'globex', [createReport({ pluginId, at: now() })], new Date());
  await ingestReports(database.api, 'initech', [createReport({ pluginId, at: now() })], new Date());
  const heard: unknown[] = [];
  const env = new MockActivityEnvironment();
  env.on('heartbeat', (details) => heard.push(details));
  const waiting = env.run(activities().awaitReturns, { order: createOrder(pluginId), deadlineMs: 60_000 });
  const back = () => createReport({ pluginId, kind: 'rolled_back', activeVersion: '0.9.0', at: now() });
  await ingestReports(database.api, 'globex', [back()], new Date());
  await ingestReports(database.api, 'initech', [back()], new Date());
  expect(await waiting).toEqual({ remaining: 0 });
  expect(heard).not.toEqual([]);
});

test('a deadline that has passed says who is left, and a retry does not get a new one', async () => {
  const pluginId = 'stuck-plugin';
  await ingestReports(database.api, 'globex', [createReport({ pluginId, at: now() })], new Date());
  const before = { deadline: new Date(Date.now() - 1).toISOString(), remaining: 1 };
  const env = new MockActivityEnvironment({ heartbeatDetails: before });
  const input = { order: createOrder(pluginId), deadlineMs: 3_600_000 };
  expect(await env.run(activities().awaitReturns, input)).toEqual({ remaining: 1 });
});

test('a cancelled wait ends', async () => {
  const pluginId = 'cancelled-plugin';
  await ingestReports(database.api, 'globex', [createReport({ pluginId, at: now() })], new Date());
  const env = new MockActivityEnvironment();
  const input = { order: createOrder(pluginId), deadlineMs: 3_600_000 };
  env.on('heartbeat', () => env.cancel());
  await expect(env.run(activities().awaitReturns, input)).rejects.toThrow();
});
