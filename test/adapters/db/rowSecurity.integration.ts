import type { Knex } from 'knex';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { startStage } from '../../../adapters/db/rollouts/rollouts';
import { storeScan } from '../../../adapters/db/scans/scans';
import { inPublisher, inTenant } from '../../../adapters/db/transaction';
import { processRoles } from '../../../adapters/db/processRoles';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { DAY } from '../../../core/duration';
import { addPublisher } from '../../support/builders/identities';
import { createFingerprint } from '../../support/builders/digests';
import { origin, createPublishRequest, createSubmission, TODAY } from '../../support/builders/submission';
import { useDatabase } from '../../support/servers/database';

/** Tables without anybody's data; every other one is under forced row-level security. */
const NOBODYS = ['feed_head', 'rate_limits', 'knex_migrations', 'knex_migrations_lock'];

/** Tables of which a publisher sees the own rows, and the column or condition that names the owner. */
const ofPublishers = {
  publishers: 'id',
  publisher_keys: 'publisher_id',
  plugins: 'publisher_id',
  versions: `(select publisher_id from plugins where plugins.id = plugin_id)`,
  releases: 'publisher_id',
  timeline: `(select publisher_id from releases where releases.id = release_id)`,
  scans: `(select publisher_id from releases where releases.id = release_id)`,
  review_queue: `(select publisher_id from releases where releases.id = release_id)`,
  rollouts: `(select publisher_id from releases where releases.id = release_id)`,
  rollout_stages: `(select publisher_id from plugins, versions
    where plugins.id = plugin_id and versions.id = version_id)`,
  notifications: 'recipient_id',
};

const database = useDatabase();
let db: Knex;

beforeAll(async () => {
  db = database.knex;
  for (const publisher of ['acme', 'globex']) await publishOne(publisher);
});

/** Something of a publisher in every table that may hold it. */
async function publishOne(publisherId: string): Promise<void> {
  await addPublisher(database.knex, publisherId);
  const { artefact } = createPublishRequest();
  const pluginId = `${publisherId}-plugin`;
  const request = { pluginId, artefact: { ...artefact, signedBy: createFingerprint(publisherId) } };
  const input = createSubmission(request, { publisherId });
  const { release } = await registerSubmission(
    database.worker,
    input,
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  const stages = [{ basisPoints: 10_000, durationMs: 1000 }];
  const plan = { type: 'standard' as const, stages, gate: defaultGate, allow: [], deny: [] };
  const order = { ...release, origin, salt: 'salt', previousVersion: null, plan };
  await startStage(database.worker, order, 1, TODAY);
  const scan = {
    ...{ scanner: 'rules', version: '1', rulesDigest: 'd', verdict: 'pass' as const, findings: [] },
    counts: { critical: 0, warning: 0, info: 0 },
    policy: { enabled: true, enforced: true, required: true },
    startedAt: TODAY.toISOString(),
    finishedAt: TODAY.toISOString(),
  };
  await storeScan(
    database.worker,
    release,
    scan,
    { key: 'scan', kind: 'scan', text: 'Fine.', actor: 'platform' },
    TODAY,
  );
  const row = { id: release.releaseId, key: publisherId, recipient_kind: 'publisher' };
  await database
    .worker('notifications')
    .insert({ ...row, recipient_id: publisherId, body: '{}', created_at: TODAY });
}

test("every table with somebody's data is under forced row-level security with a policy", async () => {
  const { rows } = await db.raw<{ rows: { name: string; forced: boolean; policies: number }[] }>(
    `select relname as name, relrowsecurity and relforcerowsecurity as forced,
       (select count(*)::int from pg_policy where polrelid = pg_class.oid) as policies
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  const open = rows.filter(({ forced, policies }) => !forced || policies === 0).map(({ name }) => name);
  expect(open.sort()).toEqual(NOBODYS.toSorted());
});

test('processes are no superusers, own nothing, bypass no policy and make nothing', async () => {
  const names = [...Object.values(processRoles), 'spillway_tenant', 'spillway_publisher'];
  const roles: object[] = await db('pg_roles').whereIn('rolname', names).select({
    super: 'rolsuper',
    bypass: 'rolbypassrls',
    createRole: 'rolcreaterole',
    createDatabase: 'rolcreatedb',
  });
  const none = { super: false, bypass: false, createRole: false, createDatabase: false };
  expect(roles).toEqual(names.map(() => none));
  const owned = db('pg_class').whereRaw('pg_get_userbyid(relowner) = any(?)', [names]);
  expect(await owned.clone().pluck('relname')).toEqual([]);
  for (const knex of [database.api, database.worker, database.signer]) {
    await expect(knex.schema.createTable('own', (table) => void table.text('x'))).rejects.toThrow(
      /permission denied/,
    );
  }
});

test('a process does not have the policies of a role that it may become', async () => {
  const { rows } = await database.api.raw<{ rows: { tenant: boolean; publisher: boolean }[] }>(
    `select pg_has_role('spillway_tenant', 'usage') as tenant, pg_has_role('spillway_publisher', 'usage') as publisher`,
  );
  expect(rows).toEqual([{ tenant: false, publisher: false }]);
  await expect(database.api('subscriptions').first()).rejects.toThrow(/permission denied/);
  await expect(inTenant(database.worker, 'acme', (trx) => trx('reports'))).rejects.toThrow(
    /permission denied/,
  );
});

test.each(Object.entries(ofPublishers))(
  'a publisher sees its own rows of %s only, whatever the query says',
  async (table, owner) => {
    const owners = await db<{ owner: string }>(table).distinct(db.raw(`${owner} as owner`));
    expect(owners.map((row) => row.owner).toSorted()).toEqual(['acme', 'globex']);
    const own = await database.worker(table).whereRaw(`${owner} = 'acme'`).count();
    expect(await inPublisher(database.api, 'acme', (trx) => trx(table).count())).toEqual(own);
    const hidden = inPublisher(database.api, 'acme', (trx) => trx(table).whereRaw(`${owner} = 'globex'`));
    expect(await hidden).toEqual([]);
  },
);

test("a publisher writes nothing by itself, and reaches no table that is not a publisher's", async () => {
  const renamed = inPublisher(database.api, 'acme', (trx) => trx('plugins').update({ name: 'mine' }));
  await expect(renamed).rejects.toThrow(/permission denied/);
  for (const table of ['api_keys', 'audit', 'outbox', 'subscriptions', 'reports', 'tenants']) {
    const reached = inPublisher(database.api, 'acme', (trx) => trx(table).first());
    await expect(reached).rejects.toThrow(/permission denied/);
  }
});

test("outside a publisher's transaction its role shows nothing", async () => {
  const seen = database.api.transaction(async (trx) => {
    await trx.raw('set local role spillway_publisher');
    return [...(await trx('releases')), ...(await trx('notifications'))] as unknown[];
  });
  expect(await seen).toEqual([]);
});

test('the API may not change the state of a release, and nobody changes the audit', async () => {
  await expect(database.api('releases').update({ state: 'listed' })).rejects.toThrow(/permission denied/);
  for (const knex of [database.api, database.worker]) {
    await expect(knex('audit').update({ actor: 'nobody' })).rejects.toThrow(/permission denied/);
  }
});

test('only the signer writes what is signed, and it writes nothing else', async () => {
  const file = { name: 'timestamp.json', body: '{}', signed_at: TODAY };
  for (const knex of [database.api, database.worker]) {
    await expect(knex('signed_files').insert(file)).rejects.toThrow(/permission denied/);
    await expect(knex('signed_files').update({ body: '' })).rejects.toThrow(/permission denied/);
    await expect(knex('signed_files').delete()).rejects.toThrow(/permission denied/);
  }
  const written: { name: string }[] = await db('information_schema.table_privileges')
    .where({ grantee: processRoles.signer })
    .whereNot({ privilege_type: 'SELECT' })
    .distinct({ name: 'table_name' });
  expect(written).toEqual([{ name: 'signed_files' }]);
});

test('nobody but the worker says that a version is listed, so the API gets nothing signed that was not', async () => {
  const listing = database.api('versions').update({ listed_at: TODAY });
  await expect(listing).rejects.toThrow(/permission denied/);
  await expect(database.api('releases').update({ verified_sha256: 'a' })).rejects.toThrow(
    /permission denied/,
  );
  const offer = { kind: 'offer' as const, rule: '{}', stage: 1, at: TODAY };
  const row = { revision: 9_999, key: 'forged', version_id: 'acme-plugin@1.0.0', ...offer };
  await expect(database.api('feed').insert(row)).rejects.toThrow(/permission denied/);
});

test('the platform itself reads of all inboxes only that of the operators', async () => {
  const operators = { key: 'op', recipient_kind: 'operator', recipient_id: 'operators' };
  const row = { id: '6c1b1f6e-8d0b-4a40-9f1b-5a4b3c2d1e0f', body: '{}', created_at: TODAY };
  await database.worker('notifications').insert({ ...operators, ...row });
  expect(await database.api('notifications').pluck('recipient_kind')).toEqual(['operator']);
});
