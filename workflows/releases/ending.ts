import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import { isErrorCode, problem, type Problem } from '../../core/errors/errors';
import { isTerminal } from '../../core/releases/state';
import { endingReasons } from '../../core/releases/timeline';
import type { ReleaseOutcome } from '../../contracts/releases/messages';
import { requireRelease, transition, type ReleaseContext } from './context';
import { releaseNotices, releaseRecords, uploads } from './effects';
import { isInterruption } from './interruption';

/**
 * Ends a release that met a failure that no retry can fix. The cleanup runs whatever is cancelled, and the failure is
 * recorded before it is reported.
 *
 * @throws the error itself when it is an interruption: the release goes on in another run
 */
export async function endUnsuccessfully(context: ReleaseContext, error: unknown): Promise<ReleaseOutcome> {
  if (isInterruption(error)) throw error;
  return CancellationScope.nonCancellable(async () => {
    const problems = [toProblem(error)];
    if (context.release) context.state = await releaseRecords.readState(context.release.releaseId);
    if (isTerminal(context.state)) return { state: context.state, problems };
    const wasUploading = context.state === 'uploading';
    await transition(context, 'failed', 'nothing', { reason: problems[0]!.detail, problems });
    const { releaseId } = requireRelease(context);
    if (wasUploading) await uploads.discardUpload({ releaseId, keepPackage: false });
    await releaseNotices.notifyPublisher({ releaseId, outcome: 'failed' });
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
