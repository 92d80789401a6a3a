import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, isCancellation, TerminatedFailure } from '@temporalio/workflow';

/**
 * Whether something ended a run from outside, or put it back behind the records: it, or a part of it, was cancelled,
 * terminated or started by somebody else. That decides nothing about the release. The run ends and changes no row;
 * another one takes the release up from there.
 */
export function isInterruption(error: unknown): boolean {
  if (isCancellation(error)) return true;
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof TerminatedFailure || each instanceof WorkflowExecutionAlreadyStartedError)
      return true;
    if (each instanceof ApplicationFailure && each.type === 'RELEASE_STATE') return true;
  }
  return false;
}
