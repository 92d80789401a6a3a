import { appendFileSync, closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { tryLock } from '../../../platform/lock';

/**
 * Takes the lock of a folder again and again, until it is killed with it. Whoever holds it is alone with the
 * file `inside`: who finds it there has found a second holder, and fails.
 */
async function main([folder = '', rounds = '0']: string[]): Promise<void> {
  const inside = path.join(folder, 'inside');
  const lock = path.join(folder, 'lock');
  for (let round = Number(rounds); round > 0;) {
    const attempt = await tryLock(lock);
    if (!attempt.taken) continue;
    closeSync(openSync(inside, 'wx'));
    await nextTurn();
    rmSync(inside);
    appendFileSync(path.join(folder, 'taken'), '.');
    round -= 1;
    if (round === 0) process.kill(process.pid, 'SIGKILL');
    else if (round % 3 === 0) await attempt.lock.release();
    else leaveAsDead(lock);
  }
}

/** Makes the lock one of a process that has ended, which the others find all at once; quicker than ending. */
function leaveAsDead(lock: string): void {
  const [entry = ''] = readdirSync(lock);
  renameSync(path.join(lock, entry), path.join(lock, entry.replace(/\..*\./, '.long-ago.')));
}

void main(process.argv.slice(2));
