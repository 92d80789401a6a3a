import type { Stats } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../../core/errors/errors';
import { readPieces } from '../../../platform/files/read';
import type { ByteRange, StoredObject } from '../objectStore';
import { digestNotes } from './digests';
import { isMissing, notFound } from './faults';
import { objectFolder, type ObjectFolder } from './folder';
import { digestMd5, receive, type Bodies, type Expectation, type IncomingFile } from './incoming';

/** Where the parts of a store's folder are. */
export const getLayout = (dir: string) => ({
  incoming: path.join(dir, 'incoming'),
  objects: path.join(dir, 'objects'),
  digests: path.join(dir, 'digests'),
  ended: path.join(dir, 'ended'),
});

/** Objects with what the contract tells of them; errors of the file system come through as they are. */
export interface Objects {
  folder: ObjectFolder;
  find(key: string): Promise<StoredObject | undefined>;
  get(key: string): Promise<StoredObject>;
  store(key: string, body: AsyncIterable<Buffer>, expected?: Expectation): Promise<StoredObject>;
  compose(sources: string[], target: string): Promise<StoredObject>;
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Buffer>>;
  remove(key: string): Promise<void>;
}

/** The objects below `dir`. */
export function objectsIn(dir: string): Objects {
  const layout = getLayout(dir);
  const folder = objectFolder(layout.objects);
  const notes = digestNotes(layout.digests);

  const describe = async (key: string, info: Stats): Promise<StoredObject> => {
    const md5 = await notes.recall(key, info);
    const known = { key, bytes: info.size, updatedAt: info.mtime.toISOString() };
    return md5 === undefined ? known : { ...known, md5 };
  };
  const find = async (key: string) => {
    const info = await folder.find(key);
    return info && describe(key, info);
  };
  const get = async (key: string) => found(key, await find(key));
  return {
    folder,
    find,
    get,
    async store(key, body, expected) {
      folder.locateFile(key); // a bad key is refused before any byte is written
      const received = await receive(layout.incoming, [body], expected);
      await discardedOnError(received, async () => {
        // Noted before the rename, of the file itself: two writers of one key never mix their notes.
        await notes.remember(key, await stat(received.path), received.md5);
        await folder.replace(received.path, key);
      });
      return get(key);
    },
    compose: (sources, target) => composed({ folder, find, get, incoming: layout.incoming }, sources, target),
    read: (key, range) => openObject(folder.locateFile(key), key, range),
    async remove(key) {
      await folder.remove(key);
      await notes.forget(key);
    },
  };
}

function found(key: string, object: StoredObject | undefined): StoredObject {
  if (object) return object;
  throw notFound(key);
}

interface Composing extends Pick<Objects, 'folder' | 'find' | 'get'> {
  incoming: string;
}

async function composed(at: Composing, sources: string[], target: string): Promise<StoredObject> {
  const existing = await at.find(target);
  const missing = await firstMissing(sources, at.find);
  // A retry after the parts were cleared away: the target appeared whole, so it is the answer.
  if (missing !== undefined) return found(missing, existing);
  const joined = await receive(at.incoming, opened(at.folder, sources));
  const claimed = await discardedOnError(joined, () => at.folder.claim(joined.path, target));
  if (!claimed && (await digestMd5(at.folder.locateFile(target))) !== joined.md5) {
    throw refusal('OBJECT_CONFLICT', `The object ${target} already exists with different content.`);
  }
  return at.get(target);
}

async function firstMissing(keys: string[], find: Objects['find']): Promise<string | undefined> {
  for (const key of keys) if (!(await find(key))) return key;
  return undefined;
}

/** Opens one source at a time, so that a join of a thousand parts holds one descriptor. */
async function* opened(folder: ObjectFolder, keys: string[]): Bodies {
  for (const key of keys) yield readPieces(await open(folder.locateFile(key), 'r'));
}

async function openObject(file: string, key: string, range?: ByteRange): Promise<AsyncIterable<Buffer>> {
  try {
    // Opened first, so that an absent object is a refusal and not an error in mid-stream.
    const handle = await open(file, 'r');
    return readPieces(handle, range && { start: range.start, end: range.end + 1 });
  } catch (error) {
    throw isMissing(error) ? notFound(key) : error;
  }
}

async function discardedOnError<T>(received: IncomingFile, place: () => Promise<T>): Promise<T> {
  try {
    return await place();
  } catch (error) {
    await rm(received.path, { force: true });
    throw error;
  }
}
