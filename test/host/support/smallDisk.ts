import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { TestMarketplace } from '../../support/fakes/marketplace';
import { startProcess, type HostProcess } from './process';

const asRoot = process.getuid?.() === 0;
const PIECE = Buffer.alloc(64 * 1024);

/** A host process whose folder is a small file system of its own, seen by nobody else. */
export interface HostOnSmallDisk extends HostProcess {
  /** Where its folder is to be read from outside. */
  folder: string;
  /** Writes until there is no room left. */
  fill(): void;
  makeRoom(): void;
  setWritable(isWritable: boolean): void;
}

/** Needs Linux, and user namespaces where the tests do not run as root. */
export async function startOnSmallDisk(
  marketplace: Pick<TestMarketplace, 'url' | 'token'>,
  mountPoint: string,
  { megabytes, env = {} }: { megabytes: number; env?: Record<string, string> },
): Promise<HostOnSmallDisk> {
  const mount = `mount -t tmpfs -o size=${megabytes}m spillway "$0" && exec "$@"`;
  const own = asRoot ? ['--mount'] : ['--map-root-user', '--mount'];
  const command = ['unshare', ...own, 'sh', '-c', mount, mountPoint];
  const host = await startProcess(marketplace, mountPoint, { command, env });
  const folder = path.join('/proc', String(host.pid), 'root', mountPoint);
  const filler = path.join(folder, 'filler');
  const entered = asRoot ? ['--mount'] : ['--user', '--preserve-credentials', '--mount'];
  return {
    ...host,
    folder,
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (;;) writeSync(file, PIECE);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(filler),
    setWritable(isWritable) {
      // All of its options are said, for those it has are not valid in another namespace of users.
      const options = `remount,${isWritable ? 'rw' : 'ro'},size=${megabytes}m`;
      execFileSync('nsenter', [
        ...[`--target=${host.pid}`, ...entered],
        ...['mount', '-t', 'tmpfs', '-o', options, 'spillway', mountPoint],
      ]);
    },
  };
}
