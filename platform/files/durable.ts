import { randomBytes, randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import path from 'node:path';
import { hasErrorCode } from '../../core/errors/thrown';
import { takeRights } from './rights';

/** Makes earlier renames and creations in a folder survive a power cut, where the platform can. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the rename itself is as durable as it gets.
  if (process.platform !== 'win32') await syncFile(folder);
}

/** Forces to disk what was written to a file. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and forces it to disk. */
export async function writeDurably(file: string, data: string | Uint8Array, mode?: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** How a file is written. */
export interface ReplaceOptions {
  /** Permissions of the file. */
  mode?: number;
  /** False for what may be lost in a power cut, as notes that can be made again; true when nothing is said. */
  isDurable?: boolean;
}

/**
 * Replaces a file whole: readers, and whoever comes after a crash, see the old content or the new one; so it is
 * after a power cut, when it is durable.
 */
export async function replaceFile(
  file: string,
  data: string | Uint8Array,
  { mode, isDurable = true }: ReplaceOptions = {},
): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    if (isDurable) await writeDurably(draft, data, mode);
    else await writeFile(draft, data, { flag: 'wx', mode });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  if (isDurable) await syncFolder(folder);
}

/** A rename that survives a power cut, on both of its ends. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(path.dirname(to));
  if (path.dirname(from) !== path.dirname(to)) await syncFolder(path.dirname(from));
}

/** Copies a folder and forces it to disk; links are copied as links, never followed; sockets and pipes are left out. */
export async function copyDurably(from: string, to: string): Promise<void> {
  // Where the file system can, a copy shares its blocks with the original.
  const mode = constants.COPYFILE_FICLONE;
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode,
    filter: isCopied,
  });
  await syncTree(to);
}

async function isCopied(source: string): Promise<boolean> {
  const found = await lstat(source);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(inner);
    if (entry.isFile()) await syncFile(inner);
  }
  await syncFolder(folder);
}

/** What a tree answers whose folders may not be entered, or lie deeper than a path can name. */
const UNREACHABLE = ['EACCES', 'EPERM', 'ENOTEMPTY', 'ENAMETOOLONG'] as const;

/** Removes a file or a folder with all that is in it, if it is there, whatever rights its owner took from itself. */
export async function removeTree(target: string): Promise<void> {
  try {
    await rm(target, { recursive: true, force: true });
  } catch (error) {
    if (!hasErrorCode(error, ...UNREACHABLE)) throw error;
    await removeByForce(target);
  }
}

/** Takes the rights back, and brings each folder up to the top before it is emptied, so that no path is too long. */
async function removeByForce(target: string): Promise<void> {
  const folders = (await takeRights(target)) ? [target] : [];
  for (const folder of folders) {
    // Names need not be text.
    for (const name of await readdir(folder, { encoding: 'buffer' })) {
      const inner = Buffer.concat([Buffer.from(folder + path.sep), name]);
      const isFolder = await takeRights(inner);
      const raised = path.join(target, randomUUID());
      if (isFolder) await rename(inner, raised);
      if (isFolder) folders.push(raised);
      else await rm(inner, { force: true });
    }
  }
  await rm(target, { recursive: true, force: true });
}
