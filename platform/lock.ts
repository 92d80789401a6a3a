import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasErrorCode } from '../core/errors/thrown';
import { removeTree } from './files/durable';
import { identifyProcess, isAlive, type ProcessIdentity } from './processes/identity';

const ASK_EVERY_MS = 500;

export interface Lock {
  release(): Promise<void>;
}

export type LockAttempt = { taken: true; lock: Lock } | { taken: false; holder: ProcessIdentity };

/**
 * Takes the lock of that name if nobody alive holds it.
 *
 * The lock is a folder with one empty file in it, whose name says who holds it. It comes by renaming a folder
 * that was prepared beside it, which the system does only where there is none or an empty one: so one taker
 * wins. A dead holder's file is removed by its own name, which no later holder has: whoever is slow removes
 * nothing of those who came after. An empty folder is a free lock. Start time and boot are part of the name,
 * so that a lock left by a power cut is free, whatever process has the number now.
 *
 * The processes must see each other: a folder that two machines or two process namespaces share is not kept.
 */
export async function tryLock(folder: string): Promise<LockAttempt> {
  const entry = nameEntry();
  const draft = `${folder}.${entry}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(path.join(draft, entry), '');
  try {
    for (;;) {
      if (await renameIfFree(draft, folder)) {
        return { taken: true, lock: { release: () => removeEntry(folder, entry) } };
      }
      const holder = await findHolder(folder);
      if (holder) return { taken: false, holder };
    }
  } finally {
    await removeTree(draft);
  }
}

/** Waits for the lock as long as its holder lives; `onWait` is told once who holds it. */
export async function waitForLock(folder: string, onWait: (holder: ProcessIdentity) => void): Promise<Lock> {
  for (let isTold = false; ; isTold = true) {
    const attempt = await tryLock(folder);
    if (attempt.taken) return attempt.lock;
    if (!isTold) onWait(attempt.holder);
    await sleep(ASK_EVERY_MS);
  }
}

/** A name that no other attempt has, and that says which process makes it. */
function nameEntry(): string {
  const me = identifyProcess(process.pid);
  if (!me) throw new Error('the system does not say when this process started, so it can hold no lock');
  return `${me.pid}.${encodeURIComponent(me.startedAt)}.${randomBytes(6).toString('hex')}`;
}

function readEntry(name: string): ProcessIdentity | undefined {
  const [, pid, startedAt] = /^(\d+)\.(.+)\.[0-9a-f]{12}$/.exec(name) ?? [];
  return pid && startedAt ? { pid: Number(pid), startedAt: decodeURIComponent(startedAt) } : undefined;
}

async function renameIfFree(draft: string, folder: string): Promise<boolean> {
  try {
    await rename(draft, folder);
    return true;
  } catch (error) {
    // Windows says EPERM, of an empty folder too.
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM')) return false;
    throw error;
  }
}

/** Who holds the lock and lives; what the dead have left is removed. */
async function findHolder(folder: string): Promise<ProcessIdentity | undefined> {
  try {
    const entries = await readdir(folder);
    if (entries.length === 0) await removeIfEmpty(folder);
    for (const entry of entries) {
      const holder = readEntry(entry);
      if (!holder) throw new Error(`${path.join(folder, entry)} is not of a lock; remove it`);
      if (isAlive(holder)) return holder;
      await removeEntry(folder, entry);
    }
    return undefined;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    if (hasErrorCode(error, 'ENOTDIR')) return findHolderInFile(folder);
    throw error;
  }
}

/** Removes the file of one holder and of no other, and then the folder, unless somebody has it already. */
async function removeEntry(folder: string, entry: string): Promise<void> {
  await rm(path.join(folder, entry), { force: true });
  await removeIfEmpty(folder);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EBUSY')) throw error;
  });
}

/** Version 0.1 wrote its holder into a file of this name; hosts wrote the start time without the boot. */
async function findHolderInFile(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(file, 'utf8');
  const [, pid, startedAt = ''] = /"pid":(\d+),"startedAt":"([^"]+)"/.exec(text) ?? [];
  const now = identifyProcess(Number(pid));
  if (now && (now.startedAt === startedAt || now.startedAt.endsWith(`:${startedAt}`))) return now;
  // Never removes a folder: the lock of somebody who was faster stays.
  await unlink(file).catch((error: unknown) => {
    if (!hasErrorCode(error, 'ENOENT', 'EISDIR', 'EPERM')) throw error;
  });
  return undefined;
}
