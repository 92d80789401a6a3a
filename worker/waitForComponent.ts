import type { Logger } from 'pino';
import { SECOND } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import { retryUntilDone } from '../platform/retry';

const BACKOFF = { firstMs: SECOND / 4, longestMs: 10 * SECOND };

/** What every loop of the worker is told: where to log, and when to end. */
export interface LoopContext {
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Waits for a component by trying until it works, with pauses that double up to ten seconds.
 *
 * @throws what `signal` was aborted with
 */
export const waitForComponent = <T>(
  component: string,
  attempt: () => Promise<T>,
  { logger, signal }: LoopContext,
): Promise<T> =>
  retryUntilDone(attempt, {
    backoff: BACKOFF,
    signal,
    onFailure: (error, pauseMs) =>
      logger.warn({ component, reason: getErrorMessage(error), pauseMs }, 'waiting for a component'),
  });
