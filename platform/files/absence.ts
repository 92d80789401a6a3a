import { lstat, readFile, readdir, stat } from 'node:fs/promises';
import { hasErrorCode } from '../../core/errors/thrown';

/**
 * The value, or undefined where the file or folder that it needs is absent. Only absence counts: a folder
 * that may not be read is an error to be told.
 */
export async function ignoreAbsence<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whether anything of that name is there, a dangling link included. */
export const exists = async (file: string): Promise<boolean> =>
  (await ignoreAbsence(lstat(file))) !== undefined;

/**
 * Whether a regular file is there; a folder of that name is not a file.
 *
 * @public
 */
export const fileExists = async (file: string): Promise<boolean> =>
  (await ignoreAbsence(stat(file)))?.isFile() ?? false;

/** Names in a folder, sorted; none where there is no folder. */
export const listNames = async (folder: string): Promise<string[]> =>
  ((await ignoreAbsence(readdir(folder))) ?? []).sort();

/** The text of a file, or undefined when there is none. */
export const readIfPresent = (file: string): Promise<string | undefined> =>
  ignoreAbsence(readFile(file, 'utf8'));
