import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '../../core/canonicalJson';
import { holdCeremony, readOnlineKeys, readRoots, rotate } from '../../signer/ceremony';
import { signChanges } from '../../signer/repository';
import { defaultLifetimes } from '../../signer/roles';
import { signedReleases, signedVersion, startTrustRepository } from '../support/builders/trustRepository';
import { outcome, useTrustScene, versions } from './support/trustScene';

const scene = useTrustScene();

test('vulnerability to key compromises: one root key alone makes no root', async () => {
  await scene.repository.publish([signedReleases([signedVersion()])]);
  const trust = await scene.open();
  await rotate(scene.repository.folders, { role: 'none' }, scene.clock);
  const second = (await readRoots(scene.repository.folders.online)).at(-1);
  const { signed, signatures } = second?.toJSON() as { signed: object; signatures: object[] };
  scene.repository.files.set('2.root.json', canonicalJson({ signed, signatures: signatures.slice(0, 1) }));
  expect(await outcome(trust)).toBe('TRUST_INVALID');
  scene.repository.files.set('2.root.json', canonicalJson({ signed, signatures: signatures.slice(0, 2) }));
  expect(await outcome(trust)).toBe('verified');
});

test.each(['timestamp', 'snapshot', 'targets', 'releases'] as const)(
  'vulnerability to key compromises: who has the key of %s alone gets nothing installed',
  async (stolen) => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const trust = await scene.open();
    await outcome(trust);
    const thief = path.join(scene.folder, 'thief');
    await holdCeremony(
      { offline: path.join(thief, 'offline'), online: thief },
      { rootKeys: 1, threshold: 1 },
      scene.clock,
    );
    const own = await readOnlineKeys(thief);
    const { keys, root } = await readOnlineKeys(scene.repository.folders.online);
    const document = signedReleases([signedVersion({ version: '6.6.6' })]);
    const { files } = signChanges(
      { root, publishers: new Map() },
      [{ ...document, body: canonicalJson(document) }],
      { keys: { ...own.keys, [stolen]: keys[stolen] }, lifetimes: defaultLifetimes, now: scene.soon(60) },
    );
    for (const { name, body } of files) scene.repository.files.set(name, body);
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', ['1.0.0 listed']]);
  },
);

test('a root that is not the pinned one is believed in nothing', async () => {
  await scene.repository.publish([signedReleases([signedVersion()])]);
  const other = await startTrustRepository();
  const trust = await scene.open({ pinnedRoot: other.pinnedRoot });
  await other.close();
  expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
});

test('a crash while metadata are written leaves those that were verified before', async () => {
  await scene.repository.publish([signedReleases([signedVersion()])]);
  await outcome(await scene.open());
  await writeFile(path.join(scene.folder, '.trust.json.aabbccddeeff'), '{"torn');
  const text = await readFile(path.join(scene.folder, 'trust.json'), 'utf8');
  expect(Object.keys((JSON.parse(text) as { files: object }).files)).toContain('timestamp.json');
  expect(versions(await scene.open())).toEqual(['1.0.0 listed']);
});
