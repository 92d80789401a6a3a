import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { isErrorCode, problem, type Problem } from '../../core/errors/errors';
import { isTerminal, type ReleaseState } from '../../core/releases/state';
import type { ReleaseOutcome } from '../../contracts/workflowMessages';
import { messages, uploads } from '../effects';
import { move, registered, type Line } from './context';

/**
 * Ends a release that was cancelled (withdrawn) or met a failure that no retry mends (failed).
 * The cleanup runs whatever is cancelled, and the failure is on the record before it is reported.
 */
export async function endBadly(line: Line, error: unknown): Promise<ReleaseOutcome> {
  return CancellationScope.nonCancellable(async () => {
    const cancelled = isCancellation(error);
    const to: ReleaseState = cancelled ? 'withdrawn' : 'failed';
    const problems = cancelled ? [] : [describe(error)];
    if (isTerminal(line.state)) return { state: line.state, problems };
    const wasUploading = line.state === 'uploading';
    await move(line, to, 'nothing', {
      reason: cancelled ? 'The release was cancelled.' : describe(error).detail,
      problems,
    });
    const { releaseId } = registered(line);
    if (wasUploading) await uploads.discardUpload({ releaseId, keepPackage: false });
    if (!cancelled) await messages.notifyPublisher({ releaseId, outcome: 'failed' });
    return { state: line.state, problems };
  });
}

/** The innermost failure that names a code of the catalogue; anything else is ours. */
function describe(error: unknown): Problem {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ApplicationFailure && each.type && isErrorCode(each.type)) {
      return problem(each.type, each.message);
    }
  }
  return problem('INTERNAL', error instanceof Error ? error.message : 'The release met an unknown failure.');
}
