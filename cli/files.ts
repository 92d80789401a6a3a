import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../platform/files/durable';

export const writeJson = (file: string, value: unknown): Promise<void> =>
  replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);

/** The folder in a plugin folder that is ours: packages, request ids and logs; version control ignores it. */
export async function ownFolder(root: string): Promise<string> {
  const folder = path.join(root, '.px-plugin');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '.gitignore'), '*\n');
  return folder;
}
