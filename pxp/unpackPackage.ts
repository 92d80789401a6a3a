import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, problem, refusal } from '../core/errors/errors';
import type { DigestedFile } from './digestEntries';
import { syncFolder } from '../platform/files/durable';
import { checkPath } from './names';
import { quoteName } from '../core/foreignText';
import type { OpenPackage } from './openPackage';
import { readAhead } from './readAhead';
import type { VerifiedPackage } from './verifyPackage';

const IN_FLIGHT = 8;

/**
 * Unpacks a verified package into a folder that does not exist yet (or is empty). The folder appears
 * by rename, complete and on disk, or not at all. Each file is digested once more on its way, so a
 * package that was changed after it was verified is refused.
 *
 * @throws Refusal with INTEGRITY_MISMATCH, PACKAGE_PATH, or PACKAGE_TARGET when the folder is taken
 */
export async function unpackPackage(
  opened: OpenPackage,
  verified: VerifiedPackage,
  targetDir: string,
): Promise<{ files: number; bytes: number }> {
  const target = path.resolve(targetDir);
  const staging = `${target}.${randomBytes(6).toString('hex')}.unpacking`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await mkdir(staging, { mode: 0o755 });
    await writeFiles(opened, verified.files, staging);
    await moveInto(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  await syncFolder(path.dirname(target));
  const bytes = verified.files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: verified.files.length, bytes };
}

async function writeFiles(
  opened: OpenPackage,
  files: readonly DigestedFile[],
  staging: string,
): Promise<void> {
  const folders = new Set([
    staging,
    ...files.flatMap((file) => listParents(staging, destination(staging, file.path))),
  ]);
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const start = (file: DigestedFile) => writeFile(opened, file, destination(staging, file.path));
  const written = readAhead(files, { budget: IN_FLIGHT, weigh: () => 1, start });
  while (!(await written.next()).done);
  for (const folder of folders) await syncFolder(folder);
}

/** The names were checked when the package was opened; an escape needs two failures, not one. */
function destination(staging: string, name: string): string {
  const file = path.join(staging, ...name.split('/'));
  const inside = file.startsWith(staging + path.sep);
  if (inside && checkPath(name, 'PACKAGE_PATH').length === 0) return file;
  throw refusal('PACKAGE_PATH', `${quoteName(name)} cannot be unpacked.`, name);
}

/** The folders between the staging folder and a file, outermost first. */
function listParents(staging: string, file: string): string[] {
  const folder = path.dirname(file);
  return folder === staging ? [] : [...listParents(staging, folder), folder];
}

async function writeFile(opened: OpenPackage, file: DigestedFile, destinationPath: string): Promise<void> {
  const hash = createHash('sha256');
  const handle = await open(destinationPath, 'wx');
  try {
    for await (const piece of opened.content(file.path)) {
      hash.update(piece);
      await handle.writeFile(piece);
    }
    if (hash.digest('hex') !== file.sha256) {
      const detail = `${quoteName(file.path)} changed after it was verified.`;
      throw new Refusal([problem('INTEGRITY_MISMATCH', detail, file.path)]);
    }
    // Set rather than asked for at creation, so that no umask takes anything away.
    await handle.chmod(file.mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames onto an absent or empty folder; a folder with contents is never replaced. */
async function moveInto(staging: string, target: string): Promise<void> {
  await rmdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT')
      throw refusal('PACKAGE_TARGET', `${quoteName(target)} is not an empty folder.`);
  });
  await rename(staging, target);
}
