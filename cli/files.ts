import path from 'node:path';
import type { z } from 'zod';
import { replaceFile } from '../platform/files/durable';
import { makeUnlinkedFolder, readTextWithin } from '../platform/files/unlinked';

export const writeJson = (file: string, value: unknown): Promise<void> =>
  replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);

/**
 * The folder in a plugin folder that is ours, or one in it: packages, request ids and logs; version control
 * ignores it. A clone may bring it along, so nothing in it is followed: files are replaced, never opened.
 *
 * @throws Refusal FILE_UNSAFE where it is a link
 */
export async function ownFolder(root: string, ...names: string[]): Promise<string> {
  const own = await makeUnlinkedFolder(root, '.px-plugin');
  await replaceFile(path.join(own, '.gitignore'), '*\n', { isDurable: false });
  return await makeUnlinkedFolder(own, ...names);
}

const MAX_NOTE_BYTES = 4096;

/**
 * What was kept in a file of {@link ownFolder}. What cannot be read counts as not kept: the server knows a
 * repetition by its content as well.
 */
export async function readOwnJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readTextWithin(path.dirname(file), file, MAX_NOTE_BYTES).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
