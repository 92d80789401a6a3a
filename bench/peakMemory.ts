import { readFileSync } from 'node:fs';

/**
 * The most memory that this process had resident, in bytes.
 *
 * On Linux it is read from the process's own address space: `getrusage` also counts what the parent
 * had resident when it forked, which makes a child of a large process look large.
 */
export function peakRssBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib) * 1024;
}
