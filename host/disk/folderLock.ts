import { mkdir } from 'node:fs/promises';
import { refusal } from '../../core/errors/errors';
import { tryLock, type Lock } from '../../platform/lock';
import type { Layout } from './layout';

/**
 * Keeps a second host out of the data folder. The lock of a host that was killed, or that a power cut
 * ended, is taken over.
 *
 * @throws Refusal with HOST_FOLDER_BUSY
 */
export async function lockFolder(layout: Layout): Promise<Lock> {
  await mkdir(layout.root, { recursive: true, mode: 0o700 });
  const attempt = await tryLock(layout.lock);
  if (attempt.taken) return attempt.lock;
  throw refusal('HOST_FOLDER_BUSY', `Process ${attempt.holder.pid} works in ${layout.root}.`);
}
