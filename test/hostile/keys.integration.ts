import { generateKey, readPrivateKey, revokeKey } from 'openpgp';
import { generateSigningKey, type SigningKey } from '../../pxp/signing';
import { writeChallenge } from '../../core/identity/keyChallenge';
import { ask } from '../support/requests/ask';
import { createKey, sign, toRegister } from '../support/builders/keys';
import { reach } from '../support/builders/author';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { tellHosts } from '../../adapters/db/rollouts/restricting';
import type { Client } from '../../sdk/client';

let setting: ReleaseMarketplace;
let count = 0;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
});
afterAll(() => setting.stop());

/** A new publisher without a key, with its token. */
async function addPublisher(): Promise<{ id: string; token: string; client: Client }> {
  const id = `publisher-${(count += 1)}`;
  const { token = '' } = await setting.operator.identity.registerPublisher({ publisherId: id, name: id });
  return { id, token, client: setting.market.sdk(token) };
}

const post = (token: string, path: string, body: unknown) =>
  ask(`${setting.market.url}/api/marketplace/${path}`, { method: 'POST', token, body });

/** A proof for a challenge that was asked for by hand. */
async function answer(token: string, key: SigningKey, signer = key, publisherId?: string) {
  const challenge = (await post(token, 'keys/challenges', { fingerprint: key.fingerprint })).body;
  const nonce = String(challenge.nonce);
  const registration = { publisherId: publisherId ?? String(challenge.publisherId), nonce };
  const text = writeChallenge({ ...registration, fingerprint: key.fingerprint });
  return { armored: key.publicKeyArmored, proof: await sign(new TextEncoder().encode(text), signer) };
}

const withRevocation = async (key: SigningKey, flag: number) => {
  const secret = await readPrivateKey({ armoredKey: key.privateKeyArmored });
  const { publicKey } = await revokeKey({ key: secret, format: 'object', reasonForRevocation: { flag } });
  return { armored: publicKey.armor(), certificate: (await publicKey.getRevocationCertificate()) as string };
};

test('nobody registers a key whose private half they do not have, so nobody is locked out of their own', async () => {
  const [owner, thief] = [await addPublisher(), await addPublisher()];
  const [key, other] = [await createKey(), await createKey()];
  const taken = await answer(owner.token, key);
  for (const body of [
    { armored: key.publicKeyArmored },
    await answer(thief.token, key, other),
    // The owner's own proof, and one that names the owner.
    taken,
    await answer(thief.token, key, key, owner.id),
  ])
    expect((await post(thief.token, 'keys', body)).body.code).toMatch(/^KEY_(UNPROVEN|CHALLENGE_UNKNOWN)$/);
  expect((await post(owner.token, 'keys', taken)).status).toBe(201);
});

test('a proof is taken once, and of the newest challenge only', async () => {
  const { token } = await addPublisher();
  const key = await createKey();
  const first = await answer(token, key);
  const second = await answer(token, key);
  expect((await post(token, 'keys', first)).body.code).toBe('KEY_UNPROVEN');
  expect((await post(token, 'keys', second)).body.code).toBe('KEY_CHALLENGE_UNKNOWN');
  const third = await answer(token, key);
  await setting.market.db('key_challenges').update({ nonce_expires_at: new Date() });
  expect((await post(token, 'keys', third)).body.code).toBe('KEY_CHALLENGE_UNKNOWN');
});

test('a stolen token alone adds no further key: a valid key signs for it, or an operator approves it', async () => {
  const { id, client } = await addPublisher();
  const [first, second, third, stolen] = await Promise.all([
    createKey(),
    createKey(),
    createKey(),
    createKey(),
  ]);
  await client.keys.register(toRegister(first));
  const refused = { code: 'KEY_ENDORSEMENT_REQUIRED' };
  await expect(client.keys.register(toRegister(stolen))).rejects.toMatchObject(refused);
  await expect(client.keys.register(toRegister(stolen, stolen))).rejects.toMatchObject({
    code: 'KEY_UNPROVEN',
  });
  await client.keys.register(toRegister(second, first));
  for (const { fingerprint } of [first, second]) await client.keys.revoke(fingerprint, { reason: 'retired' });
  await expect(client.keys.register(toRegister(third, second))).rejects.toMatchObject({
    code: 'KEY_UNPROVEN',
  });
  await expect(client.keys.register(toRegister(third))).rejects.toMatchObject(refused);
  await setting.operator.keys.approve(id, third.fingerprint);
  await expect(client.keys.register(toRegister(stolen))).rejects.toMatchObject(refused);
  expect(await client.keys.register(toRegister(third))).toMatchObject({ fingerprint: third.fingerprint });
  await expect(client.keys.approve(id, stolen.fingerprint)).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
});

test('weak and expired keys are refused, each with its code', async () => {
  const { client } = await addPublisher();
  const userIDs = [{ name: 'Example' }];
  const rsa = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs });
  await expect(client.keys.update(rsa.publicKey)).rejects.toMatchObject({ code: 'KEY_WEAK' });
  const owner = { name: 'Example', email: 'dev@example.com' };
  const old = await generateSigningKey({ ...owner, now: new Date('2026-01-01'), expiresInSeconds: 86_400 });
  await expect(client.keys.update(old.publicKeyArmored)).rejects.toMatchObject({ code: 'KEY_EXPIRED' });
});

test('a key that comes with its revocation, or whose certificate comes later, is revoked with its reason [SEC-09]', async () => {
  const { client } = await addPublisher();
  const key = await createKey();
  await client.keys.register(toRegister(key));
  const { certificate } = await withRevocation(key, 1);
  expect(await client.keys.revoke(key.fingerprint, { certificate })).toMatchObject({ reason: 'superseded' });
  expect((await client.restrictions.list()).restrictions).toEqual([]);
  // A worse reason counts, a better one does not.
  const { armored } = await withRevocation(key, 2);
  expect(await client.keys.update(armored)).toMatchObject({ revokedReason: 'compromised' });
  expect(await client.keys.revoke(key.fingerprint, { reason: 'retired' })).toMatchObject({
    reason: 'compromised',
  });
  expect((await client.keys.list()).keys).toMatchObject([
    { revokedReason: 'compromised', revokedAt: expect.any(String) },
  ]);
  expect((await client.restrictions.list()).restrictions).toMatchObject([
    { cause: 'revocation', subjectKind: 'key', subjectId: key.fingerprint },
  ]);
  const other = await addPublisher();
  const late = await createKey();
  const revoked = await withRevocation(late, 3);
  await other.client.keys.register({ ...toRegister(late), armored: revoked.armored });
  expect((await other.client.keys.list()).keys).toMatchObject([{ revokedReason: 'retired' }]);
  await expect(other.client.keys.revoke(late.fingerprint, { certificate })).rejects.toMatchObject({
    code: 'KEY_REVOCATION_INVALID',
  });
});

test('a compromised key stops what it signed: no download, no further stage, no resuming; hosts and people are told [SEC-09]', async () => {
  const { market, operator, publisher, author, hosts } = setting;
  const hours = { stages: [{ percentage: 100, wait: '2h' }] };
  const { versionId, publishId, packageSha256 } = await setting.submit('notes-signed', hours);
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  const download = () => hosts.globex.installations.requestDownload('notes-signed', '1.0.0');
  await reachOffer(versionId);
  const before = await hosts.globex.rollouts.readFeed({ since: 0, limit: 500 });
  expect(await publisher.keys.revoke(author.key.fingerprint, { reason: 'retired' })).toMatchObject({
    withheld: 0,
  });
  await expect(download()).resolves.toBeDefined();
  const note = 'Laptop lost.';
  const revoked = await operator.keys.revokeOf('acme', author.key.fingerprint, {
    reason: 'compromised',
    note,
  });
  expect(revoked).toEqual({ fingerprint: author.key.fingerprint, reason: 'compromised', withheld: 1 });
  await expect(download()).rejects.toMatchObject({ code: 'VERSION_RESTRICTED' });
  const next = before.changed ? before.page.next : 0;
  await tellHosts(market.db, 100, new Date());
  const after = await hosts.globex.rollouts.readFeed({ since: next, limit: 500 });
  const entry = { versionId, kind: 'offer', rule: { basisPoints: 0, allow: [], deny: [] } };
  expect(after).toMatchObject({ changed: true, page: { entries: [entry] } });
  expect(await reach(publisher, versionId, ['paused'])).toBe('paused');
  await expect(operator.rollouts.resume(versionId)).rejects.toMatchObject({ code: 'VERSION_RESTRICTED' });
  const row = await market.db('publisher_keys').where({ fingerprint: author.key.fingerprint }).first();
  expect(row).toMatchObject({ revoked_by: 'operator:admin', revocation_note: note });
  const told = market
    .db('outbox')
    .whereRaw(`body->>'title' = ?`, [`${author.key.fingerprint} is restricted`]);
  expect((await told.pluck('recipient_kind')).sort()).toEqual(['operator', 'publisher']);
  const { events } = await publisher.releases.readTimeline(publishId);
  expect(events.find(({ kind }) => kind === 'restricted')).toMatchObject({
    ...{ actor: 'operator:admin', text: expect.stringContaining('The key was revoked as compromised.') },
    data: { subjectKind: 'key', subjectId: author.key.fingerprint },
  });
  const { restrictions } = await publisher.restrictions.list();
  expect(restrictions).toMatchObject([
    { cause: 'revocation', kind: 'quarantine', subjectKind: 'key', subjectId: author.key.fingerprint },
  ]);
  const lasts = { code: 'RESTRICTION_LASTS' };
  const { restrictionId } = restrictions[0]!;
  await expect(operator.restrictions.lift(restrictionId, 'Found.')).rejects.toMatchObject(lasts);
  await expect(publisher.restrictions.appeal(restrictionId, 'Found.')).rejects.toMatchObject(lasts);
  await expect(
    publisher.releases.publish((await author.prepare('notes-signed', '1.0.1')).request),
  ).rejects.toMatchObject({ code: 'SIGNATURE_KEY_REVOKED' });
});

async function reachOffer(versionId: string): Promise<void> {
  for (let left = 200; left > 0; left -= 1) {
    if (await setting.market.db('feed').where({ version_id: versionId }).first('revision')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('the API writes nothing to the feed, neither offers nor withdrawals', async () => {
  const { createDatabase } = await import('../support/servers/database.js');
  const database = await createDatabase();
  try {
    const row = { revision: 1, key: 'k', version_id: 'x@1.0.0', stage: 1, at: new Date(), rule: '{}' };
    for (const kind of ['offer', 'withdraw'] as const)
      await expect(database.api('feed').insert({ ...row, kind })).rejects.toThrow(/permission denied/);
    await expect(database.api('feed_head').update({ revision: 9 })).rejects.toThrow(/permission denied/);
  } finally {
    await database.drop();
  }
});
