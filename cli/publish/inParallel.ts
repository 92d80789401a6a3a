/**
 * Works through a list with at most `limit` at a time. The first failure stops the others, and is
 * thrown when all of them have ended, so that nothing goes on behind it.
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const waiting = items.values();
  const runner = async (): Promise<void> => {
    for (const item of waiting) {
      if (stop.signal.aborted) return;
      await work(item, stop.signal);
    }
  };
  const runners = Array.from({ length: Math.min(limit, items.length) }, () =>
    runner().catch((error: unknown) => {
      if (!stop.signal.aborted) stop.abort(error);
    }),
  );
  await Promise.all(runners);
  stop.signal.throwIfAborted();
}
