import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { checkedKey, checkedPrefix } from '../keys';
import type { ObjectStore, SignedRequest, StoredObject } from '../objectStore';
import { endedUploads, type EndedUploads } from './endedUploads';
import { folderFault } from './faults';
import { sweep, type Expectation } from './incoming';
import { getLayout, objectsIn, type Objects } from './objects';
import { signedUrl, type UrlGrant } from './signedUrls';

export interface FilesystemStoreConfig {
  driver: 'filesystem';
  /** The folder that holds everything; made when it is not there. */
  dir: string;
  /** The base URL of the object server, as clients reach it. */
  publicUrl: string;
  /** At least 32 characters, shared by all processes that sign or verify. */
  secret: string;
}

/** What only the folder's own server needs besides the contract. */
export interface FilesystemStore extends ObjectStore {
  /** Stores an uploaded part, or refuses with PART_LENGTH, PART_DIGEST or UPLOAD_ENDED and keeps nothing. */
  receivePart(key: string, body: AsyncIterable<Buffer>, expected: Expectation): Promise<StoredObject>;
  /** Where an object's file is, for streaming it out; OBJECT_NOT_FOUND. */
  locate(key: string): Promise<{ file: string; object: StoredObject }>;
  /** Removes what killed uploads left behind before `olderThan`; returns how many files. */
  sweep(olderThan: Date): Promise<number>;
}

/** The shortest secret that URLs are signed with, in characters. */
export const MIN_SECRET_LENGTH = 32;

/** An {@link ObjectStore} in a folder: durable (temporary name, fsync, rename), streamed, lock-free. */
export function createFilesystemStore(config: Omit<FilesystemStoreConfig, 'driver'>): FilesystemStore {
  if (config.secret.length < MIN_SECRET_LENGTH) {
    throw new RangeError(`The secret of the object store needs at least ${MIN_SECRET_LENGTH} characters.`);
  }
  const objects = objectsIn(config.dir);
  const layout = getLayout(config.dir);
  const ended = endedUploads(layout.ended);
  return {
    driver: 'filesystem',
    ...signing(config),
    list: (prefix) => listed(objects, checkedPrefix(prefix)),
    stat: (key) => translated(() => objects.find(key)),
    compose: ({ sources, target }) => translated(() => objects.compose(sources, target)),
    read: (key, range) => translated(() => objects.read(key, range)),
    write: (key, body: Readable) => translated(() => objects.store(key, body)),
    remove: (keys) => translated(async () => void (await Promise.all(keys.map(objects.remove)))),
    health: () => translated(() => assertWritable(layout.incoming)),
    endPuts: (prefix, until) => translated(() => ended.note(checkedPrefix(prefix), until)),
    receivePart: (key, body, expected) => translated(() => received({ objects, ended }, key, body, expected)),
    locate: (key) =>
      translated(async () => ({ object: await objects.get(key), file: objects.folder.locateFile(key) })),
    sweep: (olderThan) =>
      translated(async () => {
        await ended.sweep(olderThan);
        return sweep(layout.incoming, olderThan);
      }),
  };
}

/**
 * Looked at before and after: a part that gets its name while the upload ends is either seen by who clears the upload
 * away, or removed here.
 */
async function received(
  { objects, ended }: { objects: Objects; ended: EndedUploads },
  key: string,
  body: AsyncIterable<Buffer>,
  expected: Expectation,
): Promise<StoredObject> {
  await ended.refuse(checkedKey(key));
  const object = await objects.store(key, body, expected);
  try {
    await ended.refuse(key);
  } catch (error) {
    await objects.remove(key);
    throw error;
  }
  return object;
}

function signing({ publicUrl, secret }: Omit<FilesystemStoreConfig, 'driver'>) {
  const sign = (grant: UrlGrant): SignedRequest => ({
    url: signedUrl(publicUrl, secret, grant),
    method: grant.method,
    headers: toHeaders(grant.method),
    expiresAt: new Date(grant.expires * 1000).toISOString(),
  });
  return {
    // MD5 is what Cloud Storage checks; here the SHA-256 alone decides.
    signPut: async ({ key, bytes, sha256, expiresAt }) =>
      sign({ method: 'PUT', key, bytes, sha256, expires: seconds(expiresAt) }),
    signGet: async ({ key, expiresAt, downloadName }) =>
      sign({ method: 'GET', key, expires: seconds(expiresAt), name: downloadName }),
  } satisfies Pick<ObjectStore, 'signPut' | 'signGet'>;
}

/** Not covered by the signature, unlike those of Cloud Storage: the URL itself binds everything. */
const toHeaders = (method: UrlGrant['method']): Record<string, string> =>
  method === 'PUT' ? { 'content-type': 'application/octet-stream' } : {};

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

async function* listed(objects: Objects, prefix: string): AsyncIterable<StoredObject> {
  try {
    for await (const key of objects.folder.keys(prefix)) {
      const object = await objects.find(key);
      if (object) yield object; // else it was removed meanwhile
    }
  } catch (error) {
    throw folderFault(error);
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderFault(error);
  }
}

/** Writes and removes a byte: a full or read-only disk shows only so. */
async function assertWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const probe = path.join(folder, randomUUID());
  await writeFile(probe, '1');
  await rm(probe);
}
