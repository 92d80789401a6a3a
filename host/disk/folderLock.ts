import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { refusal } from '../../core/errors/errors';
import { ignoreAbsence } from '../../platform/files/absence';
import { getErrorCode } from '../../core/errors/thrown';
import type { Layout } from './layout';
import { isAlive, readStartTime } from '../sandbox/processes';

const holderSchema = z.object({ pid: z.number(), startedAt: z.string() });

/**
 * Keeps a second host out of the data folder. The lock of a host that was killed is taken over: it
 * names a process that does not run any more.
 *
 * @throws Refusal with HOST_FOLDER_BUSY
 */
export async function lockFolder(layout: Layout): Promise<() => Promise<void>> {
  await mkdir(layout.root, { recursive: true, mode: 0o700 });
  if (!(await tryLock(layout.lock))) {
    await refuseWhileHeld(layout);
    await rm(layout.lock, { force: true });
    if (!(await tryLock(layout.lock))) throw busy(layout);
  }
  return () => rm(layout.lock, { force: true });
}

const busy = (layout: Layout) => refusal('HOST_FOLDER_BUSY', `Another host has taken ${layout.root}.`);

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(
      JSON.stringify({ pid: process.pid, startedAt: (await readStartTime(process.pid)) ?? '' }),
    );
    await handle.close();
    return true;
  } catch (error) {
    if (getErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function refuseWhileHeld(layout: Layout): Promise<void> {
  const text = await ignoreAbsence(readFile(layout.lock, 'utf8'));
  const holder = holderSchema.safeParse(parsed(text ?? ''));
  if (holder.success && (await isAlive(holder.data))) {
    throw refusal('HOST_FOLDER_BUSY', `Process ${holder.data.pid} works in ${layout.root}.`);
  }
}

/** A crash may have come between making the file and filling it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
