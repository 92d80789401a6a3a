import pLimit from 'p-limit';

/** Runs work when there is room for it, in the order in which it came. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * At most `places` at a time. It bounds what many packages at once cost in memory, where each of them
 * streams but all together would not be flat.
 */
export function createLimit(places: number): Limit {
  const limit = pLimit(places);
  return (work) => limit(work);
}

/**
 * Works through a list with at most `places` at a time. The first failure stops the others, and is
 * thrown when all of them have ended, so that nothing goes on behind it.
 */
export async function forEachLimited<T>(
  items: readonly T[],
  places: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  await pLimit(places).map(items, async (item) => {
    if (stop.signal.aborted) return;
    // Only the first reason is kept.
    await work(item, stop.signal).catch((error: unknown) => stop.abort(error));
  });
  stop.signal.throwIfAborted();
}

export interface Queue {
  /** Runs the work as soon as there is room for it; it must not fail. */
  add(work: () => Promise<void>): void;
  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void>;
}

/** Runs works in the order of their arrival, at most `places` at a time. */
export function createQueue(places: number): Queue {
  const limit = createLimit(places);
  const open = new Set<Promise<void>>();
  return {
    add(work) {
      const running = limit(work).finally(() => open.delete(running));
      open.add(running);
    },
    async whenIdle() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}
