import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import path from 'node:path';
import { syncFolder, writeDurably } from '../../pxp/files';

/** The short name of an error of the system, such as ENOENT. */
export const systemCode = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

/** Whether an error says that a file or folder is not there. */
const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');

/** The value, or undefined where the file or folder that it needs is absent. */
export async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether anything of that name is there, a dangling link included. */
export const exists = async (file: string): Promise<boolean> => (await orAbsent(lstat(file))) !== undefined;

/** Names in a folder, sorted; none where there is no folder. */
export const namesIn = async (folder: string): Promise<string[]> =>
  ((await orAbsent(readdir(folder))) ?? []).sort();

/** Replaces a file whole: readers see the old text or the new one, also after a power cut. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeDurably(draft, text);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

/** The text of a file, or undefined when there is none. */
export const readIfThere = (file: string): Promise<string | undefined> => orAbsent(readFile(file, 'utf8'));

/** A rename that survives a power cut, on both of its ends. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(path.dirname(to));
  if (path.dirname(from) !== path.dirname(to)) await syncFolder(path.dirname(from));
}

/** Copies a folder and forces it to disk; links are copied as links, never followed. */
export async function copyDurably(from: string, to: string): Promise<void> {
  // Where the file system can, a copy shares its blocks with the original.
  const mode = constants.COPYFILE_FICLONE;
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode });
  await syncTree(to);
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(inner);
    if (entry.isFile()) await syncFile(inner);
  }
  await syncFolder(folder);
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const removeTree = (target: string): Promise<void> => rm(target, { recursive: true, force: true });
