import type { Readable } from 'node:stream';
import { Storage, type Bucket, type FileMetadata } from '@google-cloud/storage';
import { request } from 'undici';
import { refusal } from '../../../core/errors/errors';
import { checkedKey, checkedPrefix } from '../keys';
import type { ByteRange, ObjectStore, StoredObject } from '../objectStore';
import { composeTree, removed } from './compose';
import { bucketFault, isNotFound, notFound } from './faults';
import { OCTETS, signing, uploadUrl } from './signedUrls';

export interface GcsStoreConfig {
  driver: 'gcs';
  bucket: string;
  /** Another endpoint than Google's own, such as an emulator's or a private one. */
  apiEndpoint?: string;
  /** A service account's key; without it, the environment's own credentials are used. */
  credentials?: { client_email: string; private_key: string };
  /** The origin of signed URLs, where it differs from the endpoint's. */
  publicUrl?: string;
}

/** An {@link ObjectStore} in a bucket of Google Cloud Storage. */
export function createGcsStore(config: Omit<GcsStoreConfig, 'driver'>): ObjectStore {
  const bucket = openBucket(config);
  const origin = config.publicUrl ?? config.apiEndpoint;
  return {
    driver: 'gcs',
    ...signing(bucket, origin),
    // Cloud Storage cannot take back what was signed: it expires, and the worker's sweep removes what came meanwhile.
    endPuts: () => Promise.resolve(),
    list: (prefix) => listed(bucket, checkedPrefix(prefix)),
    stat: (key) => translated(key, () => find(bucket, checkedKey(key))),
    compose: ({ sources, target }) => translated(target, () => composed(bucket, sources, checkedKey(target))),
    read: (key, range) => translated(key, () => opened(bucket, checkedKey(key), range)),
    write: (key, body) => translated(key, () => written(bucket, origin, checkedKey(key), body)),
    remove: (keys) =>
      translated(keys.join(', '), async () => {
        await Promise.all(keys.map((key) => removed(bucket.file(checkedKey(key)))));
      }),
    health: () =>
      translated(
        config.bucket,
        async () => void (await bucket.getFiles({ maxResults: 1, autoPaginate: false })),
      ),
  };
}

function openBucket(config: Omit<GcsStoreConfig, 'driver'>): Bucket {
  const { apiEndpoint, credentials, bucket } = config;
  return new Storage({
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
    ...(credentials === undefined ? {} : { credentials, projectId: 'spillway' }),
  }).bucket(bucket);
}

const describe = (key: string, metadata: FileMetadata): StoredObject => ({
  key,
  bytes: Number(metadata.size ?? 0),
  ...(metadata.md5Hash ? { md5: metadata.md5Hash } : {}),
  updatedAt: new Date(metadata.updated ?? 0).toISOString(),
});

async function find(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
  try {
    const [metadata] = await bucket.file(key).getMetadata();
    return describe(key, metadata);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function* listed(bucket: Bucket, prefix: string): AsyncIterable<StoredObject> {
  let pageToken: string | undefined;
  do {
    const page = await translated(prefix, () => listPage(bucket, prefix, pageToken));
    yield* page.objects;
    pageToken = page.next;
  } while (pageToken !== undefined);
}

const PAGE_SIZE = 500;

async function listPage(bucket: Bucket, prefix: string, pageToken?: string) {
  const [files, next] = await bucket.getFiles({
    prefix,
    ...(pageToken === undefined ? {} : { pageToken }),
    autoPaginate: false,
    maxResults: PAGE_SIZE,
  });
  return {
    objects: files.map((file) => describe(file.name, file.metadata)),
    next: (next as { pageToken?: string } | null)?.pageToken,
  };
}

async function composed(bucket: Bucket, sources: string[], target: string): Promise<StoredObject> {
  // Asked before joining: a missing source is an answer, and not every server answers with it.
  const missing = await firstMissing(bucket, sources.map(checkedKey));
  if (missing === undefined) await composeTree(bucket, sources, target).catch(raced);
  // A retry after the parts were cleared away: the target appeared whole, so it is the answer.
  const made = await find(bucket, target);
  if (!made) throw missing === undefined ? racedAway(target) : notFound(missing);
  return made;
}

/** Another attempt at the same join may clear what this one needs, but only once the target is there. */
function raced(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

const racedAway = (target: string) =>
  refusal('OBJECTS_UNAVAILABLE', `The sources of ${target} changed while they were being joined.`);

async function firstMissing(bucket: Bucket, keys: string[]): Promise<string | undefined> {
  const found = await Promise.all(keys.map((key) => find(bucket, key)));
  return keys.find((_key, index) => found[index] === undefined);
}

async function opened(bucket: Bucket, key: string, range?: ByteRange): Promise<Readable> {
  const file = bucket.file(key);
  if (!(await find(bucket, key))) throw notFound(key);
  // Checksums cover whole objects; a range of one cannot be checked against them.
  return file.createReadStream({ ...range, decompress: false, ...(range ? { validation: false } : {}) });
}

/**
 * One signed PUT: it takes effect whole or not at all. The client library's own upload leaves its
 * request open for good when the body breaks off; this one is aborted.
 */
async function written(bucket: Bucket, origin: string | undefined, key: string, body: Readable) {
  const headers = { 'content-type': OCTETS };
  const answer = await request(await uploadUrl(bucket, key, origin), { method: 'PUT', headers, body });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw Object.assign(new Error('upload'), { code: answer.statusCode });
  const made = await find(bucket, key);
  if (!made) throw notFound(key);
  return made;
}

async function translated<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw bucketFault(error, key);
  }
}
