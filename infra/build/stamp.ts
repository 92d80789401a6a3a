import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', '.vite']);

/**
 * SHA-256 over names and contents of everything in the given files and folders: what a slow part of the build was
 * made from. Times play no role, so a fresh clone and a checked-out branch are judged alike.
 */
export async function digestInputs(root: string, inputs: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const input of [...inputs].sort()) {
    for (const file of (await filesBelow(path.join(root, input))).sort()) {
      digest
        .update(path.relative(root, file))
        .update('\0')
        .update(await readFile(file));
    }
  }
  return digest.digest('hex');
}

/** True when the part was last built from inputs of this digest. */
export async function isUpToDate(root: string, part: string, digest: string): Promise<boolean> {
  const stamp = await readFile(stampFile(root, part), 'utf8').catch(() => '');
  return stamp === digest;
}

export async function writeStamp(root: string, part: string, digest: string): Promise<void> {
  await mkdir(path.dirname(stampFile(root, part)), { recursive: true });
  await writeFile(stampFile(root, part), digest);
}

const stampFile = (root: string, part: string): string => path.join(root, 'dist', '.stamps', part);

async function filesBelow(target: string): Promise<string[]> {
  const info = await stat(target).catch(() => undefined);
  if (!info) return [];
  if (info.isFile()) return [target];
  const entries = await readdir(target, { withFileTypes: true });
  const kept = entries.filter((entry) => !SKIPPED.has(entry.name));
  return (await Promise.all(kept.map((entry) => filesBelow(path.join(target, entry.name))))).flat();
}
