import { statfs } from 'node:fs/promises';
import { NotReady, type Checks } from '../../platform/server/readiness';
import type { Host } from '../host';
import { describeTroubles } from './views';

/** What a host needs to work; the marketplace is none of it, for its outage is no reason to restart a host. */
export const readinessChecks = (host: Host, now: () => Date): Checks => ({
  jobs: async () => {
    if (!host.state().recovered) throw new NotReady('jobs of an earlier run are being taken up');
  },
  feed: async () => {
    const { feed } = host.state();
    const sentence = `${feed}; ${describeApplied(host, now())}`;
    if (isReasonToLook(feed)) throw new NotReady(sentence);
    return sentence;
  },
  disk: async () => {
    const free = await readFreeBytes(host.config.folder);
    const sentence = `${toMegabytes(free)} MB free, ${toMegabytes(host.config.minFreeBytes)} MB wanted`;
    if (free < host.config.minFreeBytes) throw new NotReady(sentence);
    return sentence;
  },
  reports: async () => host.state().reports,
  // No reason to restart a host either: it runs the version before, and goes on by itself.
  versions: async () => describeTroubles(host.troubles()),
  clock: async () => host.marketplace.clock.fault() ?? 'ok',
  // Never a reason to restart a host: what it runs in is seen and decided by whoever operates it.
  sandbox: async () => `${host.containment.sandbox.driver} (${host.containment.sandbox.strength})`,
});

/** A token that is refused, and files that cannot be written, do not mend themselves. */
const isReasonToLook = (feed: string): boolean =>
  feed.startsWith('TOKEN_') || ['SCOPE_MISSING', 'HOST_STORAGE', 'INTERNAL'].includes(feed);

/** How old what the host acts on is: it may be reachable and still hear nothing. */
function describeApplied(host: Host, now: Date): string {
  const { applied } = host.state();
  if (applied === null) return 'nothing was applied since the start';
  const seconds = Math.max(0, Math.round((now.getTime() - applied.at.getTime()) / 1000));
  return `revision ${applied.revision} applied ${seconds} s ago`;
}

/** Bytes that this process may still write to the file system of a folder. */
async function readFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const toMegabytes = (bytes: number): number => Math.floor(bytes / 1_000_000);
