import { chmod, lstat } from 'node:fs/promises';
import type { PathLike } from 'node:fs';
import path from 'node:path';
import { ignoreAbsence, listNames } from './absence';

/** What an owner needs to list, change and move a folder, and to read and write a file. */
const FOLDER_RIGHTS = 0o700;
const FILE_RIGHTS = 0o600;

/**
 * Gives this user the owner's rights on one folder or file of its own, where they were taken. Links are not followed,
 * and what belongs to somebody else is left as it is.
 *
 * @returns whether it is a folder
 */
export async function takeRights(target: PathLike): Promise<boolean> {
  const found = await lstat(target);
  const isFolder = found.isDirectory();
  const rights = isFolder ? FOLDER_RIGHTS : FILE_RIGHTS;
  const isOwn = found.uid === (process.geteuid?.() ?? found.uid);
  const isMissing = (found.mode & rights) !== rights;
  // Only these two: changing the mode of a link would change what it leads to.
  if ((isFolder || found.isFile()) && isOwn && isMissing) await chmod(target, (found.mode & 0o7777) | rights);
  return isFolder;
}

/** The same for a folder and all that lies in it; what vanishes meanwhile needs no rights. */
export async function takeRightsBelow(target: string): Promise<void> {
  if (!(await ignoreAbsence(takeRights(target)))) return;
  for (const name of await listNames(target)) await takeRightsBelow(path.join(target, name));
}
