import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../core/errors/errors';
import { hasErrorCode } from '../../core/errors/thrown';
import { ignoreAbsence } from './absence';

/**
 * Files of folders that somebody else made: a clone, an unpacked archive. A link in one may lead to any file
 * of the person who works in it, so none is followed, neither in the last step of a path nor before.
 */

// Windows has no such flag; there the look before has to do.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
// A pipe would let an opening wait for its other end.
const NO_WAIT = constants.O_NONBLOCK ?? 0;

const unsafe = (file: string, words: string) => refusal('FILE_UNSAFE', `${file} ${words}.`, file);

/**
 * A folder below `root`, made step by step where it is missing; each step is a folder and no link.
 *
 * @throws Refusal FILE_UNSAFE naming the first step that is something else
 */
export async function makeUnlinkedFolder(root: string, ...names: string[]): Promise<string> {
  let folder = root;
  for (const name of names) {
    folder = path.join(folder, name);
    await mkdir(folder).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
    const found = await lstat(folder);
    if (found.isSymbolicLink()) throw unsafe(folder, 'is a link; it must be a folder');
    if (!found.isDirectory()) throw unsafe(folder, 'is no folder');
  }
  return folder;
}

/**
 * Appends to a file that is nothing but a file, and makes it where there is none. A second name of the file
 * would be a link of the other kind.
 *
 * @throws Refusal FILE_UNSAFE
 */
export async function appendUnlinked(file: string, text: string): Promise<void> {
  await refuseLink(file);
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | NO_FOLLOW | NO_WAIT;
  const handle = await openUnlinked(file, flags);
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.nlink > 1) throw unsafe(file, 'is not a file of its own');
    await handle.appendFile(text);
  } finally {
    await handle.close();
  }
}

/**
 * The text of a file that lies where its path says: what it leads to must lie in `folder`, by whatever links
 * on the way. Undefined where there is none.
 *
 * @throws Refusal FILE_UNSAFE for a link that leads out, a device, a pipe, or more than `maxBytes`
 */
export async function readTextWithin(
  folder: string,
  file: string,
  maxBytes: number,
): Promise<string | undefined> {
  const real = await ignoreAbsence(realpath(file));
  if (real === undefined) return undefined;
  const inside = path.relative(await realpath(folder), real);
  if (inside.startsWith('..') || path.isAbsolute(inside)) throw unsafe(file, `leads out of ${folder}`);
  const handle = await openUnlinked(real, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unsafe(file, 'is no regular file');
    if (found.size > maxBytes) throw unsafe(file, `has ${found.size} bytes; ${maxBytes} are allowed`);
    return await readUpTo(handle, found.size);
  } finally {
    await handle.close();
  }
}

/** What a file grows by while it is read is left out. */
async function readUpTo(handle: FileHandle, bytes: number): Promise<string> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.toString('utf8', 0, filled);
}

async function refuseLink(file: string): Promise<void> {
  if ((await ignoreAbsence(lstat(file)))?.isSymbolicLink())
    throw unsafe(file, 'is a link; it must be a file');
}

async function openUnlinked(file: string, flags: number): Promise<FileHandle> {
  try {
    return await open(file, flags, 0o644);
  } catch (error) {
    // ENXIO: a pipe that nobody reads.
    if (hasErrorCode(error, 'ELOOP', 'EISDIR', 'ENXIO')) throw unsafe(file, 'is no regular file');
    throw error;
  }
}
