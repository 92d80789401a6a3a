import { watch } from 'node:fs';
import path from 'node:path';

/** Files saved within this time are one change: editors write several, and in several steps. */
const SETTLE_MS = 200;

/**
 * Calls `changed` once things have settled after a source file below one of the folders was written, and
 * again for what is written while it works; never twice at a time.
 *
 * @param signal ends the watching
 */
export function watchSources(
  root: string,
  folders: readonly string[],
  changed: () => Promise<void>,
  signal: AbortSignal,
): void {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const settle = (): void => {
    running = running.then(() => (signal.aborted ? undefined : changed()));
  };
  const watchers = folders.map((folder) =>
    watch(path.join(root, folder), { recursive: true }, (_event, name) => {
      if (!isSource(name)) return;
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLE_MS);
    }),
  );
  signal.addEventListener('abort', () => watchers.forEach((watcher) => watcher.close()), { once: true });
}

/** Built pages lie below their own sources. */
const isSource = (name: string | null): boolean =>
  name !== null && /\.(ts|tsx|css|html)$/.test(name) && !name.startsWith('dist');
