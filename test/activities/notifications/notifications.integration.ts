import { MockActivityEnvironment } from '@temporalio/testing';
import type { Knex } from 'knex';
import { createReleaseNoticeActivities } from '../../../activities/releases/notices';
import { createRolloutNoticeActivities } from '../../../activities/rollouts/notices';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { ingestReports } from '../../../adapters/db/installations/reports';
import { createInboxNotifier } from '../../../adapters/notifiers/inbox';
import type { Notifier } from '../../../adapters/notifiers/notifier';
import { DAY } from '../../../core/duration';
import { addPublisher, addTenants, subscribe } from '../../support/builders/identities';
import { createReport } from '../../support/builders/reports';
import { createSubmission, TODAY } from '../../support/builders/submission';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();
let db: Knex;
const tenants = Array.from({ length: 25 }, (_, index) => `tenant-${String(index).padStart(2, '0')}`);
const clock = () => TODAY;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
  await addTenants(database.knex, tenants);
});

function activities(notifiers: readonly Notifier[] = [createInboxNotifier()]) {
  const deps = { db: database.worker, clock, notifiers, slice: 4 };
  return { ...createReleaseNoticeActivities(deps), ...createRolloutNoticeActivities(deps) };
}

const registerRelease = async (pluginId: string): Promise<string> =>
  (
    await registerSubmission(
      database.worker,
      createSubmission({ pluginId }),
      { slaMs: 1, uploadTimeoutMs: DAY },
      TODAY,
    )
  ).release.releaseId;

interface Told {
  id: string;
  kind: string;
  upgrade: string | null;
}

const listNotifications = (releaseId: string): Promise<Told[]> =>
  db('notifications')
    .where({ release_id: releaseId, recipient_kind: 'tenant' })
    .orderBy('recipient_id')
    .select({ id: 'recipient_id', kind: db.raw(`body->>'kind'`), upgrade: db.raw(`body->>'upgrade'`) });

/** Runs the activity as a retry that knows how far the attempt before it had come. */
const run = (releaseId: string, heartbeatDetails?: unknown, notifiers?: readonly Notifier[]) =>
  new MockActivityEnvironment({ heartbeatDetails }).run(activities(notifiers).notifySubscribers, releaseId);

test('three subscribed tenants receive one notification each, and one that is not subscribed none [NTF-01]', async () => {
  const releaseId = await registerRelease('three-plugin');
  await subscribe(database.api, ['tenant-01', 'tenant-02'], 'three-plugin');
  await subscribe(database.api, ['tenant-03'], 'three-plugin', false);
  expect(await run(releaseId)).toEqual({ notified: 3 });
  expect(await listNotifications(releaseId)).toEqual([
    { id: 'tenant-01', kind: 'version_listed', upgrade: 'automatic' },
    { id: 'tenant-02', kind: 'version_listed', upgrade: 'automatic' },
    { id: 'tenant-03', kind: 'version_listed', upgrade: 'manual' },
  ]);
  expect(await db('timeline').where({ release_id: releaseId, kind: 'notified' }).pluck('text')).toEqual([
    '3 subscribed tenants were notified.',
  ]);
});

test('a worker that dies in the middle leaves nobody out and tells nobody twice [NTF-01]', async () => {
  const releaseId = await registerRelease('crash-plugin');
  await subscribe(database.api, tenants, 'crash-plugin');
  // The transaction of the claimed slice dies with it, after its rows were written.
  const dying: Notifier = {
    name: 'dying',
    deliver: () => Promise.reject(new Error('the process was killed')),
  };
  await expect(run(releaseId, undefined, [createInboxNotifier(), dying])).rejects.toThrow('killed');
  expect(await listNotifications(releaseId)).toEqual([]);
  expect(await run(releaseId, { after: 'tenant-11', queued: 12 })).toEqual({ notified: 25 });
  expect((await listNotifications(releaseId)).map(({ id }) => id)).toEqual(tenants);
  await run(releaseId);
  expect(await listNotifications(releaseId)).toHaveLength(25);
});

test('two workers that notify at once share the work [NTF-01]', async () => {
  const releaseId = await registerRelease('twin-plugin');
  await subscribe(database.api, tenants, 'twin-plugin');
  await Promise.all([run(releaseId), run(releaseId), run(releaseId)]);
  expect((await listNotifications(releaseId)).map(({ id }) => id)).toEqual(tenants);
});

test('a rollback is told to its publisher, to operators, and to tenants that took the version', async () => {
  const releaseId = await registerRelease('back-plugin');
  await subscribe(database.api, ['tenant-01', 'tenant-02', 'tenant-03'], 'back-plugin');
  for (const id of ['tenant-01', 'tenant-02']) {
    await ingestReports(database.api, id, [createReport({ pluginId: 'back-plugin' })], TODAY);
  }
  const alert = { releaseId, reason: 'Stage 1 failed.', remaining: 0 };
  await new MockActivityEnvironment().run(activities().alertRollback, alert);
  await new MockActivityEnvironment().run(activities().alertRollback, alert);
  expect((await listNotifications(releaseId)).map(({ id }) => id)).toEqual(['tenant-01', 'tenant-02']);
  const others = db('notifications').where({ release_id: releaseId }).whereNot({ recipient_kind: 'tenant' });
  expect(await others.orderBy('recipient_kind').select('recipient_kind', 'recipient_id')).toEqual([
    { recipient_kind: 'operator', recipient_id: 'operators' },
    { recipient_kind: 'publisher', recipient_id: 'acme' },
  ]);
});

test('a tenant whose first report on a version comes after its rollback was told hears of it once', async () => {
  const releaseId = await registerRelease('late-plugin');
  const late = (kind: 'failed' | 'rolled_back') => [createReport({ pluginId: 'late-plugin', kind })];
  await ingestReports(database.api, 'tenant-01', late('failed'), TODAY);
  const toTenants = () =>
    db('outbox')
      .where({ release_id: releaseId, recipient_kind: 'tenant' })
      .whereRaw(`body->>'kind' = 'rolled_back'`)
      .orderBy('recipient_id')
      .select('recipient_id', { message: db.raw(`body->>'message'`) });
  expect(await toTenants()).toEqual([]);
  const alert = { releaseId, reason: 'Stage 1 failed.', remaining: 0 };
  await new MockActivityEnvironment().run(activities().alertRollback, alert);
  await ingestReports(database.api, 'tenant-02', late('failed'), TODAY);
  await ingestReports(database.api, 'tenant-02', late('rolled_back'), TODAY);
  const message = expect.stringContaining('Stage 1 failed.') as string;
  expect(await toTenants()).toEqual([
    { recipient_id: 'tenant-01', message },
    { recipient_id: 'tenant-02', message },
  ]);
});

test('a publisher hears once how a release ended', async () => {
  const releaseId = await registerRelease('ended-plugin');
  const problems = [{ code: 'SCAN_REJECTED', detail: 'eicar: found.' }];
  await db('releases')
    .where({ id: releaseId })
    .update({ problems: JSON.stringify(problems) });
  const env = new MockActivityEnvironment();
  await env.run(activities().notifyPublisher, { releaseId, outcome: 'rejected' as const });
  await env.run(activities().notifyPublisher, { releaseId, outcome: 'rejected' as const });
  const rows: { body: { message: string } }[] = await db('notifications').where({ release_id: releaseId });
  expect(rows.map(({ body }) => body.message)).toEqual(['The release was rejected. eicar: found.']);
});
