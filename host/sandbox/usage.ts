import { lstat, opendir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Limits } from './sandbox';

/** What lies in a folder. */
export interface FolderUsage {
  bytes: number;
  files: number;
}

const BLOCK = 512;

/**
 * Space on disk and entries below a folder, without following links; what vanishes meanwhile is not counted.
 *
 * @param enough where measuring stops, so that a folder which grows is found out in time
 */
export async function measureFolder(folder: string, enough?: FolderUsage): Promise<FolderUsage> {
  const total = { bytes: 0, files: 0 };
  for await (const entry of await opendir(folder, { recursive: true })) {
    const found = await lstat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    total.bytes += (found?.blocks ?? 0) * BLOCK;
    total.files += 1;
    if (enough && (total.files > enough.files || total.bytes > enough.bytes)) break;
  }
  return total;
}

/** What a process uses, as the kernel tells of it; undefined where it does not, or the process is gone. */
export interface ProcessUsage {
  memoryBytes: number;
  threads: number;
  /** Space of files that it holds open although they have no name any more. */
  unlinkedBytes: number;
}

export async function measureProcess(pid: number): Promise<ProcessUsage | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const read = (field: string): number =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    memoryBytes: read('VmRSS') * 1024,
    threads: read('Threads'),
    unlinkedBytes: await measureUnlinked(pid),
  };
}

async function measureUnlinked(pid: number): Promise<number> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const seen = new Map<string, number>();
  for (const descriptor of descriptors) {
    const found = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
    if (found?.isFile() && found.nlink === 0) seen.set(`${found.dev}:${found.ino}`, found.blocks * BLOCK);
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Which limit is exceeded, of those that are measured while the program runs. */
export function findExceeded(
  limits: Limits,
  process: ProcessUsage | undefined,
  growth: FolderUsage | undefined,
): 'memory' | 'processes' | 'disk' | undefined {
  if (process && process.memoryBytes > limits.memoryBytes) return 'memory';
  if (process && process.threads > limits.processes) return 'processes';
  const bytes = (growth?.bytes ?? 0) + (growth ? (process?.unlinkedBytes ?? 0) : 0);
  return bytes > limits.diskBytes || (growth?.files ?? 0) > limits.diskFiles ? 'disk' : undefined;
}
