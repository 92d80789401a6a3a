import type { Knex } from 'knex';
import { imposeRestriction } from '../../adapters/db/rollouts/restricting';
import { takeSigningTurn } from '../../adapters/db/distribution/signedFiles';
import type { SignedReleases } from '../../contracts/distribution/releases';
import { DAY, HOUR, MINUTE } from '../../core/duration';
import { nameTenant } from '../../host/trust/entries';
import { createFingerprint } from '../support/builders/digests';
import { addTenants } from '../support/builders/identities';
import { listVersion } from '../support/builders/listed';
import { origin, TODAY } from '../support/builders/submission';
import type { Marketplace } from '../support/servers/marketplace';
import { openSignedMarketplace, versionsOf, type SignedMarketplace } from './support/marketplace';
import type { SigningScene } from './support/scene';

let market: Marketplace;
let db: Knex;
let scene: SigningScene;
let signing: SignedMarketplace;
let plugins = 0;

const newPlugin = (): string => `com.acme.p${(plugins += 1)}`;

beforeEach(async () => {
  signing = await openSignedMarketplace();
  ({ market, scene } = signing);
  db = market.db;
});
afterEach(() => signing.stop());

/** What a host that knows nothing yet believes of a plugin, fetched from the API. */
async function readAsHost(pluginId: string): Promise<SignedReleases | undefined> {
  const trust = await scene.openHost(signing.trustUrl);
  await trust.refresh('all');
  expect(trust.isFresh()).toBe(true);
  return trust.releases()[pluginId];
}

test('a version that was listed on evidence is signed as soon as the feed tells of it, and once', async () => {
  const pluginId = newPlugin();
  await scene.signer.look();
  await listVersion(db, { pluginId });
  const signed = await scene.signer.look();
  expect(signed?.at(-1)).toBe('timestamp.json');
  expect(await scene.signer.look()).toEqual([]);
  const document = await readAsHost(pluginId);
  expect(document).toMatchObject({ publisherId: 'acme', keys: [createFingerprint('acme')] });
  expect(document?.versions).toMatchObject([
    { version: '1.0.0', state: 'listed', rule: { basisPoints: 10_000 } },
  ]);
});

test('a change of the feed gets nothing signed about a version that was not listed, or whose approval is about another package', async () => {
  const [listed, unlisted, mistaken] = [newPlugin(), newPlugin(), newPlugin()];
  await listVersion(db, { pluginId: listed });
  await listVersion(db, { pluginId: unlisted, isListed: false });
  await listVersion(db, { pluginId: mistaken, approved: 'f'.repeat(64) });
  await listVersion(db, { pluginId: listed, version: '1.1.0', isListed: false });
  await scene.signer.look();
  expect(versionsOf(await readAsHost(listed))).toEqual(['1.0.0']);
  expect(await readAsHost(unlisted)).toBeUndefined();
  expect(await readAsHost(mistaken)).toBeUndefined();
});

test('wherever the signer is killed while it writes, hosts go on with the set before, and the next look completes it', async () => {
  const pluginId = newPlugin();
  await listVersion(db, { pluginId });
  await scene.signer.look();
  await db.raw('create sequence written');
  await db.raw('grant usage on sequence written to spillway_signer');
  let kills = 0;
  for (let at = 1; at <= 30; at += 1) {
    const version = `1.${at}.0`;
    await listVersion(db, { pluginId, version });
    await endSessionAtWrite(at);
    const outcome = await scene.signer.look().then(
      () => 'signed',
      () => 'killed',
    );
    await db.raw('drop trigger if exists killing on signed_files');
    if (outcome === 'signed') break;
    kills += 1;
    expect(versionsOf(await readAsHost(pluginId))).not.toContain(version);
    await scene.signer.look();
    expect(versionsOf(await readAsHost(pluginId))).toContain(version);
  }
  // Statement, publisher, snapshot and timestamp, and the rows that were replaced.
  expect(kills).toBeGreaterThan(4);
});

/** The database ends the session of whoever makes the n-th change of a signed file, as when its process is killed. */
async function endSessionAtWrite(at: number): Promise<void> {
  await db.raw('alter sequence written restart');
  await db.raw(`create or replace function kill_writer() returns trigger language plpgsql security definer as $$
    begin
      if nextval('written') = ${at} then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if;
      return new;
    end $$`);
  await db.raw(`create trigger killing before insert or update on signed_files
    for each row execute function kill_writer()`);
}

test('of two signers one writes at a time, and the other takes up what it wrote', async () => {
  const pluginId = newPlugin();
  const other = scene.another();
  await Promise.all([scene.signer.look(), other.look()]);
  await Promise.all([scene.signer.look(), other.look()]);
  await listVersion(db, { pluginId });
  await db.transaction(async (trx) => {
    expect(await takeSigningTurn(trx)).toBe(true);
    expect(await other.look()).toBeUndefined();
    expect(await readAsHost(pluginId)).toBeUndefined();
  });
  expect(await other.look()).toContain('timestamp.json');
  expect(await scene.signer.look()).toEqual([]);
  expect(versionsOf(await readAsHost(pluginId))).toEqual(['1.0.0']);
});

test('what would expire is signed again before it does', async () => {
  const pluginId = newPlugin();
  await listVersion(db, { pluginId });
  await scene.signer.look();
  const start = scene.clock.now.getTime();
  const later = async (ms: number) => {
    scene.clock.now = new Date(start + ms);
    return (await scene.signer.look())?.map((name) => name.replace(/^\d+\./, '')).sort();
  };
  expect(await later(2 * MINUTE)).toEqual([]);
  expect(await later(10 * MINUTE)).toEqual(['timestamp.json']);
  expect(await later(2 * DAY)).toEqual(['snapshot.json', 'timestamp.json']);
  const all = ['publisher-acme.json', 'snapshot.json', 'targets.json', 'timestamp.json'];
  expect(await later(8 * DAY)).toEqual(all);
  expect(versionsOf(await readAsHost(pluginId))).toEqual(['1.0.0']);
});

test('after the database was restored to an earlier state, hosts that saw the later one follow again', async () => {
  const pluginId = newPlugin();
  await listVersion(db, { pluginId });
  await scene.signer.look();
  const backup = await db('signed_files').select();
  await listVersion(db, { pluginId, version: '1.1.0' });
  await scene.signer.look();
  const host = await scene.openHost(signing.trustUrl);
  await host.refresh('all');
  await db('signed_files').delete();
  await db('signed_files').insert(backup);
  await expect(host.refresh('all')).rejects.toMatchObject({ code: 'TRUST_INVALID' });
  scene.clock.now = new Date(scene.clock.now.getTime() + 1000);
  await scene.another().look();
  await host.refresh('all');
  expect(versionsOf(host.releases()[pluginId])).toEqual(['1.0.0', '1.1.0']);
});

test('what is withheld is signed as such: a quarantine offers nothing, a block withdraws, a stolen key counts no more', async () => {
  const [quarantined, blocked, held] = [newPlugin(), newPlugin(), newPlugin()];
  for (const pluginId of [quarantined, blocked, held]) await listVersion(db, { pluginId });
  await scene.signer.look();
  const impose = (kind: 'quarantine' | 'block', subjectId: string) =>
    imposeRestriction(
      db,
      {
        kind,
        subjectKind: 'plugin',
        subjectId,
        publisherId: 'acme',
        reason: 'r',
        expiresAt: null,
        cause: 'decision',
      },
      origin,
      TODAY,
    );
  await impose('quarantine', quarantined);
  await impose('block', blocked);
  scene.clock.now = new Date(scene.clock.now.getTime() + 2 * MINUTE);
  await scene.signer.look();
  const nobody = { basisPoints: 0, allow: [], deny: [] };
  expect((await readAsHost(quarantined))?.versions).toMatchObject([{ state: 'listed', rule: nobody }]);
  expect((await readAsHost(blocked))?.versions).toMatchObject([{ state: 'withdrawn', rule: nobody }]);
  await db('publisher_keys').update({ revoked_at: TODAY, revoked_reason: 'compromised' });
  scene.clock.now = new Date(scene.clock.now.getTime() + 2 * MINUTE);
  expect(await scene.signer.look()).toContain('timestamp.json');
  expect(await readAsHost(held)).toMatchObject({ keys: [], versions: [{ state: 'listed', rule: nobody }] });
});

test('a tenant that a rule names is found by its own key alone, and named in nothing that is signed', async () => {
  const pluginId = newPlugin();
  const tokens = await addTenants(db, ['globex', 'initech']);
  const { salt } = await listVersion(db, { pluginId, lists: { allow: ['globex'], deny: ['initech'] } });
  await scene.signer.look();
  const keyOf = (tenant: string) => market.sdk(tokens.get(tenant)).trust.readKey();
  const [globex, initech] = [await keyOf('globex'), await keyOf('initech')];
  expect(globex).toMatch(/^[0-9a-f]{32}$/);
  expect(globex).not.toBe(initech);
  const rule = (await readAsHost(pluginId))?.versions[0]?.rule;
  expect(rule).toMatchObject({ allow: [nameTenant(salt, globex)], deny: [nameTenant(salt, initech)] });
  const served = (await db('signed_files').pluck('body')).join('\n');
  for (const secret of ['globex', 'initech', globex, initech]) expect(served).not.toContain(secret);
});

test('signed files that somebody has damaged are signed again for every plugin, not for the changed one alone', async () => {
  const [one, other] = [newPlugin(), newPlugin()];
  for (const pluginId of [one, other]) await listVersion(db, { pluginId });
  await scene.signer.look();
  await db('signed_files').whereLike('name', '%publisher-acme.json').update({ body: '{}' });
  await listVersion(db, { pluginId: one, version: '1.1.0' });
  await scene.signer.look();
  expect(versionsOf(await readAsHost(one))).toEqual(['1.0.0', '1.1.0']);
  expect(versionsOf(await readAsHost(other))).toEqual(['1.0.0']);
});

test('a file that was replaced is served for an hour, and is then deleted', async () => {
  const pluginId = newPlugin();
  await listVersion(db, { pluginId });
  await scene.signer.look();
  const names = () => db('signed_files').pluck('name');
  const first = await names();
  await listVersion(db, { pluginId, version: '1.1.0' });
  await scene.signer.look();
  expect(await names()).toEqual(expect.arrayContaining(first));
  scene.clock.now = new Date(scene.clock.now.getTime() + 2 * HOUR);
  await scene.signer.look();
  const left = await names();
  expect(first.filter((name) => left.includes(name)).sort()).toEqual([
    '1.root.json',
    expect.stringMatching(/^\d+\.targets\.json$/),
    'timestamp.json',
  ]);
});
