import { isErrorCode } from '../../core/errors/catalogue';
import { problem, type Problem } from '../../core/errors/errors';
import { isTerminal, type ReleaseState } from '../../core/releases/state';
import type { ReleaseView } from '../../contracts/releases/view';

/** Whether a release ended otherwise than its publisher wanted. */
export const isFailure = (state: ReleaseState): boolean => isTerminal(state) && state !== 'completed';

/** Why a release ended as it did; a code that this version does not know keeps its sentence. */
export function listReleaseProblems(
  release: Pick<ReleaseView, 'versionId' | 'state' | 'problems'>,
): Problem[] {
  const told = release.problems.map(({ code, detail, pointer }) =>
    isErrorCode(code)
      ? problem(code, detail, pointer)
      : problem('RELEASE_ENDED', `${code}: ${detail}`, pointer),
  );
  return [problem('RELEASE_ENDED', `${release.versionId} ended as ${release.state}.`), ...told];
}
