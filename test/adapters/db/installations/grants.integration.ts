import type { Knex } from 'knex';
import { markTold, recordGrant } from '../../../../adapters/db/installations/grants';
import { ingestReports } from '../../../../adapters/db/installations/reports';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { readEvidence } from '../../../../adapters/db/rollouts/evidence';
import { startStage } from '../../../../adapters/db/rollouts/rollouts';
import { inTenant } from '../../../../adapters/db/transaction';
import type { Report } from '../../../../contracts/installations/reports';
import { defaultGate } from '../../../../core/releases/rolloutPlan';
import { DAY } from '../../../../core/duration';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { createReport } from '../../../support/builders/reports';
import { createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
const tenants = ['anna', 'bert', 'carl', 'dora', 'emil', 'fred', 'greg'] as const;
type Tenant = (typeof tenants)[number];
let db: Knex;
let versionId: string;
let packageSha256: string;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
  await addTenants(database.knex, tenants);
  await subscribe(
    database.api,
    tenants.filter((id) => id !== 'emil'),
  );
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(),
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  const stages = [5_000, 10_000].map((basisPoints) => ({ basisPoints, durationMs: 1000 }));
  const plan = { type: 'gradual' as const, stages, gate: defaultGate, allow: [...tenants], deny: [] };
  const order = { ...release, origin, salt: release.releaseId, previousVersion: null, plan };
  for (const stage of [1, 2]) await startStage(database.worker, order, stage, TODAY);
  ({ versionId } = release);
  const version = await db('versions').where({ id: versionId }).first('package_sha256');
  packageSha256 = version!.package_sha256;
});

const hand = (tenantId: Tenant, over = {}) =>
  recordGrant(database.api, tenantId, { versionId, packageSha256, stage: 1, ...over }, TODAY);
const tell = (tenantId: Tenant, ...reports: Partial<Report>[]) =>
  ingestReports(
    database.api,
    tenantId,
    reports.map((over) => createReport(over)),
    TODAY,
  );
const count = async () => (await readEvidence(database.api, { versionId, stage: 1 })).stage;

/** By how much the counters of the first stage move while something happens. */
async function moved(happens: () => Promise<unknown>): Promise<number[]> {
  const before = await count();
  await happens();
  const after = await count();
  return [
    after.installed - before.installed,
    after.failed - before.failed,
    after.rolledBack - before.rolledBack,
  ];
}

const failed = { kind: 'failed', activeVersion: null } as const;

test('a tenant that was never handed the package moves no counter, whatever it reports', async () => {
  const kinds = ['installed', 'failed', 'rolled_back', 'healthy', 'unhealthy'] as const;
  expect(await moved(() => tell('anna', ...kinds.map((kind) => ({ kind }))))).toEqual([0, 0, 0]);
});

test('one that was handed another package of the version moves none either', async () => {
  await hand('bert', { packageSha256: 'another' });
  expect(await moved(() => tell('bert', failed))).toEqual([0, 0, 0]);
});

test('one that was handed the package and does not subscribe moves none either', async () => {
  await hand('emil');
  expect(await moved(() => tell('emil', failed))).toEqual([0, 0, 0]);
});

test('a tenant counts once, in the stage in which it was handed the package, and once where it leaves it', async () => {
  await hand('carl');
  await hand('carl', { stage: 2 });
  const counted = () => tell('carl', { stage: 2 }, { stage: 2 }, { kind: 'rolled_back', stage: 2 });
  expect(await moved(counted)).toEqual([1, 0, 1]);
  expect(await moved(counted)).toEqual([0, 0, 0]);
});

test('a failure takes the place of a success, and no later success that of the failure', async () => {
  await hand('dora');
  expect(await moved(() => tell('dora', {}))).toEqual([1, 0, 0]);
  expect(await moved(() => tell('dora', failed))).toEqual([-1, 1, 0]);
  expect(await moved(() => tell('dora', {}, {}, failed))).toEqual([0, 0, 0]);
});

test('a report that counted names its version again when it is sent again, until the rollout was told of it', async () => {
  const report = createReport(failed);
  const take = (tenantId: Tenant) => ingestReports(database.api, tenantId, [report], TODAY);
  await hand('greg');
  expect(await take('greg')).toEqual({ accepted: 1, repeated: 0, counted: [versionId] });
  expect(await take('greg')).toEqual({ accepted: 0, repeated: 1, counted: [versionId] });
  await markTold(database.api, 'greg', versionId);
  expect(await take('greg')).toEqual({ accepted: 0, repeated: 1, counted: [] });
  expect((await tell('greg', failed, {})).counted).toEqual([]);
  expect(await take('anna')).toEqual({ accepted: 0, repeated: 1, counted: [] });
});

test("the first failure of the version's own counts, also after one that was the tenant's trouble", async () => {
  await hand('fred');
  expect(await moved(() => tell('fred', { ...failed, errorCode: 'INSTALL_BUSY' }))).toEqual([0, 0, 0]);
  expect(await moved(() => tell('fred', failed))).toEqual([0, 1, 0]);
});

test('a tenant can forge, move or delete no grant, even in the role of its own transaction [SEC-21]', async () => {
  const row = { version_id: versionId, package_sha256: packageSha256, stage: 1, granted_at: TODAY };
  const forged = inTenant(database.api, 'anna', (trx) =>
    trx('download_grants').insert({ ...row, tenant_id: 'bert' }),
  );
  await expect(forged).rejects.toThrow(/row-level security/);
  for (const change of [{ package_sha256: packageSha256 }, { stage: 2 }, { tenant_id: 'anna' }]) {
    const changed = inTenant(database.api, 'bert', (trx) => trx('download_grants').update(change));
    await expect(changed).rejects.toThrow(/permission denied/);
  }
  const deleted = inTenant(database.api, 'bert', (trx) => trx('download_grants').delete());
  await expect(deleted).rejects.toThrow(/permission denied/);
  await expect(database.api('download_grants').first()).rejects.toThrow(/permission denied/);
});
