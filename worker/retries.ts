import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { RetryDeps } from '../activities/operations/retries';
import { getErrorMessage } from '../core/errors/thrown';

/** Counts and logs the attempts of steps that are tried too often. */
export function createRetryWatch(registry: Registry, logger: Logger): RetryDeps['onRetried'] {
  const attempts = new Counter({
    name: 'spillway_activity_retries_total',
    help: 'Attempts of steps that have been tried more often than operators should leave unseen.',
    labelNames: ['activity'],
    registers: [registry],
  });
  return ({ step, versionId, attempt }, error) => {
    attempts.inc({ activity: step });
    const untold = error === undefined ? {} : { untold: getErrorMessage(error) };
    logger.warn({ versionId, activity: step, attempt, ...untold }, 'a step is tried again and again');
  };
}
