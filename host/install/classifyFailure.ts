import type { z } from 'zod';
import { Refusal, isRetryable, type ErrorCode } from '../../core/errors/errors';
import type { failureSchema } from '../jobs/journal';

/** Why an installation stopped. `later`: it says nothing about the package, so it may be tried again. */
export type Failure = z.infer<typeof failureSchema>;

/** Answers of the marketplace, or the host's own doings, that a feed newer than ours explains. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NOT_IN_STAGE',
  'VERSION_WITHDRAWN',
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'SCOPE_MISSING',
  'NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'OBJECT_NOT_FOUND',
  'OBJECTS_URL_EXPIRED',
  'OBJECTS_SIGNATURE',
  'INSTALL_BUSY',
  'INSTALL_BACKUP_MISSING',
]);

/** A failure by its code alone. */
export const failureOf = (code: ErrorCode, detail: string): Failure => ({
  code,
  detail: detail.slice(0, 2000),
  later: isRetryable(code) || NOT_NOW.has(code),
});

/** Classifies once: the package's fault is final, everybody else's is for later. */
export function blame(error: unknown, phase: string): Failure {
  if (error instanceof Refusal) return failureOf(error.code, error.message);
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  return {
    code: 'INSTALL_FAILED',
    detail: `The phase ${phase} stopped by ${code ?? name ?? 'an unknown error'}.`,
    // A full or failing disk is this host's trouble, and no evidence against the version.
    later: typeof code === 'string' || name === 'AbortError',
  };
}
