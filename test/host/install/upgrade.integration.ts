import path from 'node:path';
import { calculateChecksum } from '../../../platform/files/read';
import { PLUGIN } from '../../support/builders/manifest';
import { scripts, tamper } from '../../support/builders/plugins';
import { useScene } from '../support/scene';
import { activeIn, rememberedIn } from '../support/testHost';

const scene = useScene();

test('a host takes what is offered, keeps the data over an upgrade, and reports each version once', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }));
  await scene.reported('1.1.0', 'installed');
  expect(await activeIn(scene.folder)).toBe('1.1.0');
  expect(await rememberedIn(scene.folder)).toEqual(['1.0.0', '1.1.0']);
  expect(
    scene.marketplace.reports.map(({ kind, version, activeVersion }) => [kind, version, activeVersion]),
  ).toEqual([
    ['installed', '1.0.0', '1.0.0'],
    ['installed', '1.1.0', '1.1.0'],
  ]);
  expect(scene.marketplace.subscriptions.get(PLUGIN)).toEqual({ channel: 'stable', autoUpgrade: true });
  expect(await scene.inFolder('staging')).toEqual([]);
});

test('only the version that was replaced is kept beside the active one', async () => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
    scene.marketplace.offer(await scene.build({ version }));
    await scene.reported(version, 'installed');
  }
  expect(await scene.inPlugin('versions')).toEqual(['1.1.0', '1.2.0']);
});

test('a failed health check brings the previous version and its data back [INS-08]', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0', health: scripts.broken }));
  await scene.reported('1.1.0', 'rolled_back');
  expect(await activeIn(scene.folder)).toBe('1.0.0');
  expect(await rememberedIn(scene.folder)).toEqual(['1.0.0']);
  expect(await scene.inPlugin('versions')).toEqual(['1.0.0']);
  expect(scene.marketplace.kinds('1.1.0')).toEqual(['failed', 'rolled_back']);
  const failed = scene.marketplace.reports.find(({ kind }) => kind === 'failed');
  expect(failed).toMatchObject({ errorCode: 'HEALTH_CHECK_FAILED', activeVersion: '1.0.0', stage: 1 });
  expect(failed?.detail).toContain('the planted fault');
});

test('a health check that never ends is ended, and counts as failed [INS-08]', async () => {
  scene.marketplace.offer(
    await scene.build({ version: '1.0.0', health: scripts.hanging, timeoutSeconds: 1 }),
  );
  await scene.reported('1.0.0', 'rolled_back');
  expect(await activeIn(scene.folder)).toBeNull();
  expect(scene.marketplace.reports[0]?.detail).toContain('did not end within 1 s');
});

test('a version that failed is not tried again by itself', async () => {
  await scene.withFirstVersion();
  const broken = await scene.build({ version: '1.1.0', health: scripts.broken });
  scene.marketplace.offer(broken);
  await scene.reported('1.1.0', 'rolled_back');
  scene.marketplace.offer(broken, { stage: 2 });
  scene.marketplace.offer(await scene.build({ version: '1.0.1' }));
  await scene.reported('1.0.1', 'installed');
  expect(scene.marketplace.kinds('1.1.0')).toEqual(['failed', 'rolled_back']);
});

test('a withdrawn version gives way to the one before it, with its data; what it wrote is left behind', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }));
  await scene.reported('1.1.0', 'installed');
  scene.marketplace.withdraw('1.1.0', '1.0.0');
  await scene.reported('1.1.0', 'rolled_back');
  expect(await activeIn(scene.folder)).toBe('1.0.0');
  expect(await rememberedIn(scene.folder)).toEqual(['1.0.0']);
  expect(await scene.inPlugin('versions')).toEqual(['1.0.0']);
  expect(await scene.inPlugin('left-behind')).toHaveLength(1);
});

test('a withdrawn first version is removed', async () => {
  await scene.withFirstVersion();
  scene.marketplace.withdraw('1.0.0');
  await scene.reported('1.0.0', 'rolled_back');
  expect(await activeIn(scene.folder)).toBeNull();
  expect(scene.marketplace.reports.at(-1)?.activeVersion).toBeNull();
});

test('a tampered package is refused and never unpacked [INS-13]', async () => {
  const built = await scene.build({ version: '1.0.0' });
  const file = await tamper(built, path.join(scene.works, 'tampered.pxp'));
  const sha256 = await calculateChecksum(file);
  // The object store and the feed are in it together: only the signature can tell.
  scene.marketplace.offer(built, {
    file,
    package: { sha256, bytes: built.bytes, manifestDigest: built.manifestDigest },
  });
  await scene.reported('1.0.0', 'failed');
  expect(await scene.inPlugin('versions')).toEqual([]);
  expect(scene.marketplace.reports[0]?.errorCode).toMatch(/^(INTEGRITY_MISMATCH|PACKAGE_FORM)$/);
});

test('a package of an unknown key is refused and never unpacked [INS-13]', async () => {
  scene.marketplace.offer(await scene.build({ version: '1.0.0', key: scene.stranger }));
  await scene.reported('1.0.0', 'failed');
  expect(await scene.inPlugin('versions')).toEqual([]);
  expect(scene.marketplace.reports[0]?.errorCode).toBe('SIGNATURE_UNKNOWN_KEY');
});

test('a plugin that changes its publisher is refused', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }), { publisherId: 'somebody-else' });
  await scene.reported('1.1.0', 'failed');
  expect(scene.marketplace.reports.at(-1)?.errorCode).toBe('PUBLISHER_CHANGED');
  expect(await activeIn(scene.folder)).toBe('1.0.0');
});

test('a plugin for a newer host is refused with both versions', async () => {
  scene.marketplace.offer(await scene.build({ version: '1.0.0', manifest: { min_core: '9.0.0' } }));
  await scene.reported('1.0.0', 'failed');
  expect(scene.marketplace.reports[0]).toMatchObject({ errorCode: 'HOST_INCOMPATIBLE' });
  expect(scene.marketplace.reports[0]?.detail).toMatch(/9\.0\.0.*1\.0\.0/);
});

test('a host subscribes its tenant to the plugins that it follows, and to no other [NTF-01]', async () => {
  const other = await scene.build({ id: 'com.example.other', version: '1.0.0' });
  scene.marketplace.offer(other, { pluginId: 'com.example.other' });
  await scene.withFirstVersion();
  expect([...scene.marketplace.subscriptions.keys()]).toEqual([PLUGIN]);
  expect(await scene.inFolder('plugins')).toEqual([PLUGIN]);
});
