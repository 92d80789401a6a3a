import { stat } from 'node:fs/promises';
import path from 'node:path';
import { InfraFailure } from '../terminal/failure';
import { run } from '../../platform/processes/run';

/** The user that the server runs as: undefined ids mean "whoever started us". */
export interface Account {
  name: string;
  uid?: number | undefined;
  gid?: number | undefined;
}

/**
 * Postgres refuses to run as root. Root therefore gives it to the account that packages make for it, or to `nobody`.
 * @throws InfraFailure when root finds neither
 */
export async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return { name: 'this user' };
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]).catch(() => '')));
    const [uid, gid] = ids.map((text) => Number.parseInt(text, 10));
    if (Number.isInteger(uid) && Number.isInteger(gid)) return { name, uid, gid };
  }
  throw new InfraFailure(
    'PostgreSQL',
    'refuses to run as root, and there is no other account',
    'run as a normal user',
  );
}

/** True when the account may pass through every folder above `target` (a home folder of mode 700 stops it). */
export async function canReach(account: Account, target: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  for (let folder = path.dirname(path.resolve(target)); ; folder = path.dirname(folder)) {
    if (!(await mayTraverse(account, folder))) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

async function mayTraverse(account: Account, folder: string): Promise<boolean> {
  const info = await stat(folder).catch(() => undefined);
  // A folder that is not there yet will be made by us, open to be passed through.
  if (!info) return true;
  if (info.uid === account.uid) return (info.mode & 0o100) !== 0;
  if (info.gid === account.gid) return (info.mode & 0o010) !== 0;
  return (info.mode & 0o001) !== 0;
}
