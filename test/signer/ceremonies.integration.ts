import { rm } from 'node:fs/promises';
import { MINUTE } from '../../core/duration';
import { holdCeremony, rotate } from '../../signer/ceremony';
import { listVersion } from '../support/builders/listed';
import { openSignedMarketplace, versionsOf, type SignedMarketplace } from './support/marketplace';
import type { SigningScene } from './support/scene';

const pluginId = 'com.acme.p1';
let signing: SignedMarketplace;
let scene: SigningScene;

beforeEach(async () => {
  signing = await openSignedMarketplace();
  scene = signing.scene;
});
afterEach(() => signing.stop());

test('a rotated key is taken up while the signer runs, and hosts follow with the root that they pinned', async () => {
  await listVersion(signing.market.db, { pluginId });
  const host = await scene.openHost(signing.trustUrl);
  await scene.signer.look();
  await host.refresh('all');
  await rotate(scene.folders, { role: 'timestamp' }, scene.clock.now);
  scene.clock.now = new Date(scene.clock.now.getTime() + 2 * MINUTE);
  expect(await scene.signer.look()).toEqual(expect.arrayContaining(['2.root.json', 'timestamp.json']));
  await listVersion(signing.market.db, { pluginId, version: '1.1.0' });
  await scene.signer.look();
  await host.refresh('all');
  expect(versionsOf(host.releases()[pluginId])).toEqual(['1.0.0', '1.1.0']);
});

test.each(['the signer that ran before', 'a signer that is started then'])(
  'after a new ceremony over the same database, hosts that were given its root follow it and its rotations, by %s',
  async (who) => {
    const { db } = signing.market;
    await listVersion(db, { pluginId });
    await scene.signer.look();
    for (const role of ['timestamp', 'snapshot'] as const)
      await rotate(scene.folders, { role }, scene.clock.now);
    await lookLater(scene);
    expect(await listRoots()).toEqual(['1.root.json', '2.root.json', '3.root.json']);

    for (const folder of Object.values(scene.folders)) await rm(folder, { recursive: true });
    await holdCeremony(scene.folders, { rootKeys: 1, threshold: 1 }, scene.clock.now);
    const signer = who === 'the signer that ran before' ? scene.signer : scene.another();
    await lookLater({ ...scene, signer });
    expect(await listRoots()).toEqual(['1.root.json']);
    const host = await scene.openHost(signing.trustUrl);
    await host.refresh('all');
    expect(host.isFresh()).toBe(true);
    expect(versionsOf(host.releases()[pluginId])).toEqual(['1.0.0']);

    await rotate(scene.folders, { role: 'timestamp' }, scene.clock.now);
    await listVersion(db, { pluginId, version: '1.1.0' });
    await lookLater({ ...scene, signer });
    await host.refresh('all');
    expect(versionsOf(host.releases()[pluginId])).toEqual(['1.0.0', '1.1.0']);
  },
);

/** Lets the signer look when it is time to check everything. */
async function lookLater({ clock, signer }: SigningScene): Promise<void> {
  clock.now = new Date(clock.now.getTime() + 2 * MINUTE);
  await signer.look();
}

const listRoots = (): Promise<string[]> =>
  signing.market.db('signed_files').whereLike('name', '%.root.json').orderBy('name').pluck('name');
