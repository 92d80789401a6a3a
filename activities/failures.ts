import { ApplicationFailure } from '@temporalio/activity';
import { isRetryable, Refusal } from '../core/errors/errors';

/**
 * The one place where an error becomes a failure of Temporal: a refusal keeps its code as the type,
 * and is final when the user has to act. Anything else is a fault of the platform and is retried.
 */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !isRetryable(error.code),
    details: [error.problems],
    cause: error,
  });
}

/** The same activities, each of which throws what {@link toFailure} makes of its errors. */
export function withFailures<T extends object>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (run as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
