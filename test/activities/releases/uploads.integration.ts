import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Knex } from 'knex';
import { createUploadActivities } from '../../../activities/releases/uploads';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { registerKey } from '../../../adapters/db/identity/keys';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { readRelease } from '../../../adapters/db/releases/record';
import { createScratch } from '../../../adapters/objects/scratch';
import { createLimit } from '../../../platform/limit';
import { createFilesystemStore } from '../../../adapters/objects/filesystem/store';
import type { PublishRequest } from '../../../contracts/releases/publish';
import { partKey, partPrefix } from '../../../core/ids';
import { DAY } from '../../../core/duration';
import { inlineChecks } from '../../support/checks';
import { createAuthor, type Author, type Prepared } from '../../support/builders/author';
import { origin, createSubmission } from '../../support/builders/submission';
import { readBytes } from '../../support/builders/objects';
import { temporaryFolder } from '../../support/temporaryFolder';
import { useDatabase } from '../../support/servers/database';

const folder = temporaryFolder('uploads');
const objects = createFilesystemStore({
  dir: path.join(folder, 'objects'),
  publicUrl: '',
  secret: 's'.repeat(40),
});
const scratchDir = path.join(folder, 'scratch');
const database = useDatabase();
let db: Knex;
let author: Author;
let count = 0;

beforeAll(async () => {
  db = database.knex;
  author = await createAuthor();
  await registerIdentity(database.knex, { kind: 'publisher', id: 'acme', name: 'Acme' }, origin, new Date());
  const key = {
    publisherId: 'acme',
    armored: author.key.publicKeyArmored,
    fingerprint: author.key.fingerprint,
  };
  await registerKey(database.knex, { ...key, expiresAt: null }, origin, new Date());
});

afterAll(() => author.leave());

const activities = () =>
  createUploadActivities({
    db: database.worker,
    objects,
    scratch: createScratch({ dir: scratchDir, maxBytes: 50_000_000, objects }),
    readLimit: createLimit(2),
    checks: inlineChecks(),
    clock: () => new Date(),
    reservedNames: [],
  });

const run = <A, R>(activity: (input: A) => Promise<R>, input: A): Promise<R> =>
  new MockActivityEnvironment().run(activity, input);

/** A registered release with a real package, of which nothing is uploaded. */
async function announced(change: (request: PublishRequest) => PublishRequest = (same) => same) {
  const prepared = await author.prepare(`upload-${(count += 1)}`, '1.0.0');
  const input = createSubmission(change(prepared.request));
  const { release } = await registerSubmission(
    database.worker,
    input,
    { slaMs: 1, uploadTimeoutMs: DAY },
    new Date(),
  );
  return { prepared, release, releaseId: release.releaseId };
}

async function sendParts(releaseId: string, { request, file, starts }: Prepared, numbers = [1, 2, 3]) {
  for (const part of request.artefact.parts.filter(({ number }) => numbers.includes(number))) {
    const start = starts[part.number - 1] ?? 0;
    await objects.write(
      partKey(releaseId, part),
      createReadStream(file, { start, end: start + part.bytes - 1 }),
    );
  }
}

const keysUnder = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
};

test('finalising names every part that is not there', async () => {
  const { prepared, releaseId } = await announced();
  await sendParts(releaseId, prepared, [2]);
  const checked = await activities().checkParts(releaseId);
  expect(checked).toMatchObject({
    outcome: 'refused',
    problems: [
      { code: 'UPLOAD_INCOMPLETE', pointer: '/artefact/parts/0' },
      { code: 'UPLOAD_INCOMPLETE', pointer: '/artefact/parts/2' },
    ],
  });
  await sendParts(releaseId, prepared);
  expect(await activities().checkParts(releaseId)).toEqual({ outcome: 'ok' });
});

test('parts become the announced package, and every step may be repeated', async () => {
  const { prepared, release, releaseId } = await announced();
  await sendParts(releaseId, prepared);
  for (const step of ['assemblePackage', 'assemblePackage', 'verifyUpload', 'verifyUpload'] as const) {
    expect(await run(activities()[step], releaseId)).toEqual({ outcome: 'ok' });
  }
  await run(activities().discardUpload, { releaseId, keepPackage: true });
  expect(await keysUnder(partPrefix(releaseId))).toEqual([]);
  // A retry whose parts were cleared away since still finds the package.
  expect(await run(activities().assemblePackage, releaseId)).toEqual({ outcome: 'ok' });
  const stored = await readBytes(await objects.read(release.objectKey));
  expect(stored.equals(await readFile(prepared.file))).toBe(true);
  expect(await db('timeline').where({ release_id: releaseId, kind: 'upload_verified' })).toHaveLength(1);
});

test('bytes that are not the announced ones are refused and removed', async () => {
  const { prepared, release, releaseId } = await announced();
  await sendParts(releaseId, prepared, [1, 2]);
  const last = prepared.request.artefact.parts[2]!;
  await objects.write(partKey(releaseId, last), Readable.from([Buffer.alloc(last.bytes, 1)]));
  expect(await run(activities().assemblePackage, releaseId)).toMatchObject({
    outcome: 'refused',
    problems: [{ code: 'PACKAGE_DIGEST' }],
  });
  expect(await objects.stat(release.objectKey)).toBeUndefined();
});

test('wrong bytes that a killed attempt left do not condemn the right ones', async () => {
  const { prepared, release, releaseId } = await announced();
  await objects.write(release.objectKey, Readable.from([Buffer.from('left over')]));
  await sendParts(releaseId, prepared);
  expect(await run(activities().assemblePackage, releaseId)).toEqual({ outcome: 'ok' });
});

test('a local copy from before never stands in for what the object store has', async () => {
  const { prepared, release, releaseId } = await announced();
  await sendParts(releaseId, prepared);
  await run(activities().assemblePackage, releaseId);
  await objects.remove([release.objectKey]);
  await objects.write(release.objectKey, Readable.from([Buffer.from('swapped')]));
  await run(activities().discardUpload, { releaseId, keepPackage: true });
  await sendParts(releaseId, prepared, [1]);
  await expect(run(activities().assemblePackage, releaseId)).resolves.toMatchObject({ outcome: 'refused' });
});

test('a package that differs from its submission is refused with every difference, and is not kept', async () => {
  const { prepared, release, releaseId } = await announced((request) => ({
    ...request,
    manifest: { ...request.manifest, name: 'Harmless', permissions: [] },
    artefact: { ...request.artefact, manifestDigest: '0'.repeat(64) },
  }));
  await sendParts(releaseId, prepared);
  await run(activities().assemblePackage, releaseId);
  expect(await run(activities().verifyUpload, releaseId)).toMatchObject({
    outcome: 'refused',
    problems: [
      { code: 'INTEGRITY_MISMATCH' },
      { code: 'MANIFEST_INVALID', pointer: '/name' },
      { code: 'MANIFEST_INVALID', pointer: '/permissions' },
    ],
  });
  await run(activities().discardUpload, { releaseId, keepPackage: false });
  expect(await objects.stat(release.objectKey)).toBeUndefined();
});

test('a key that was revoked after the submission verifies nothing', async () => {
  const { prepared, releaseId } = await announced();
  await sendParts(releaseId, prepared);
  await run(activities().assemblePackage, releaseId);
  const keys = await db('publisher_keys').select();
  await db('publisher_keys').update({ revoked_at: new Date() });
  try {
    expect(await run(activities().verifyUpload, releaseId)).toMatchObject({
      outcome: 'refused',
      problems: [{ code: 'SIGNATURE_UNKNOWN_KEY' }],
    });
  } finally {
    await db('publisher_keys').delete();
    await db('publisher_keys').insert(keys);
  }
});

test('what is cleared away spares a package that another submission still needs', async () => {
  const { prepared, release, releaseId } = await announced();
  await sendParts(releaseId, prepared);
  await run(activities().assemblePackage, releaseId);
  await db('releases').where({ id: releaseId }).update({ state: 'expired' });
  const again = { ...prepared.request, publishRequestId: crypto.randomUUID() };
  const second = await registerSubmission(
    database.worker,
    createSubmission(again),
    { slaMs: 1, uploadTimeoutMs: DAY },
    new Date(),
  );
  await run(activities().discardUpload, { releaseId, keepPackage: false });
  expect(await objects.stat(release.objectKey)).toBeDefined();
  await db('releases').where({ id: second.release.releaseId }).update({ state: 'expired' });
  await run(activities().discardUpload, { releaseId, keepPackage: false });
  expect(await objects.stat(release.objectKey)).toBeUndefined();
});

test('the package of a release that was verified and refused stays when the same bytes are announced again and given up', async () => {
  const { prepared, release, releaseId } = await announced();
  await sendParts(releaseId, prepared);
  await run(activities().assemblePackage, releaseId);
  await run(activities().verifyUpload, releaseId);
  await db('releases').where({ id: releaseId }).update({ state: 'rejected' });
  const again = { ...prepared.request, publishRequestId: crypto.randomUUID() };
  const { release: second } = await registerSubmission(
    database.worker,
    createSubmission(again),
    { slaMs: 1, uploadTimeoutMs: DAY },
    new Date(),
  );
  await db('releases').where({ id: second.releaseId }).update({ state: 'withdrawn' });
  await run(activities().discardUpload, { releaseId: second.releaseId, keepPackage: false });
  expect(await objects.stat(release.objectKey)).toBeDefined();
});

test('scratch keeps within its limit, and never drops a copy in use', async () => {
  const dir = path.join(folder, 'small');
  const packages = await Promise.all(
    [1, 2].map(async () => {
      const { prepared, releaseId } = await announced();
      await sendParts(releaseId, prepared);
      await run(activities().assemblePackage, releaseId);
      const { objectKey: key, packageSha256: sha256, packageBytes: bytes } = await readRelease(db, releaseId);
      return { key, sha256, bytes };
    }),
  );
  const [first, second] = [packages[0]!, packages[1]!];
  const scratch = createScratch({ dir, maxBytes: first.bytes, objects });
  const namesWithin = await scratch.withPackage(first, () =>
    scratch.withPackage(second, async () => (await readdir(dir)).sort()),
  );
  expect(namesWithin).toEqual([`${first.sha256}.pxp`, `${second.sha256}.pxp`].sort());
  await scratch.withPackage(second, async (file) => expect((await readFile(file)).length).toBe(second.bytes));
  expect(await readdir(dir)).toEqual([`${second.sha256}.pxp`]);
});
