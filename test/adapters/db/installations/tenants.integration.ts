import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { recordGrant } from '../../../../adapters/db/installations/grants';
import { ingestReports } from '../../../../adapters/db/installations/reports';
import { startStage, type RecordedOrder } from '../../../../adapters/db/rollouts/rollouts';
import { putSubscription, removeSubscription } from '../../../../adapters/db/notifications/subscriptions';
import { inTenant } from '../../../../adapters/db/transaction';
import { readEvidence } from '../../../../adapters/db/rollouts/evidence';
import { defaultGate } from '../../../../core/releases/rolloutPlan';
import { DAY } from '../../../../core/duration';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { origin, createSubmission, TODAY } from '../../../support/builders/submission';
import { createReport } from '../../../support/builders/reports';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;
let facts: RecordedOrder;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
  await addTenants(database.knex, ['acme', 'globex', 'initech']);
  await subscribe(database.api, ['acme', 'globex']);
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(),
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  const plan = {
    type: 'gradual' as const,
    stages: [
      { basisPoints: 5_000, durationMs: 1000 },
      { basisPoints: 10_000, durationMs: 1000 },
    ],
    gate: defaultGate,
    allow: ['acme'],
    deny: ['initech'],
  };
  facts = { ...release, origin, salt: release.releaseId, previousVersion: null, plan };
  await startStage(database.worker, facts, 1, TODAY);
  await startStage(database.worker, facts, 2, TODAY);
  for (const tenantId of ['acme', 'globex', 'initech']) await grant(tenantId);
});

/** What the route of downloads writes when it hands a tenant the package. */
async function grant(tenantId: string): Promise<void> {
  const { versionId } = facts;
  const version = await db('versions').where({ id: versionId }).first('package_sha256');
  const handed = { versionId, packageSha256: version!.package_sha256, stage: 2 };
  await recordGrant(database.api, tenantId, handed, TODAY);
}

const evidence = () => readEvidence(database.api, { versionId: facts.versionId, stage: 2 });

test('a tenant sees and changes its own rows only, whatever the query says [SEC-21]', async () => {
  await ingestReports(database.api, 'acme', [createReport({ kind: 'healthy', stage: 1 })], TODAY);
  for (const table of ['subscriptions', 'installations', 'reports']) {
    expect(await db(table).where({ tenant_id: 'acme' })).not.toEqual([]);
    const seen = await inTenant(database.api, 'globex', (trx) =>
      trx(table).distinct('tenant_id').pluck('tenant_id'),
    );
    expect(seen.filter((id) => id !== 'globex')).toEqual([]);
    const changed = await inTenant(database.api, 'globex', (trx) =>
      trx(table).where({ tenant_id: 'acme' }).delete(),
    );
    expect(changed).toBe(0);
  }
  const forged = inTenant(database.api, 'globex', (trx) =>
    trx('installations').insert({ tenant_id: 'acme', plugin_id: 'x', state: 'installed', updated_at: TODAY }),
  );
  await expect(forged).rejects.toThrow(/row-level security/);
});

test("a tenant reaches no table that is not a tenant's, and no notification of another", async () => {
  for (const table of ['releases', 'api_keys', 'audit', 'outbox']) {
    await expect(inTenant(database.api, 'acme', (trx) => trx(table).first())).rejects.toThrow(
      /permission denied/,
    );
  }
  const row = {
    id: '6c1b1f6e-8d0b-4a40-9f1b-5a4b3c2d1e0f',
    key: 'n',
    recipient_kind: 'tenant',
    recipient_id: 'globex',
  };
  await db('notifications').insert({ ...row, body: '{}', created_at: TODAY });
  expect(await inTenant(database.api, 'acme', (trx) => trx('notifications'))).toEqual([]);
  expect(await inTenant(database.api, 'globex', (trx) => trx('notifications'))).toHaveLength(1);
});

test('the role and the tenant end with their transaction', async () => {
  await inTenant(database.api, 'acme', async () => undefined);
  const rows = await Promise.all(
    Array.from({ length: 15 }, () =>
      db.raw<{ rows: object[] }>(
        `select current_user <> 'spillway_tenant' as own, coalesce(current_setting('spillway.tenant', true), '') as tenant`,
      ),
    ),
  );
  expect(new Set(rows.map((each) => JSON.stringify(each.rows[0])))).toEqual(
    new Set(['{"own":true,"tenant":""}']),
  );
});

test('a subscription is put, changed and removed by its own tenant', async () => {
  await putSubscription(
    database.api,
    'initech',
    'demo-plugin',
    { channel: 'stable', autoUpgrade: true },
    TODAY,
  );
  await putSubscription(
    database.api,
    'initech',
    'demo-plugin',
    { channel: 'beta', autoUpgrade: false },
    TODAY,
  );
  const own = db('subscriptions').where({ tenant_id: 'initech' });
  expect(await own.clone().select('channel', 'auto_upgrade')).toEqual([
    { channel: 'beta', auto_upgrade: false },
  ]);
  await removeSubscription(database.api, 'initech', 'demo-plugin');
  await removeSubscription(database.api, 'initech', 'demo-plugin');
  expect(await own.clone()).toEqual([]);
});

test('a report counts once, however often and however parallel it is sent', async () => {
  const before = (await evidence()).stage.installed;
  const sent = createReport({ stage: 2 });
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => ingestReports(database.api, 'globex', [sent, sent], TODAY)),
  );
  expect(replies.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
  expect((await evidence()).stage.installed).toBe(before + 1);
});

test('a tenant that repeats itself under new ids moves no counter', async () => {
  const before = await evidence();
  const failures = Array.from({ length: 10 }, () =>
    createReport({ kind: 'failed', stage: 2, activeVersion: null }),
  );
  await ingestReports(database.api, 'acme', failures, TODAY);
  await ingestReports(database.api, 'acme', [createReport({ kind: 'failed', stage: 2 })], TODAY);
  expect((await evidence()).stage.failed).toBe(before.stage.failed + 1);
});

test('who is not offered the version is no evidence', async () => {
  const before = await evidence();
  await ingestReports(database.api, 'initech', [createReport({ kind: 'failed', stage: 2 })], TODAY);
  expect((await evidence()).total).toEqual(before.total);
});

test('a failed installation alerts its tenant and, once a release, the publisher [ACC-08]', async () => {
  const rows = await db('outbox')
    .where({ release_id: facts.releaseId })
    .orderBy('recipient_kind')
    .select('recipient_kind', 'recipient_id');
  expect(rows).toEqual([
    { recipient_kind: 'publisher', recipient_id: 'acme' },
    { recipient_kind: 'tenant', recipient_id: 'acme' },
    { recipient_kind: 'tenant', recipient_id: 'initech' },
  ]);
});

test('an older word that arrives late does not change what a tenant runs', async () => {
  const later = new Date(TODAY.getTime() + 60_000);
  const back = createReport({ kind: 'rolled_back', activeVersion: '0.9.0', at: later.toISOString() });
  await ingestReports(database.api, 'globex', [back], later);
  await ingestReports(
    database.api,
    'globex',
    [createReport({ kind: 'healthy', at: TODAY.toISOString() })],
    later,
  );
  const [row] = await db('installations').where({ tenant_id: 'globex' }).select('version', 'state');
  expect(row).toEqual({ version: '0.9.0', state: 'rolled_back' });
});
