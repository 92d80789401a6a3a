import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a piece of work until the signal, each time after the milliseconds that it returned; 0 is at once. */
export async function repeat(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    const pauseMs = await work();
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
