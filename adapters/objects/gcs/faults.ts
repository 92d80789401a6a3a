import { Refusal, problem, refusal } from '../../../core/errors/errors';

const readStatus = (error: unknown) => (error as { code?: unknown } | undefined)?.code;

/** Whether Cloud Storage said that there is no such object. */
export const isNotFound = (error: unknown) => readStatus(error) === 404;

/** Whether a precondition (here: that the target is not there) did not hold. */
export const isPreconditionFailed = (error: unknown) => readStatus(error) === 412;

/** The refusal for an object that is not there. */
export const notFound = (key: string) => refusal('OBJECT_NOT_FOUND', `There is no object ${key}.`);

/**
 * Translates an error of Cloud Storage into a refusal. Whatever is not about the object itself (network,
 * quota, credentials) is ours to mend; the cause is kept for the log, the detail names only its status.
 */
export function bucketFault(error: unknown, key: string): Refusal {
  if (error instanceof Refusal) return error;
  if (isNotFound(error)) return notFound(key);
  const status = String(readStatus(error) ?? 'no answer');
  return new Refusal([problem('OBJECTS_UNAVAILABLE', `Cloud Storage answered with status ${status}.`)], {
    cause: error,
  });
}
