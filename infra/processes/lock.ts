import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from './identity';

export interface Lock {
  release(): Promise<void>;
}

export type LockAttempt = { taken: true; lock: Lock } | { taken: false; holder: ProcessIdentity };

/**
 * Takes the lock file if nobody alive holds it. The file appears complete (written beside it, then linked), so
 * a reader never sees half a holder; a holder that was killed is noticed by its start time and replaced.
 */
export async function tryLock(file: string): Promise<LockAttempt> {
  await mkdir(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(mine, JSON.stringify(identityOf(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkIfFree(mine, file)) return { taken: true, lock: { release: () => release(file) } };
      const holder = await readHolder(file);
      if (holder && isAlive(holder)) return { taken: false, holder };
      await clearStale(file, holder);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** Waits for the lock as long as its holder lives; `waiting` is told once who holds it. */
export async function waitForLock(file: string, waiting: (holder: ProcessIdentity) => void): Promise<Lock> {
  for (let told = false; ; told = true) {
    const attempt = await tryLock(file);
    if (attempt.taken) return attempt.lock;
    if (!told) waiting(attempt.holder);
    await sleep(500);
  }
}

async function linkIfFree(mine: string, file: string): Promise<boolean> {
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Two waiters may find the same stale file: what is moved away is looked at again before it is dropped. */
async function clearStale(file: string, seen: ProcessIdentity | undefined): Promise<void> {
  const aside = `${file}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  const isSame = moved?.pid === seen?.pid && moved?.startedAt === seen?.startedAt;
  if (!isSame) await linkIfFree(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === process.pid) await rm(file, { force: true });
}
