import { writeWithdrawal } from '../../adapters/db/releases/withdrawals';
import type { Origin } from '../../contracts/audit/origin';
import type { FinalisedUpload } from '../../contracts/releases/release';
import type { Subject } from '../../core/access';
import { Refusal, refusal, refuseIfAny } from '../../core/errors/errors';
import { checkWithdrawal, isWithdrawn } from '../../core/releases/withdrawal';
import type { RouteDependencies } from '../http/dependencies';
import { findVisibleRelease } from './access';
import { withdrawRunning } from './workflow';

/**
 * Withdraws a release that waits: for its upload, its checks, a reviewer or its listing. What authorises it is a row;
 * the workflow is told to look. Withdrawn already, it says so again. Where the workflow is not reached, the row stays:
 * the call again, the next run, or a pass of the reconciler carries it out, and until then nothing is approved or listed.
 *
 * @throws Refusal RELEASE_STATE when it has ended or is listed; UNAVAILABLE when the release was not reached
 */
export async function withdrawRelease(
  deps: RouteDependencies,
  subject: Subject,
  asked: { versionId: string; reason: string | undefined },
  origin: Origin,
): Promise<FinalisedUpload> {
  const { versionId, reason } = asked;
  const release = await findVisibleRelease(deps, subject, versionId);
  if (isWithdrawn(release)) return { versionId, state: release.state };
  refuseIfAny(checkWithdrawal(release));
  await writeWithdrawal(deps.db, { releaseId: release.releaseId, reason }, origin, deps.now());
  const answer = await withdrawRunning(deps.engine, versionId);
  if (answer?.outcome === 'refused') throw new Refusal(answer.problems);
  if (answer) return { versionId, state: answer.state };
  // The workflow ended meanwhile: what it left in the database is the answer.
  const left = await findVisibleRelease(deps, subject, versionId);
  if (isWithdrawn(left)) return { versionId, state: left.state };
  throw refusal('UNAVAILABLE', `The release ${versionId} is not running; it is withdrawn as soon as it is.`);
}
