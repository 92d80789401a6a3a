import { statfs } from 'node:fs/promises';
import { problem, type Problem } from '../../core/errors/errors';

const MIB = 1024 * 1024;

/** As much as a health check may write; on a small disk an eighth of that disk. */
const HEALTH_BYTES = 256 * MIB;
const SMALL_SHARE = 8;

/** A package, its files, and what each of them may grow to on its way. */
const TIMES_PACKAGE = 4;

/**
 * Whether there is room for a package and for what its health check may write, before a byte is fetched: what runs
 * out later the version may have used up.
 *
 * @param folder where the host keeps everything; it exists
 * @param minFreeBytes what has to stay free in any case
 */
export async function checkRoom(
  folder: string,
  packageBytes: number,
  minFreeBytes: number,
): Promise<Problem[]> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const kept = Math.max(minFreeBytes, Math.min(HEALTH_BYTES, (blocks * bsize) / SMALL_SHARE));
  const needed = packageBytes * TIMES_PACKAGE + kept;
  if (free >= needed) return [];
  const detail = `The disk of this host has ${toMib(free)} MiB left; ${toMib(needed)} MiB are needed to install the package and to try it.`;
  return [problem('HOST_DISK_FULL', detail)];
}

const toMib = (bytes: number): string => Math.ceil(bytes / MIB).toLocaleString('en');
