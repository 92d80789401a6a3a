import { Refusal, type ErrorCode } from '../../core/errors/errors';
import { getErrorCode } from '../../core/errors/thrown';
import { findTrouble } from '../../core/rollouts/failureKinds';
import { isFileTrouble, isFull } from '../../platform/files/trouble';
import type { Failure } from '../disk/jobRecord';
import { SandboxFailure } from '../sandbox/sandbox';

/** A failure, classified by its code alone: what is not the version's may be tried again when its cause is gone. */
export const toFailure = (code: ErrorCode, detail: string): Failure => ({
  code,
  detail: detail.slice(0, 2000),
  later: findTrouble(code) !== undefined,
});

/**
 * Classifies a failure once. While the version's code runs nothing is anybody else's fault: what the host meets then,
 * such as a disk that is suddenly full, the version may have caused.
 */
export function classifyFailure(error: unknown, phase: string, isRunning = false): Failure {
  const failure = readFailure(error, phase);
  const isUnrun = error instanceof SandboxFailure && !error.hasBegun;
  if (!isRunning || !failure.later || isUnrun) return failure;
  return toFailure('HEALTH_CHECK_FAILED', `While the health check ran, the host met this: ${failure.detail}`);
}

function readFailure(error: unknown, phase: string): Failure {
  if (error instanceof Refusal) return toFailure(error.code, error.message);
  const name = getErrorCode(error) ?? (error as { name?: string } | undefined)?.name ?? 'an unknown error';
  const stopped = `The phase ${phase} stopped by ${name}.`;
  if (error instanceof SandboxFailure) return toFailure('HOST_SANDBOX', error.message);
  if (name === 'AbortError') return toFailure('HOST_STOPPED', stopped);
  if (isFull(error)) return toFailure('HOST_DISK_FULL', `The disk of this host is full: ${stopped}`);
  if (isFileTrouble(error)) return toFailure('HOST_STORAGE', `This host cannot write its files: ${stopped}`);
  return toFailure('INSTALL_FAILED', stopped);
}
