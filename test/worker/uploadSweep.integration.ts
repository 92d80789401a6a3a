import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createFilesystemStore } from '../../adapters/objects/filesystem/store';
import type { ObjectStore } from '../../adapters/objects/objectStore';
import { registerSubmission } from '../../adapters/db/releases/register';
import { changeState } from '../../adapters/db/releases/transitions';
import type { Submission } from '../../contracts/releases/messages';
import { DAY, HOUR } from '../../core/duration';
import { packageKey, partKey } from '../../core/ids';
import type { ReleaseState } from '../../core/releases/state';
import { sweepUploads } from '../../worker/uploadSweep';
import { addPublisher } from '../support/builders/identities';
import { hashText } from '../support/builders/digests';
import { listKeys } from '../support/builders/objects';
import { createSubmission, origin } from '../support/builders/submission';
import { temporaryFolder } from '../support/temporaryFolder';
import { eventually } from '../support/waiting';
import { useDatabase } from '../support/servers/database';

const database = useDatabase();
const root = temporaryFolder('upload-sweep');
let objects: ObjectStore;
let dir: string;
let count = 0;

beforeAll(() => addPublisher(database.knex));
beforeEach(() => {
  dir = path.join(root, String((count += 1)));
  objects = createFilesystemStore({ dir, publicUrl: '', secret: 's'.repeat(40) });
});
afterEach(async () => {
  await database.knex('releases').whereIn('state', ['uploading']).update({ state: 'expired' });
});

const later = () => new Date(Date.now() + 2 * HOUR);
const failures: string[] = [];
const sweep = (store = objects, now = later()) =>
  sweepUploads({
    db: database.worker,
    objects: store,
    now,
    signal: new AbortController().signal,
    onFailure: (key) => failures.push(key),
  });

const register = (input: Submission) =>
  registerSubmission(database.worker, input, { slaMs: 1, uploadTimeoutMs: DAY }, new Date());

const write = (key: string) => objects.write(key, Readable.from([Buffer.from(key)]));
const partOf = (releaseId: string, number = 1) => partKey(releaseId, { number, sha256: hashText('part') });

/** A release with a part and its package in the store, which ended with that state. */
async function left(pluginId: string, state?: ReleaseState) {
  const input = createSubmission({ pluginId });
  const { release } = await register(input);
  const { releaseId } = release;
  await write(partOf(releaseId));
  await write(release.objectKey);
  if (state)
    await changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: state }, new Date());
  return { input, release, releaseId };
}

test('parts and packages of uploads that ended go, those of an open one stay, and a second sweep finds nothing', async () => {
  const open = await left('open-upload');
  await left('expired-upload', 'expired');
  await left('aborted-upload', 'withdrawn');
  await write(partOf(crypto.randomUUID()));
  expect(await sweep()).toBe(5);
  expect(await listKeys(objects, '')).toEqual([open.release.objectKey, partOf(open.releaseId)].sort());
  expect(await sweep()).toBe(0);
});

test('a package that was verified or is listed stays, whatever became of its release', async () => {
  const verified = await left('verified-package', 'failed');
  await database
    .knex('releases')
    .where({ id: verified.releaseId })
    .update({ verified_sha256: verified.release.packageSha256 });
  const listed = await left('listed-package', 'failed');
  await database.knex('versions').where({ id: listed.release.versionId }).update({ listed_at: new Date() });
  await sweep();
  expect(await listKeys(objects, '')).toEqual([verified.release.objectKey, listed.release.objectKey].sort());
});

test('what came within the last hour is left alone, because a step may be at work on it', async () => {
  await write(partOf(crypto.randomUUID()));
  expect(await sweep(objects, new Date())).toBe(0);
});

test('an object that cannot be removed, and files that are no objects, stand in no other’s way', async () => {
  const [bad, good] = [partOf(crypto.randomUUID()), partOf(crypto.randomUUID())];
  await Promise.all([bad, good].map(write));
  await write('uploads/not-an-id/0001');
  await write('uploads/too/deep/0001');
  await mkdir(path.join(dir, 'objects/uploads/white space'), { recursive: true });
  await writeFile(path.join(dir, 'objects/uploads/white space/.hidden'), 'left by somebody');
  const failing: ObjectStore = {
    ...objects,
    remove: (keys) => (keys.includes(bad) ? Promise.reject(new Error('broken')) : objects.remove(keys)),
  };
  failures.length = 0;
  expect(await sweep(failing)).toBe(3);
  expect(failures).toEqual([bad]);
  expect(await listKeys(objects, '')).toEqual([bad]);
});

test('more objects than a page go in one sweep', async () => {
  const releaseId = crypto.randomUUID();
  await Promise.all(Array.from({ length: 520 }, (_none, index) => write(partOf(releaseId, index + 1))));
  expect(await sweep()).toBe(520);
});

test('what a join left that was cut short goes once it is older than any join', async () => {
  await write(`compose/${hashText('target')}/0-0`);
  await write(`compose/${hashText('target')}/probe`);
  expect(await sweep(objects, new Date())).toBe(0);
  expect(await sweep()).toBe(2);
  expect(await listKeys(objects, '')).toEqual([]);
});

test('packages that are needed are asked for by the page, not one by one', async () => {
  const { release } = await left('page-listed', 'failed');
  await database.knex('versions').where({ id: release.versionId }).update({ listed_at: new Date() });
  await write(packageKey('page-listed', '1.0.0', hashText('older')));
  const asked: string[] = [];
  const note = ({ sql }: { sql: string }) => asked.push(sql);
  database.worker.on('query', note);
  try {
    expect(await sweep()).toBe(2);
  } finally {
    database.worker.removeListener('query', note);
  }
  expect(asked.filter((sql) => sql.includes('asked.key'))).toHaveLength(1);
  // The one that may go is judged alone, before and within the lock of its plugin.
  expect(asked.filter((sql) => sql.includes('"versions"."object_key" = '))).toHaveLength(2);
});

test('a package that is being removed cannot be submitted again meanwhile, and one that was is kept', async () => {
  const { input, release } = await left('again-upload', 'expired');
  const again = createSubmission({ ...input.request, publishRequestId: crypto.randomUUID() });
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const removing: string[] = [];
  const slow: ObjectStore = {
    ...objects,
    remove: async (keys) => {
      removing.push(...keys);
      if (keys.includes(release.objectKey)) await gate;
      await objects.remove(keys);
    },
  };
  const swept = sweep(slow);
  await eventually('the removal', () => expect(removing).toContain(release.objectKey));
  let isRegistered = false;
  const registered = register(again).then(() => (isRegistered = true));
  await eventually('a registration that waits for its plugin', async () => {
    const { rows } = await database.knex.raw<{ rows: unknown[] }>(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(rows).toHaveLength(1);
  });
  expect(isRegistered).toBe(false);
  goOn();
  await Promise.all([swept, registered]);
  await write(release.objectKey);
  await sweep();
  expect(await listKeys(objects, 'packages/')).toEqual([release.objectKey]);
});

test('a package whose version has other bytes by now goes, and the newer one stays', async () => {
  const { release } = await left('newer-upload');
  const older = packageKey('newer-upload', '1.0.0', hashText('older'));
  await write(older);
  await sweep();
  expect(await listKeys(objects, 'packages/')).toEqual([release.objectKey]);
});
