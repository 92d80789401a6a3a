import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from './processes/identity';

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
  await writeFile(mine, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkIfFree(mine, file)) return { taken: true, lock: { release: () => release(file) } };
      const holder = await readHolder(file);
      if (holder === 'gone') continue;
      if (holder !== 'unreadable' && isAlive(holder)) return { taken: false, holder };
      await clearStale(file, mine, holder);
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

type Holder = ProcessIdentity | 'gone' | 'unreadable';

async function readHolder(file: string): Promise<Holder> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return 'gone';
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return 'unreadable';
  }
}

const keyOf = (holder: Holder): string =>
  typeof holder === 'string' ? holder : `${holder.pid}-${holder.startedAt.replace(/\W/g, '')}`;

/**
 * Removes the file of a dead holder. Many may find it dead at once, and the slowest must not remove the file of whoever
 * came after: the right to remove this holder's file is itself taken by a link, and the file is read again under it.
 */
async function clearStale(file: string, mine: string, holder: Holder): Promise<void> {
  const right = `${file}.clearing.${keyOf(holder)}`;
  if (!(await linkIfFree(mine, right))) return waitForRight(right);
  try {
    if (keyOf(await readHolder(file)) === keyOf(holder)) await rm(file, { force: true });
  } finally {
    await rm(right, { force: true });
  }
}

/** Clearing takes a moment; a right that is older belongs to a process that was killed in that moment. */
async function waitForRight(right: string): Promise<void> {
  await sleep(20);
  const info = await stat(right).catch(() => undefined);
  if (info && Date.now() - info.ctimeMs > 10_000) await rm(right, { force: true });
}

async function release(file: string): Promise<void> {
  const holder = await readHolder(file);
  if (typeof holder !== 'string' && holder.pid === process.pid) await rm(file, { force: true });
}
