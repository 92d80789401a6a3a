import { readdir, realpath, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../core/errors/errors';
import { hasErrorCode } from '../../core/errors/thrown';
import { exists } from '../../platform/files/absence';
import { isWithin } from './within';

/** Folders and files by which programs of version control know a working copy. */
const VERSION_CONTROL = new Set(['.git', '.hg', '.svn', '.jj', '.bzr', '.fslckout', '_darcs', 'CVS']);

export interface TargetOptions {
  /** Absolute. */
  folder: string;
  cwd: string;
  /** The folder that is read; undefined for a package. */
  source: string | undefined;
  /** Replace what is there; it is kept beside under another name. */
  force: boolean;
}

/**
 * Whether a plugin folder may be made at this place, before anything is written.
 *
 * @throws Refusal TARGET_UNSAFE, TARGET_TAKEN
 */
export async function checkTarget({ folder, cwd, source, force }: TargetOptions): Promise<void> {
  const [target, here] = await Promise.all([resolveReal(folder), resolveReal(cwd)]);
  const from = source === undefined ? undefined : await resolveReal(source);
  if (isWithin(target, here)) throw unsafe(folder, 'is the current folder or holds it');
  if (from !== undefined && isWithin(target, from)) throw unsafe(folder, 'is the source or holds it');
  if (from !== undefined && isWithin(from, target)) {
    const beside = path.relative(cwd, `${from}-plugin`);
    throw unsafe(
      folder,
      `lies inside the source, to which nothing is written; --out ${beside} lies beside it`,
    );
  }
  const there = await listEntries(folder);
  if (there.length === 0) return;
  if (!force) throw refusal('TARGET_TAKEN', `${folder} holds ${there.length} entries.`, folder);
  if (!isWithin(here, target)) throw unsafe(folder, 'holds files and lies outside of the current folder');
  const control = await findVersionControl(folder);
  if (control !== undefined) throw unsafe(folder, `is under version control (${control})`);
}

const unsafe = (folder: string, why: string) => refusal('TARGET_UNSAFE', `${folder} ${why}.`, folder);

/** Without links in it, as far as it exists. */
async function resolveReal(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const parent = path.dirname(file);
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR') || parent === file) throw error;
    return path.join(await resolveReal(parent), path.basename(file));
  }
}

async function listEntries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    if (hasErrorCode(error, 'ENOTDIR')) throw unsafe(folder, 'is, or lies below, a file');
    throw error;
  }
}

/** At any depth: a working copy that lies below is work as well. */
async function findVersionControl(folder: string): Promise<string | undefined> {
  const names = await readdir(folder, { recursive: true });
  return names.find((name) => VERSION_CONTROL.has(path.basename(name)));
}

/**
 * Puts a finished draft in its place by renaming, and what was there beside it. Whatever moment it is stopped at,
 * nothing of what was there is lost.
 *
 * @param draft a folder beside the target
 * @returns the folder that keeps what was there; undefined when there was nothing
 */
export async function putInPlace(draft: string, folder: string): Promise<string | undefined> {
  const backup = await setAside(folder);
  try {
    await rename(draft, folder);
  } catch (error) {
    if (backup !== undefined) await rename(backup, folder);
    throw error;
  }
  return backup;
}

async function setAside(folder: string): Promise<string | undefined> {
  const there = await listEntries(folder);
  if (there.length > 0) {
    const backup = await chooseBackup(folder);
    await rename(folder, backup);
    return backup;
  }
  // Only an empty one can be removed so.
  if (await exists(folder)) await rmdir(folder);
  return undefined;
}

async function chooseBackup(folder: string, count = 1): Promise<string> {
  const backup = `${folder}.backup${count === 1 ? '' : `-${count}`}`;
  return (await exists(backup)) ? await chooseBackup(folder, count + 1) : backup;
}
