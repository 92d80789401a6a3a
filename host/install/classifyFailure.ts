import { Refusal, isRetryable, type ErrorCode } from '../../core/errors/errors';
import type { Failure } from '../disk/jobRecord';

/** Refusals that say nothing about the package: the next feed, token or backup may change them. */
const TEMPORARY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NOT_IN_STAGE',
  'VERSION_RESTRICTED',
  'VERSION_WITHDRAWN',
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'SCOPE_MISSING',
  'NOT_ENDORSED',
  'NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'OBJECT_NOT_FOUND',
  'OBJECTS_URL_EXPIRED',
  'OBJECTS_SIGNATURE',
  'INSTALL_BUSY',
  'INSTALL_BACKUP_MISSING',
]);

/** A failure, classified by its code alone. */
export const toFailure = (code: ErrorCode, detail: string): Failure => ({
  code,
  detail: detail.slice(0, 2000),
  later: isRetryable(code) || TEMPORARY.has(code),
});

/** Classifies a failure once: the package's own is final, any other may be tried again. */
export function classifyFailure(error: unknown, phase: string): Failure {
  if (error instanceof Refusal) return toFailure(error.code, error.message);
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  return {
    code: 'INSTALL_FAILED',
    detail: `The phase ${phase} stopped by ${code ?? name ?? 'an unknown error'}.`,
    // A full or failing disk is this host's problem, and no evidence against the version.
    later: typeof code === 'string' || name === 'AbortError',
  };
}
