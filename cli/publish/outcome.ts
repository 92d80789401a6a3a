import { isErrorCode } from '../../core/errors/catalogue';
import { problem, type Problem } from '../../core/errors/errors';
import { isTerminal, type ReleaseState } from '../../core/releases/state';
import { formatPlace, MORE_FINDINGS_RULE } from '../../core/scans/findings';
import type { ReleaseView } from '../../contracts/releases/view';

/** Whether a release ended otherwise than its publisher wanted. */
export const isFailure = (state: ReleaseState): boolean => isTerminal(state) && state !== 'completed';

type Ended = Pick<ReleaseView, 'versionId' | 'state' | 'problems' | 'scans'>;
type Scan = ReleaseView['scans'][number];
type Told = ReleaseView['problems'][number];

/**
 * Why a release ended as it did. The release itself keeps the first findings of a scanner that rejected it; here all
 * that the scanner reports are told, each with its place.
 */
export function listReleaseProblems({ versionId, state, problems, scans }: Ended): Problem[] {
  const rejecting = scans.filter((scan) => problems.some((told) => isOf(scan, told)));
  const others = problems.filter((told) => !rejecting.some((scan) => isOf(scan, told)));
  return [
    problem('RELEASE_ENDED', `${versionId} ended as ${state}.`),
    ...others.map(({ code, detail, pointer }) => toProblem(code, detail, pointer)),
    ...rejecting.flatMap((scan) => listFindings(scan, problems.find((told) => isOf(scan, told))!.code)),
  ];
}

const isOf = ({ scanner, findings }: Scan, { detail }: Told): boolean =>
  detail.startsWith(`${scanner}: `) && findings.some(({ severity }) => severity === 'critical');

const listFindings = ({ scanner, findings }: Scan, code: string): Problem[] =>
  findings
    .filter(({ severity, rule }) => severity === 'critical' || rule === MORE_FINDINGS_RULE)
    .map((finding) => toProblem(code, `${scanner}: ${finding.detail}`, formatPlace(finding)));

/** A code that this version does not know keeps its sentence. */
const toProblem = (code: string, detail: string, pointer?: string): Problem =>
  isErrorCode(code)
    ? problem(code, detail, pointer)
    : problem('RELEASE_ENDED', `${code}: ${detail}`, pointer);
