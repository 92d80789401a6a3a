import type { Stats } from 'node:fs';
import { link, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkedKey, isKey, isKeySegment } from '../keys';
import { isMissing, isTaken } from './faults';
import { syncFolder } from '../../../platform/files/durable';

/** The folder of objects: a key is a path below it. */
export interface ObjectFolder {
  /** The file of a valid key; never outside of the folder. */
  locateFile(key: string): string;
  /** What the file system says of an object's file, or undefined. */
  find(key: string): Promise<Stats | undefined>;
  /** Gives a temporary file its key, replacing what was there in one step. */
  replace(temporary: string, key: string): Promise<void>;
  /** Gives a temporary file its key unless the key is taken; says whether it did. */
  claim(temporary: string, key: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Keys that start with `prefix`, in byte order. */
  keys(prefix: string): AsyncIterable<string>;
}

/** Objects below `root`, each change durable before it is reported. */
export function objectFolder(root: string): ObjectFolder {
  const locateFile = (key: string) => path.join(root, ...checkedKey(key).split('/'));
  return {
    locateFile,
    find: (key) => statFile(locateFile(key)),
    replace: (temporary, key) => named(locateFile(key), (file) => rename(temporary, file)),
    async claim(temporary, key) {
      try {
        // A hard link fails where the name is taken, which a rename would silently replace.
        await named(locateFile(key), (file) => link(temporary, file));
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async remove(key) {
      const file = locateFile(key);
      await rm(file, { force: true }).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
      await removeEmptyParents(path.dirname(file), root);
    },
    keys: (prefix) => walk(root, prefix),
  };
}

async function statFile(file: string): Promise<Stats | undefined> {
  try {
    const info = await stat(file);
    return info.isFile() ? info : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Runs `give` once the parent folder is there; a parent that a removal just took is made again. */
async function named(file: string, give: (file: string) => Promise<void>, attempts = 5): Promise<void> {
  const parent = path.dirname(file);
  const firstMade = await mkdir(parent, { recursive: true });
  try {
    await give(file);
    await syncFolder(parent);
    if (firstMade) await syncFoldersBetween(parent, path.dirname(firstMade));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 0) throw error;
    await named(file, give, attempts - 1);
  }
}

/** Makes new folders' own names durable, from the innermost up to the one that was there before. */
async function syncFoldersBetween(inner: string, outer: string): Promise<void> {
  for (let folder = path.dirname(inner); folder.length >= outer.length; folder = path.dirname(folder)) {
    await syncFolder(folder);
    if (folder === path.dirname(folder)) return;
  }
}

async function removeEmptyParents(folder: string, root: string): Promise<void> {
  for (let each = folder; each.startsWith(root + path.sep); each = path.dirname(each)) {
    try {
      await rmdir(each);
    } catch (error) {
      if (!isMissing(error)) return; // not empty: others' objects are in it
    }
  }
}

async function* walk(root: string, prefix: string, below = ''): AsyncIterable<string> {
  for (const { name, isFolder } of await sortedEntries(path.join(root, below))) {
    const key = below + name;
    // What somebody else left in the folder is no object, and stands in no list's way.
    if (!isKeySegment(name.replace(/\/$/, ''))) continue;
    if (isFolder && (prefix.startsWith(key) || key.startsWith(prefix))) yield* walk(root, prefix, key);
    else if (!isFolder && key.startsWith(prefix) && isKey(key)) yield key;
  }
}

/** Entries in the order of the full keys: a folder sorts as its name with the slash behind it. */
async function sortedEntries(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries
    .map((each) => ({ name: each.name + (each.isDirectory() ? '/' : ''), isFolder: each.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
