import { isErrorCode } from '../../core/errorCatalogue';
import { problem, type Problem } from '../../core/errors';
import { isTerminal, type ReleaseState } from '../../core/releaseState';
import type { ReleaseView } from '../../contracts/release';

/** Whether a release ended otherwise than its publisher wanted. */
export const isUnwanted = (state: ReleaseState): boolean => isTerminal(state) && state !== 'completed';

/** Why a release ended as it did; a code that this version does not know keeps its sentence. */
export function problemsOfRelease(release: Pick<ReleaseView, 'versionId' | 'state' | 'problems'>): Problem[] {
  const told = release.problems.map(({ code, detail, pointer }) =>
    isErrorCode(code)
      ? problem(code, detail, pointer)
      : problem('RELEASE_ENDED', `${code}: ${detail}`, pointer),
  );
  return [problem('RELEASE_ENDED', `${release.versionId} ended as ${release.state}.`), ...told];
}
