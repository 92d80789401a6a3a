import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SECOND } from '../core/duration';

const FIRST_MS = SECOND / 4;
const LONGEST_MS = 10 * SECOND;

/** How waiting is told of, and when it ends. */
export interface Patience {
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Tries until it works, with pauses that double up to ten seconds: a component that starts later
 * than the worker, or is restarted meanwhile, is waited for.
 *
 * @throws what `signal` was aborted with
 */
export async function untilItWorks<T>(
  name: string,
  attempt: () => Promise<T>,
  { logger, signal }: Patience,
): Promise<T> {
  for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(LONGEST_MS, pauseMs * 2)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      logger.warn({ component: name, reason: (error as Error).message, pauseMs }, 'waiting for a component');
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
