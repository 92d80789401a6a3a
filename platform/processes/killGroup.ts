import { getErrorCode } from '../../core/errors/thrown';

/**
 * Sends a signal to a process that leads a group of its own, and to all that it started; a group that is
 * gone is fine.
 *
 * @throws Error when the system does not permit it
 */
export function killGroup(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = getErrorCode(error);
    // macOS says EPERM of a group that holds nothing but what has ended and was not yet waited for.
    const isGone = code === 'ESRCH' || (code === 'EPERM' && process.platform === 'darwin');
    if (!isGone) throw error;
  }
}
