import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { isErrorCode, problem, type Problem } from '../../core/errors/errors';
import { isTerminal, type ReleaseState } from '../../core/releases/state';
import { endingReasons } from '../../core/releases/timeline';
import type { ReleaseOutcome } from '../../contracts/releases/messages';
import { requireRelease, transition, type ReleaseContext } from './context';
import { releaseNotices, releaseRecords, uploads } from './effects';

/**
 * Ends a release that was cancelled (withdrawn) or met a failure that no retry can fix (failed).
 * The cleanup runs whatever is cancelled, and the failure is recorded before it is reported.
 */
export async function endUnsuccessfully(context: ReleaseContext, error: unknown): Promise<ReleaseOutcome> {
  return CancellationScope.nonCancellable(async () => {
    const isCancelled = isCancellation(error);
    const to: ReleaseState = isCancelled ? 'withdrawn' : 'failed';
    const problems = isCancelled ? [] : [toProblem(error)];
    if (context.release) context.state = await releaseRecords.readState(context.release.releaseId);
    if (isTerminal(context.state)) return { state: context.state, problems };
    const wasUploading = context.state === 'uploading';
    const reason = problems[0]?.detail ?? endingReasons.cancelled;
    await transition(context, to, 'nothing', { reason, problems });
    const { releaseId } = requireRelease(context);
    if (wasUploading) await uploads.discardUpload({ releaseId, keepPackage: false });
    if (!isCancelled) await releaseNotices.notifyPublisher({ releaseId, outcome: 'failed' });
    return { state: context.state, problems };
  });
}

/** The innermost failure that names a code of the catalogue; anything else is an internal error. */
function toProblem(error: unknown): Problem {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ApplicationFailure && each.type && isErrorCode(each.type)) {
      return problem(each.type, each.message);
    }
  }
  return problem('INTERNAL', error instanceof Error ? error.message : endingReasons.unknownFailure);
}
