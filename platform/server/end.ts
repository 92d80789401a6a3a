import type { Server } from 'node:http';

/** How long open requests may go on once the process was asked to end, in milliseconds. */
const GRACE_MS = 10_000;

/**
 * Calls `end` once, with why: a signal, or the end of standard input where the process that started this
 * one holds it. A second signal of the same kind ends the process at once, as the system does it.
 */
export function onEndRequest(
  { exitWithParent }: { exitWithParent: boolean },
  end: (why: string) => void,
): void {
  let isAsked = false;
  const ask = (why: string): void => {
    if (isAsked) return;
    isAsked = true;
    // Standard input that is read would keep the process alive.
    if (exitWithParent) process.stdin.pause();
    end(why);
  };
  process.once('SIGTERM', () => ask('SIGTERM'));
  process.once('SIGINT', () => ask('SIGINT'));
  if (!exitWithParent) return;
  const askOrphan = () => ask('the parent process is gone');
  process.stdin.once('end', askOrphan).once('error', askOrphan).resume();
}

/**
 * Takes no more connections and resolves when the open requests have been answered. Those that are still
 * open after `graceMs` are cut: a process that never ends is worse.
 */
export async function closeServer(server: Server, graceMs = GRACE_MS): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
