import { setTimeout as sleep } from 'node:timers/promises';
import { getBackoffMs, type Backoff } from '../core/backoff';

export interface RetryOptions {
  backoff: Backoff;
  /** Ends the waiting; an attempt that is under way is left to end by itself. */
  signal: AbortSignal;
  /** Told of each failure, and how long is waited now. */
  onFailure: (error: unknown, pauseMs: number) => void;
}

/**
 * Tries until it works: a component that starts later than this process, or is restarted meanwhile, is
 * waited for.
 *
 * @throws what `signal` was aborted with
 */
export async function retryUntilDone<T>(
  attempt: () => Promise<T>,
  { backoff, signal, onFailure }: RetryOptions,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = getBackoffMs(failures, backoff);
      onFailure(error, pauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
