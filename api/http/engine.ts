import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import { isErrorCode, refusal } from '../../core/errors/errors';
import { GRPC, grpcStatus } from './faults';

/** The workflow engine as routes ask it: no reply waits longer for it than its deadline. */
export interface Engine {
  client: Client;
  /** Runs calls under the deadline of one reply. */
  withDeadline<T>(work: () => Promise<T>): Promise<T>;
  /** Fails when the engine cannot be reached within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
}

export function createEngine(
  client: Client,
  { timeoutMs, now }: { timeoutMs: number; now: () => Date },
): Engine {
  const { connection } = client;
  const within = <T>(milliseconds: number, work: () => Promise<T>): Promise<T> =>
    connection.withDeadline(now().getTime() + milliseconds, work);
  return {
    client,
    withDeadline: (work) => within(timeoutMs, work),
    async ping(pingTimeoutMs) {
      await within(pingTimeoutMs, () => connection.workflowService.getSystemInfo({}));
    },
  };
}

/** A workflow whose first task is over before the call arrives is looked for again. */
const RETRIES = { retries: 6, minTimeout: 100, maxTimeout: 2_000, factor: 2, randomize: true };

/**
 * Tries again while the engine has too many updates of one workflow in flight, while a workflow has just
 * ended, and for what the caller says besides.
 *
 * @param work is told the number of the attempt, from 1
 */
export const retryWhileBusy = <T>(
  work: (attempt: number) => Promise<T>,
  isRetryable: (error: unknown) => boolean = () => false,
): Promise<T> =>
  pRetry(work, {
    ...RETRIES,
    shouldRetry: ({ error }) =>
      isRetryable(error) || grpcStatus(error) === GRPC.resourceExhausted || hasEnded(error),
  });

/** What a call answers, or undefined when no such workflow is running: the database knows what to say then. */
export const undefinedIfEnded = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => (hasEnded(error) ? undefined : throwRefusal(error)));

/** A failure with a code of the catalogue is a refusal in the workflow's own words. */
export function throwRefusal(error: unknown): never {
  const failure = findFailure(error);
  if (failure?.type && isErrorCode(failure.type)) throw refusal(failure.type, failure.message);
  throw error;
}

/** The failure that a workflow answered an update with. */
export function findFailure(error: unknown): ApplicationFailure | undefined {
  const cause = findCause(error);
  return cause instanceof ApplicationFailure ? cause : undefined;
}

/** An id for calls that are repetitions of each other: equal parts, equal id. */
export const digestCall = (...parts: string[]): string =>
  `${parts[0]}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;

/** The workflow ended between being found and answering, was cancelled meanwhile, or is not there at all. */
function hasEnded(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || grpcStatus(error) === GRPC.notFound) return true;
  return isCancelled(findCause(error)) || findFailure(error)?.type === 'AcceptedUpdateCompletedWorkflow';
}

/** Cancelled itself, or with the activity that it waited for. */
const isCancelled = (error: unknown): boolean =>
  error instanceof CancelledFailure || (error instanceof ActivityFailure && isCancelled(error.cause));

const findCause = (error: unknown): unknown =>
  error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
