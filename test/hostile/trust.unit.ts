import { canonicalJson } from '../../core/canonicalJson';
import { DAY, HOUR, MINUTE } from '../../core/duration';
import { toOffers } from '../../host/trust/entries';
import { readOnlineKeys, readRoots, rotate } from '../../signer/ceremony';
import { signChanges } from '../../signer/repository';
import { defaultLifetimes } from '../../signer/roles';
import { PLUGIN } from '../support/builders/manifest';
import { signedReleases, signedVersion, startTrustRepository } from '../support/builders/trustRepository';
import { offered, outcome, tenant, useTrustScene, versions } from './support/trustScene';

const scene = useTrustScene();

test('what is signed is read, and a host that starts again knows it', async () => {
  await scene.repository.publish([signedReleases([signedVersion()])]);
  const trust = await scene.open();
  expect([await outcome(trust), versions(trust), offered(trust)]).toEqual([
    'verified',
    ['1.0.0 listed'],
    ['1.0.0'],
  ]);
  expect(versions(await scene.open())).toEqual(['1.0.0 listed']);
});

describe('attacks of a marketplace that somebody else has, or of who answers in its place', () => {
  test('arbitrary install: a package that nobody signed is not offered', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    scene.tamper(scene.nameOf('targets/'), 'a'.repeat(64), 'b'.repeat(64));
    const trust = await scene.open();
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
  });

  test('arbitrary install: metadata that another signer signed with keys of its own are refused', async () => {
    const other = await startTrustRepository();
    await other.publish([signedReleases([signedVersion({ version: '6.6.6' })])]);
    for (const [name, body] of other.files)
      if (name !== '1.root.json') scene.repository.files.set(name, body);
    await other.close();
    const trust = await scene.open();
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
  });

  test('arbitrary install: a publisher has no say about the plugin of another', async () => {
    await scene.repository.publish([
      signedReleases([signedVersion()]),
      signedReleases([signedVersion()], { pluginId: 'com.other.plugin', publisherId: 'other' }),
    ]);
    const targets = scene.repository.files.get(scene.nameOf('.targets.json')) ?? '';
    const { signed } = JSON.parse(targets) as {
      signed: { delegations: { roles: { name: string; paths: string[] }[] } };
    };
    expect(signed.delegations.roles.map(({ name, paths }) => [name, paths])).toEqual([
      ['publisher-example', [PLUGIN]],
      ['publisher-other', ['com.other.plugin']],
    ]);
  });

  test('endless data: a file longer than its role allows is not read to its end', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    let sent = 0;
    scene.repository.answer('timestamp.json', (_, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 200_000_000 && response.write('x'.repeat(65_536)))
          sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const trust = await scene.open();
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
    expect(sent).toBeLessThan(50_000_000);
  });

  test('extraneous dependencies: what else is signed comes to nobody who did not ask for it, whatever a package names', async () => {
    await scene.repository.publish([
      signedReleases([signedVersion()]),
      signedReleases([signedVersion()], { pluginId: 'com.other.plugin', publisherId: 'other' }),
    ]);
    const trust = await scene.open();
    expect([await outcome(trust), Object.keys(trust.releases())]).toEqual(['verified', [PLUGIN]]);
    // A host installs one plugin a job; nothing of it reads a list of dependencies.
    expect([await outcome(trust, 'all'), Object.keys(trust.releases())]).toEqual([
      'verified',
      [PLUGIN, 'com.other.plugin'],
    ]);
  });

  test('fast-forward: numbers that were driven up are left behind by rotating the keys that did it', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const trust = await scene.open();
    await scene.repository.publish(
      [signedReleases([signedVersion()])],
      new Date(scene.clock.getTime() + 5_000 * DAY),
    );
    expect(await outcome(trust)).toBe('verified');
    for (const role of ['timestamp', 'snapshot', 'targets'] as const) {
      await rotate(scene.repository.folders, { role }, scene.clock);
    }
    const { keys, root } = await readOnlineKeys(scene.repository.folders.online);
    const document = signedReleases([signedVersion(), signedVersion({ version: '1.0.1' })]);
    const fresh = signChanges(
      { root, publishers: new Map() },
      [{ ...document, body: canonicalJson(document) }],
      { keys, lifetimes: defaultLifetimes, now: scene.clock },
    );
    for (const each of await readRoots(scene.repository.folders.online))
      scene.repository.files.set(`${each.signed.version}.root.json`, canonicalJson(each.toJSON()));
    for (const { name, body } of fresh.files) scene.repository.files.set(name, body);
    expect([await outcome(trust), versions(trust)]).toEqual(['verified', ['1.0.0 listed', '1.0.1 listed']]);
  });

  test('indefinite freeze: what is served for ever expires, and then nothing new is installed while what runs goes on', async () => {
    await scene.repository.publish(
      [signedReleases([signedVersion()])],
      new Date(scene.clock.getTime() - HOUR + 2 * MINUTE),
    );
    const trust = await scene.open();
    expect([await outcome(trust), offered(trust)]).toEqual(['verified', ['1.0.0']]);
    scene.clock = new Date(scene.clock.getTime() + 3 * MINUTE);
    expect(trust.isFresh()).toBe(false);
    expect([versions(trust), offered(trust)]).toEqual([['1.0.0 listed'], []]);
  });

  test('indefinite freeze: metadata that expired before they were read are refused by their own code', async () => {
    await scene.repository.publish(
      [signedReleases([signedVersion()])],
      new Date(scene.clock.getTime() - 2 * HOUR),
    );
    const trust = await scene.open();
    expect([await outcome(trust), offered(trust)]).toEqual(['TRUST_EXPIRED', []]);
  });

  test('indefinite freeze: a clock that is set back makes nothing fresh again', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const trust = await scene.open();
    await outcome(trust);
    scene.clock = new Date(scene.clock.getTime() - 6 * MINUTE);
    expect([trust.isFresh(), await outcome(trust)]).toEqual([false, 'TRUST_CLOCK']);
  });

  test('malicious mirrors: one that serves rubbish changes nothing of what is known', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const trust = await scene.open();
    await outcome(trust);
    const good = new Map(scene.repository.files);
    for (const name of scene.repository.files.keys())
      scene.repository.files.set(name, '{"signed": {}, "signatures": []}');
    expect([await outcome(trust), versions(trust), offered(trust)]).toEqual([
      'TRUST_INVALID',
      ['1.0.0 listed'],
      ['1.0.0'],
    ]);
    for (const [name, body] of good) scene.repository.files.set(name, body);
    scene.repository.files.delete('2.root.json');
    expect(await outcome(trust)).toBe('verified');
  });

  test('mix-and-match: metadata of two moments do not go together', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const old = scene.repository.files.get(scene.nameOf('.publisher-example.json')) ?? '';
    await scene.repository.publish(
      [signedReleases([signedVersion(), signedVersion({ version: '1.0.1' })])],
      scene.soon(1),
    );
    scene.repository.files.set(scene.nameOf('.publisher-example.json'), old);
    const trust = await scene.open();
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
  });

  test('rollback: what was signed earlier is refused by who knows what was signed later', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const old = new Map(scene.repository.files);
    await scene.repository.publish(
      [signedReleases([signedVersion(), signedVersion({ version: '1.0.1' })])],
      scene.soon(1),
    );
    const trust = await scene.open();
    await outcome(trust);
    for (const [name, body] of old) scene.repository.files.set(name, body);
    for (const each of [trust, await scene.open()]) {
      expect([await outcome(each), versions(each)]).toEqual([
        'TRUST_INVALID',
        ['1.0.0 listed', '1.0.1 listed'],
      ]);
    }
  });

  test('rollback by withdrawal: a feed that withdraws what is signed as listed takes nothing away', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    const trust = await scene.open();
    await outcome(trust);
    const listed = Object.values(toOffers(trust.releases(), {}, tenant, true));
    const told = Object.fromEntries(
      listed.map((entry) => [entry.versionId, { ...entry, revision: 99, kind: 'withdraw' as const }]),
    );
    const [entry] = Object.values(toOffers(trust.releases(), told, tenant, true));
    expect([entry?.kind, entry?.rule.basisPoints]).toEqual(['offer', 0]);
  });

  test('slow retrieval: a file that trickles is given up at its deadline', async () => {
    await scene.repository.publish([signedReleases([signedVersion()])]);
    scene.repository.answer('timestamp.json', (_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const trust = await scene.open({ deadlineMs: 200 });
    expect([await outcome(trust), versions(trust)]).toEqual(['UNAVAILABLE', []]);
  });

  test('wrong software: the signed statements about one plugin do not pass for those about another', async () => {
    const other = 'com.other.plugin';
    await scene.repository.publish([
      signedReleases([signedVersion()]),
      signedReleases([signedVersion({ version: '9.9.9' })], { pluginId: other, publisherId: 'other' }),
    ]);
    const body = scene.repository.files.get(scene.nameOf(`.${other}`)) ?? '';
    const name = [...scene.repository.files.keys()].find((each) => each.endsWith(`.${PLUGIN}`)) ?? '';
    scene.repository.files.set(name, body);
    const trust = await scene.open();
    expect([await outcome(trust), versions(trust)]).toEqual(['TRUST_INVALID', []]);
  });
});
