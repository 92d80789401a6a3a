import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { canReach, type Account } from './account';
import type { PostgresBinaries } from './binaries';

export interface PostgresPlace {
  dataDir: string;
  bin: string;
  /** Folder outside the state folder that was needed, or undefined. */
  runtimeDir?: string;
}

/**
 * Decides where the data and the programs live: in the state folder and in node_modules, unless the server's account
 * cannot reach them there; then below the first of `runtimeRoots` that can be written, under a name that belongs to this
 * state folder alone.
 */
export async function preparePlace(options: {
  stateDir: string;
  binaries: PostgresBinaries;
  account: Account;
  runtimeRoots: readonly string[];
}): Promise<PostgresPlace> {
  const { stateDir, binaries, account } = options;
  const usual = path.join(stateDir, 'postgres');
  const reachesData = await canReach(account, usual);
  const reachesBin = await canReach(account, path.join(binaries.bin, 'postgres'));
  if (reachesData && (reachesBin || !binaries.isRelocatable)) {
    await makeOwned(usual, account);
    return { dataDir: usual, bin: binaries.bin };
  }
  const runtimeDir = await makeRuntimeDir(stateDir, options.runtimeRoots);
  const dataDir = reachesData ? usual : path.join(runtimeDir, 'data');
  await makeOwned(dataDir, account);
  const bin = reachesBin || !binaries.isRelocatable ? binaries.bin : await copyBinaries(binaries, runtimeDir);
  return { dataDir, bin, runtimeDir };
}

/** The folder that `preparePlace` would use outside the state folder; emptied together with the state. */
export function chooseRuntimeDir(stateDir: string, root: string): string {
  const name = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
  return path.join(root, `spillway-${name}`);
}

async function makeRuntimeDir(stateDir: string, roots: readonly string[]): Promise<string> {
  let problem: unknown;
  for (const root of roots) {
    const folder = chooseRuntimeDir(stateDir, root);
    try {
      await mkdir(folder, { recursive: true });
      // The umask may have taken the right to pass through.
      await chmod(folder, 0o711);
      return folder;
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

async function makeOwned(dataDir: string, account: Account): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(dataDir, account.uid, account.gid);
}

async function copyBinaries(binaries: PostgresBinaries, runtimeDir: string): Promise<string> {
  const home = path.join(runtimeDir, `postgres-${binaries.version}`);
  if (!existsSync(home)) {
    const temporary = `${home}.${process.pid}.part`;
    await rm(temporary, { recursive: true, force: true });
    await cp(binaries.home, temporary, { recursive: true, verbatimSymlinks: true });
    await rename(temporary, home);
  }
  return path.join(home, 'bin');
}
