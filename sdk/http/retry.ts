import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { ResolvedOptions } from './options';
import { isTransient, getOrigin } from './problems';

/** No server is waited for longer than this at once, whatever it asks for. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Runs `attempt` until it succeeds, fails for good, or has been tried often enough.
 *
 * Only temporary failures are repeated (network, 429, 502, 503, 504), with doubled and randomised
 * delays, so that many clients of a restarted server do not return at once; Retry-After is obeyed.
 */
export function withRetries<T>(
  options: ResolvedOptions,
  request: { method: string; path: string; signal?: AbortSignal | undefined },
  attempt: () => Promise<T>,
): Promise<T> {
  return pRetry(attempt, {
    retries: options.retries,
    minTimeout: options.minDelayMs,
    maxTimeout: options.maxDelayMs,
    randomize: true,
    signal: request.signal,
    shouldRetry: ({ error }) => isTransient(error) && request.signal?.aborted !== true,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!isTransient(error) || retriesLeft === 0) return;
      options.onRetry({
        method: request.method,
        path: request.path,
        attempt: attemptNumber,
        reason: error.message,
      });
      await waitAsAsked(error, request.signal);
    },
  });
}

async function waitAsAsked(error: unknown, signal: AbortSignal | undefined): Promise<void> {
  const seconds = Math.min(getOrigin(error)?.retryAfterSeconds ?? 0, LONGEST_WAIT_SECONDS);
  if (seconds > 0) await sleep(seconds * 1000, undefined, signal ? { signal } : {});
}
