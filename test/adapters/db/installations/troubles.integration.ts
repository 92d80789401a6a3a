import { putSubscription } from '../../../../adapters/db/notifications/subscriptions';
import { endJudgedStage } from '../../../../adapters/db/rollouts/gates';
import { readEvidence } from '../../../../adapters/db/rollouts/evidence';
import { inTenant } from '../../../../adapters/db/transaction';
import { MINUTE } from '../../../../core/duration';
import { describeStageEnd } from '../../../../core/rollouts/timeline';
import { addPublisher, addTenants } from '../../../support/builders/identities';
import { TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';
import { openOpinionScene, type OpinionScene } from '../rollouts/support/opinionScene';
import { tellTrouble } from './support/tellTrouble';

type Told = [scene: OpinionScene, tenantId: string, code: string, said?: string];

const database = useDatabase();
const five = ['old', 'late', 'linked', 'full', 'well'] as const;

beforeAll(async () => {
  await addPublisher(database.knex);
  await addTenants(database.knex, [...five, 'stranger', 'manual']);
});

const tell = (...[scene, tenantId, code, said]: Told) =>
  tellTrouble(database.api, scene, tenantId, code, said);

const read = ({ versionId }: OpinionScene) => readEvidence(database.api, { versionId, stage: 1 });

const listMessages = (scene: OpinionScene, kind: string) =>
  database
    .knex('outbox')
    .where({ release_id: scene.order.releaseId })
    .whereRaw(`body->>'kind' = ?`, [kind])
    .orderBy('recipient_id')
    .select('recipient_kind', 'recipient_id', { message: database.knex.raw(`body->>'message'`) });

const troubles = {
  old: ['HOST_INCOMPATIBLE', 'The plugin needs host 2.0.0 or newer; this is 1.0.0.'],
  late: ['HOST_CLOCK', "This machine's clock is 2 days behind."],
  linked: ['DOWNLOAD_CORRUPTED', 'The package arrived damaged 5 times.'],
  full: ['HOST_DISK_FULL', 'The disk of this host has 3 MiB left.'],
} as const;

async function tellFour(scene: OpinionScene): Promise<void> {
  for (const [tenantId, [code, said]] of Object.entries(troubles)) await tell(scene, tenantId, code, said);
}

test('of five hosts with four different troubles the fifth decides: a good version passes, and each tenant is told what is wrong where', async () => {
  const scene = await openOpinionScene(database, 'good-plugin', five);
  await tellFour(scene);
  expect(await read(scene)).toMatchObject({ cohort: 2, leftOut: 3, stage: { installed: 0, failed: 0 } });
  await scene.run('well', 'installed');
  expect(await scene.judge()).toBe('pass');
  expect(await listMessages(scene, 'install_failed')).toEqual([]);
  const told = await listMessages(scene, 'install_trouble');
  expect(told.map((each) => each.recipient_id)).toEqual(['full', 'late', 'linked', 'old']);
  for (const { recipient_id: tenantId, message } of told)
    expect(message).toContain(troubles[tenantId as keyof typeof troubles][1]);
  // One damaged download among five tenants is the link's and no outage.
  expect(await listMessages(scene, 'delivery_trouble')).toEqual([]);
  scene.pass(11 * MINUTE);
  const entry = describeStageEnd({ stage: 1, verdict: 'pass', text: 'Stage 1 passed.' });
  const ended = { releaseId: scene.order.releaseId, stage: 1, verdict: 'pass' as const, entry };
  await endJudgedStage(database.worker, ended, scene.now());
  expect(await listMessages(scene, 'install_digest')).toMatchObject([
    {
      recipient_kind: 'publisher',
      message: expect.stringContaining('The disk of the host is full (1 tenant)'),
    },
  ]);
});

test('a bad version is taken back though four of five hosts cannot even try it, and nobody waits for those', async () => {
  const scene = await openOpinionScene(database, 'bad-plugin', five);
  await tellFour(scene);
  await scene.run('well', 'failed');
  expect(await scene.judge()).toBe('fail');
});

test('whoever is asked for a second opinion and says that it cannot answer is not waited for', async () => {
  const scene = await openOpinionScene(database, 'asked-plugin', five);
  await scene.run('well', 'failed');
  for (let asked = 0; asked < 4; asked += 1) {
    expect(await scene.judge()).toBe('second_opinion');
    const [turn] = await scene.invited();
    const { counted } = await tell(scene, turn!, 'DOWNLOAD_FAILED');
    expect(counted).toEqual([scene.versionId]);
  }
  expect(await scene.judge()).toBe('fail');
});

test('a trouble ends with a result, and counts in one place meanwhile, however often it changes', async () => {
  const scene = await openOpinionScene(database, 'mended-plugin', five);
  for (const code of ['HOST_CLOCK', 'HOST_CLOCK', 'HOST_DISK_FULL', 'HOST_CLOCK', 'UNAVAILABLE']) {
    await tell(scene, 'late', code);
  }
  expect(await read(scene)).toMatchObject({ cohort: 5, leftOut: 0 });
  expect((await tell(scene, 'late', 'HOST_CLOCK')).counted).toEqual([]);
  expect(await read(scene)).toMatchObject({ cohort: 4, leftOut: 1 });
  await scene.run('late', 'installed');
  expect(await read(scene)).toMatchObject({ cohort: 5, leftOut: 0, stage: { installed: 1 } });
  await tell(scene, 'late', 'HOST_CLOCK');
  expect(await read(scene)).toMatchObject({ cohort: 5, leftOut: 0, stage: { installed: 1, failed: 0 } });
  const counts = database
    .knex('trouble_counts')
    .where({ version_id: scene.versionId })
    .where('tenants', '<>', 0);
  expect(await counts.select()).toEqual([]);
});

test('a host cannot pass a failure of the version off as trouble, nor trouble as a failure: its code alone says whose it is', async () => {
  const scene = await openOpinionScene(database, 'coded-plugin', five);
  expect(await scene.take('well')).toBe(true);
  await tell(
    scene,
    'well',
    'HEALTH_CHECK_FAILED',
    'HOST_DISK_FULL: kind tenant, ENOSPC, no space left on device',
  );
  expect(await read(scene)).toMatchObject({ leftOut: 0, stage: { failed: 1 } });
  await tell(scene, 'full', 'HOST_DISK_FULL', 'HEALTH_CHECK_FAILED: kind version');
  expect(await read(scene)).toMatchObject({ leftOut: 1, stage: { failed: 1 } });
});

test('a tenant that is in no cohort is left out of none: strangers, and those that upgrade by hand', async () => {
  const scene = await openOpinionScene(database, 'other-plugin', five);
  await putSubscription(
    database.api,
    'manual',
    'other-plugin',
    { channel: 'stable', autoUpgrade: false },
    TODAY,
  );
  await tell(scene, 'stranger', 'HOST_DISK_FULL');
  await tell(scene, 'manual', 'HOST_DISK_FULL');
  expect(await read(scene)).toMatchObject({ cohort: 5, leftOut: 0 });
});

test('operators are told, once, when so many tenants cannot get a version that the way to them is at fault', async () => {
  const scene = await openOpinionScene(database, 'damaged-plugin', five);
  for (const tenantId of ['old', 'late', 'linked']) await tell(scene, tenantId, 'DOWNLOAD_CORRUPTED');
  expect(await listMessages(scene, 'delivery_trouble')).toMatchObject([
    {
      ...{ recipient_kind: 'operator', recipient_id: 'operators' },
      message: expect.stringContaining(
        '2 tenants cannot get damaged-plugin 1.0.0: The package arrived damaged',
      ),
    },
  ]);
  expect(await scene.judge()).toBe('inconclusive');
});

test("a tenant sees and changes no other tenant's trouble, even in the role of its own transaction [SEC-21]", async () => {
  const scene = await openOpinionScene(database, 'own-plugin', five);
  await tell(scene, 'full', 'HOST_DISK_FULL');
  const row = { version_id: scene.versionId, code: 'HOST_CLOCK', stage: 1, since: TODAY, at: TODAY };
  const forged = inTenant(database.api, 'well', (trx) =>
    trx('install_troubles').insert({ ...row, tenant_id: 'full' }),
  );
  await expect(forged).rejects.toThrow(/row-level security/);
  expect(await inTenant(database.api, 'well', (trx) => trx('install_troubles').select())).toEqual([]);
  await expect(database.api('install_troubles').first()).rejects.toThrow(/permission denied/);
});
