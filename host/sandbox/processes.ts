import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that cannot be mistaken for a later one of the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the words of the operating system. */
  startedAt: string;
}

/** When the process started, or undefined when there is none. */
export async function readStartTime(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return startInStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5), counted behind the command's name, which may hold anything; a zombie is gone. */
function startInStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

export const isAlive = async ({ pid, startedAt }: ProcessIdentity): Promise<boolean> =>
  (await readStartTime(pid)) === startedAt;

/** Ends a process and all that it started, if it leads a group of its own. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
