import type { Checker } from './process';

/** Starting the next one takes as long as a small check; it stays out of the way of the one that was just asked. */
const REFILL_AFTER_MS = 2_000;

/** Processes that were started ahead of their use. */
export interface Reserve {
  /** The one that is ready first; a new one where none is in reserve. @throws Error when none can be started */
  take(): Promise<Checker>;
  /** Ends all of them. */
  close(): void;
}

/**
 * Keeps `size` processes ready. They are prepared one after the other, so that it costs the checks that run
 * meanwhile half of the machine at most; one that could not be prepared is tried again after the next package.
 *
 * @param prepare starts a process ahead of its use
 * @param start starts one that somebody waits for
 */
export function keepReserve(
  prepare: () => Promise<Checker>,
  start: () => Promise<Checker>,
  size: number,
): Reserve {
  const spares = new Set<Promise<Checker>>();
  let isClosed = false;
  let refilling: NodeJS.Timeout | undefined;

  function refill(): void {
    refilling = undefined;
    if (isClosed || spares.size >= size) return;
    const spare = prepare();
    spares.add(spare);
    spare.then(refill, () => spares.delete(spare));
  }

  refilling = setTimeout(refill, 0).unref();
  return {
    async take() {
      // The one that was begun first.
      const [taken] = spares;
      if (taken) spares.delete(taken);
      // Not put off again: where packages follow each other closely, there would never be one in reserve.
      refilling ??= setTimeout(refill, REFILL_AFTER_MS).unref();
      const checker = await taken?.catch(() => undefined);
      return checker && !checker.hasEnded() ? checker : start();
    },
    close() {
      isClosed = true;
      clearTimeout(refilling);
      for (const spare of spares) void spare.then((checker) => checker.end()).catch(() => undefined);
    },
  };
}
