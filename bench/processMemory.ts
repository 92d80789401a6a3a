import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The most memory that a process of this machine had resident since `resetPeak`, in bytes; undefined
 * when it is gone. Read from /proc, so on Linux only.
 */
export function peakOf(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** Forgets the peak so far (proc(5), clear_refs). */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
