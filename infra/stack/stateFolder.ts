import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { chooseRuntimeDir } from '../postgres/place';
import { reap } from '../../platform/processes/child';
import { InfraFailure } from '../terminal/failure';
import { tryLock, type Lock } from '../../platform/lock';
import type { Progress } from '../terminal/progress';
import type { StackConfig } from './config';
import { isOwnName, type StackRecord } from './state';

/**
 * One stack a folder.
 * @throws InfraFailure while another one is alive on it; the lock of a killed one is taken over
 */
export async function lockState(stateDir: string): Promise<Lock> {
  const attempt = await tryLock(path.join(stateDir, 'stack.lock'));
  if (attempt.taken) return attempt.lock;
  throw new InfraFailure(
    'stack',
    `another stack (process ${attempt.holder.pid}) already runs on ${stateDir}`,
    'stop that one, or give this one a folder of its own with --state',
  );
}

/** What a supervisor that was killed left running is ended first: it holds ports and data. */
export async function reapLeftovers(before: StackRecord | undefined, progress: Progress): Promise<void> {
  const left = (before?.components ?? []).toReversed();
  for (const { process: identity, stopSignal, title } of left) {
    const isReaped = identity && (await reap(identity, stopSignal ?? 'SIGTERM', 10_000));
    if (isReaped)
      progress.line(`ended ${title} (process ${identity.pid}), left over from a start that was killed`);
  }
}

/** Removes what earlier starts kept, and nothing that somebody else put into the folder. */
export async function emptyState(config: StackConfig): Promise<void> {
  const names = (await readdir(config.stateDir))
    .filter(isOwnName)
    .map((name) => path.join(config.stateDir, name));
  const outside = config.postgresRuntimeRoots.map((root) => chooseRuntimeDir(config.stateDir, root));
  for (const target of [...names, ...outside]) await rm(target, { recursive: true, force: true });
}

/** One earlier log of each component is kept, so that a crash can be read after the next start. */
export async function keepPreviousLogs(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => !name.endsWith('.previous.log'))) {
    await rename(path.join(folder, name), path.join(folder, name.replace(/\.log$/, '.previous.log')));
  }
}
