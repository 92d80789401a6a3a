import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../platform/files/durable';
import { holdCeremony, readRoots } from './ceremony';

/**
 * Makes keys for a stack to try things out on, unless they are there: the root keys lie beside the others, so
 * whoever reads the folder can state anything. A ceremony that was broken off is held again.
 *
 * @param pin the file to which the first root is written, which hosts pin
 * @returns whether keys were made
 */
export async function ensureDevelopmentKeys(
  { folder, pin }: { folder: string; pin: string },
  now: Date,
): Promise<boolean> {
  const folders = { offline: path.join(folder, 'offline'), online: path.join(folder, 'online') };
  const isMade = (await readRoots(folders.online)).length > 0;
  if (!isMade) {
    // The root is written last, so nobody can have pinned anything yet.
    for (const each of Object.values(folders)) await rm(each, { recursive: true, force: true });
    await holdCeremony(folders, { rootKeys: 3, threshold: 2 }, now);
  }
  const first = await readFile(path.join(folders.online, 'root', '1.root.json'), 'utf8');
  await replaceFile(pin, first, { mode: 0o644 });
  return !isMade;
}
