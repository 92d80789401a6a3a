import { createHash } from 'node:crypto';
import { Refusal, type Problem } from '../core/errors/errors';
import type { OpenPackage, PackageEntry } from './openPackage';
import { readAhead } from './readAhead';

/** A file of a package with its digest in lower-case hex. */
export interface DigestedFile {
  path: string;
  bytes: number;
  sha256: string;
  mode: number;
}

/** Told as files are read; bytes are inflated ones. */
export type OnProgress = (progress: { bytes: number; totalBytes: number }) => void;

// Inflating runs on the thread pool; more than its threads would only wait there.
const IN_FLIGHT = 4;

/** Digests every entry that can be read; `problems` names those that cannot. */
export async function digestEntries(
  opened: OpenPackage,
  onProgress?: OnProgress,
): Promise<{ files: DigestedFile[]; problems: Problem[] }> {
  const totalBytes = opened.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const files: DigestedFile[] = [];
  const problems: Problem[] = [];
  let done = 0;
  const start = (entry: PackageEntry) => digestEntry(opened, entry);
  for await (const result of readAhead(opened.entries, { budget: IN_FLIGHT, weigh: () => 1, start })) {
    if (result instanceof Refusal) {
      problems.push(...result.problems);
    } else {
      files.push(result);
      onProgress?.({ bytes: (done += result.bytes), totalBytes });
    }
  }
  return { files, problems };
}

/** A file that does not read is a finding, not the end: the others are still to be judged. */
async function digestEntry(opened: OpenPackage, entry: PackageEntry): Promise<DigestedFile | Refusal> {
  const hash = createHash('sha256');
  try {
    for await (const piece of opened.content(entry.path)) hash.update(piece);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return { path: entry.path, bytes: entry.bytes, mode: entry.mode, sha256: hash.digest('hex') };
}
