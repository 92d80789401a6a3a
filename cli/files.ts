import path from 'node:path';
import { replaceFile } from '../platform/files/durable';
import { makeUnlinkedFolder } from '../platform/files/unlinked';

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
