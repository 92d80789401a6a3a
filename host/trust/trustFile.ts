import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { count, idText, recordOf, text } from '../../contracts/bounds';
import { signedReleasesSchema } from '../../contracts/distribution/releases';
import { readIfPresent } from '../../platform/files/absence';
import { replaceFile } from '../../platform/files/durable';

const MOST_PLUGINS = 100_000;
const digest = text(64);

const trustSchema = z.object({
  /** The root that the operator pinned; another one starts from nothing, though what it vouches for stays. */
  pinned: digest,
  /** Metadata by their file names, as they were verified last. */
  files: recordOf(z.string().max(300), z.string().max(6_000_000), MOST_PLUGINS),
  /** What was signed about each plugin, with the digest that its target must have. */
  releases: recordOf(idText, z.object({ sha256: digest, document: signedReleasesSchema }), MOST_PLUGINS),
  /** The last time at which everything was verified, by this host's clock. */
  verifiedAt: count,
  /** Until when nothing of it has expired, in milliseconds since 1970. */
  freshUntil: count,
});
export type TrustState = z.infer<typeof trustSchema>;

const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');

/** What was verified before, or the pinned root alone. */
export async function readTrust(file: string, pinnedRoot: string): Promise<TrustState> {
  const pinned = digestOf(pinnedRoot);
  const fresh: TrustState = {
    pinned,
    files: { 'root.json': pinnedRoot },
    releases: {},
    verifiedAt: 0,
    freshUntil: 0,
  };
  const kept = await readIfPresent(file);
  if (kept === undefined) return fresh;
  const stored = trustSchema.parse(JSON.parse(kept));
  if (stored.pinned === pinned) return stored;
  return { ...stored, pinned, files: { ...stored.files, 'root.json': pinnedRoot }, freshUntil: 0 };
}

export const writeTrust = (file: string, state: TrustState): Promise<void> =>
  replaceFile(file, JSON.stringify(state), { mode: 0o600 });

/** Lays the metadata out as the updater wants them: a folder that is gone after the update. */
export async function layOut(folder: string, files: TrustState['files']): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeFile(path.join(folder, path.basename(name)), content);
}

/** The metadata as an update left them, but for a file that a full disk cut short. */
export async function collect(folder: string): Promise<TrustState['files']> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const read = names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const);
  return Object.fromEntries((await Promise.all(read)).filter(([, content]) => isWhole(content)));
}

function isWhole(content: string): boolean {
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false;
  }
}
