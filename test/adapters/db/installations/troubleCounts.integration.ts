import { putSubscription, removeSubscription } from '../../../../adapters/db/notifications/subscriptions';
import { deleteExpired } from '../../../../adapters/db/operations/retention';
import { completePassedRollout, endJudgedStage } from '../../../../adapters/db/rollouts/gates';
import { readTroubleCounts } from '../../../../adapters/db/rollouts/evidence';
import { DAY, MINUTE } from '../../../../core/duration';
import { retention } from '../../../../core/operations/retention';
import { listCodes } from '../../../../core/rollouts/failureKinds';
import { describeStageEnd } from '../../../../core/rollouts/timeline';
import { addPublisher, addTenants } from '../../../support/builders/identities';
import { TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';
import { openOpinionScene, type OpinionScene } from '../rollouts/support/opinionScene';
import { pluginOf, tellTrouble } from './support/tellTrouble';

const database = useDatabase();
const three = ['old', 'other', 'well'] as const;

beforeAll(async () => {
  await addPublisher(database.knex);
  await addTenants(database.knex, [...three, 'stranger', 'manual']);
});

const tell = (scene: OpinionScene, tenantId: string, code: string) =>
  tellTrouble(database.api, scene, tenantId, code);
const counts = ({ versionId }: OpinionScene) => readTroubleCounts(database.api, versionId);
const put = (scene: OpinionScene, tenantId: string, over: object) => {
  const subscription = { channel: 'stable' as const, autoUpgrade: true, ...over };
  return putSubscription(database.api, tenantId, pluginOf(scene), subscription, TODAY);
};

/** Every way out of a cohort. */
const leave: Record<string, (scene: OpinionScene, tenantId: string) => Promise<void>> = {
  'ends its subscription': (scene, tenantId) => removeSubscription(database.api, tenantId, pluginOf(scene)),
  'upgrades by hand': (scene, tenantId) => put(scene, tenantId, { autoUpgrade: false }),
  'follows another channel': (scene, tenantId) => put(scene, tenantId, { channel: 'beta' }),
};

test.each(Object.entries(leave).map(([what, way], index) => [what, `left-${index}`, way] as const))(
  'a tenant that was left out and %s takes no voice but its own, whatever it tells afterwards',
  async (_, pluginId, way) => {
    const scene = await openOpinionScene(database, pluginId, ['old', 'well']);
    await tell(scene, 'old', 'HOST_DISK_FULL');
    expect(await scene.evaluate()).toMatchObject({ cohort: 1, leftOut: 1 });
    await way(scene, 'old');
    expect(await scene.evaluate()).toMatchObject({ cohort: 1, leftOut: 0 });
    await tell(scene, 'old', 'HOST_CLOCK');
    expect(await counts(scene)).toEqual([]);
    expect(await scene.evaluate()).toMatchObject({ cohort: 1, leftOut: 0 });
    expect(await scene.judge()).toBe('inconclusive');
    await put(scene, 'old', {});
    expect(await scene.evaluate()).toMatchObject({ cohort: 1, leftOut: 1 });
    expect(await counts(scene)).toEqual([{ stage: 1, code: 'HOST_CLOCK', tenants: 1 }]);
  },
);

test('troubles that are told while they are counted again are counted once', async () => {
  const scene = await openOpinionScene(database, 'busy-plugin', three);
  for (const code of ['HOST_CLOCK', 'HOST_DISK_FULL', 'HOST_STORAGE', 'HOST_CLOCK']) {
    const told = three.map((tenantId) => tell(scene, tenantId, code));
    await Promise.all([scene.evaluate(), ...told, scene.evaluate()]);
    expect(await counts(scene)).toEqual([{ stage: 1, code, tenants: 3 }]);
  }
});

test('a version that every host is too old for is held and completes nowhere, until one host took it', async () => {
  const scene = await openOpinionScene(database, 'steep-plugin', three);
  for (const tenantId of three) await tell(scene, tenantId, 'HOST_INCOMPATIBLE');
  scene.pass(11 * MINUTE);
  expect(await scene.judge()).toBe('inconclusive');
  const end = (verdict: 'empty' | 'pass') => {
    const entry = describeStageEnd({ stage: 1, verdict, text: 'Stage 1 ended.' });
    const { releaseId } = scene.order;
    return endJudgedStage(database.worker, { releaseId, stage: 1, verdict, entry }, scene.now());
  };
  const refused = expect.objectContaining({
    problems: [expect.objectContaining({ code: 'EVIDENCE_MISSING' })],
  });
  await expect(end('empty')).rejects.toEqual(refused);
  await expect(end('pass')).rejects.toEqual(refused);
  // A row of an older worker, which took the stage for empty.
  const { versionId } = scene;
  await database.knex('rollout_stages').where({ version_id: versionId }).update({ verdict: 'empty' });
  await expect(completePassedRollout(database.worker, scene.order, scene.now())).rejects.toMatchObject({
    problems: [{ detail: expect.stringContaining('nobody has run the version') }],
  });
  await scene.run('well', 'installed');
  expect(await scene.evaluate()).toMatchObject({ cohort: 1, leftOut: 2 });
  expect(await scene.judge()).toBe('pass');
});

test('the counters go down with the rows that are old enough to be deleted', async () => {
  const scene = await openOpinionScene(database, 'aged-plugin', three);
  await tell(scene, 'old', 'HOST_CLOCK');
  await tell(scene, 'well', 'HOST_CLOCK');
  await tell(scene, 'other', 'HOST_STORAGE');
  const at = new Date(TODAY.getTime() - 401 * DAY);
  const aged = database.knex('install_troubles').where({ version_id: scene.versionId });
  await aged.whereIn('tenant_id', ['old', 'other']).update({ at });
  const rule = retention.find(({ table }) => table === 'install_troubles')!;
  expect(await deleteExpired(database.worker, rule, 10, TODAY)).toBe(2);
  expect(await counts(scene)).toEqual([{ stage: 1, code: 'HOST_CLOCK', tenants: 1 }]);
});

test('the timeline shows few troubles, none of who is in no cohort, and failures however many troubles there are', async () => {
  const scene = await openOpinionScene(database, 'noisy-plugin', three);
  await put(scene, 'manual', { autoUpgrade: false });
  const codes = [...listCodes('tenant'), ...listCodes('way')];
  const shown = () =>
    database
      .knex('timeline')
      .where({ release_id: scene.order.releaseId, kind: 'install' })
      .select('actor', 'text');
  for (const code of codes) for (const tenantId of ['stranger', 'manual']) await tell(scene, tenantId, code);
  expect(await shown()).toEqual([]);
  for (const code of codes) for (const tenantId of ['old', 'other']) await tell(scene, tenantId, code);
  expect(codes.length).toBeGreaterThan(10);
  expect(await shown()).toHaveLength(10);
  await scene.run('well', 'failed');
  expect(await shown()).toHaveLength(11);
  expect(await shown()).toContainEqual(
    expect.objectContaining({ actor: 'well', text: expect.stringContaining('could not install 1.0.0') }),
  );
});
