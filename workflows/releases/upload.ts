import { condition, setHandler } from '@temporalio/workflow';
import { problem, type Problem } from '../../core/errors/errors';
import type { Waiting } from '../../core/releases/checkTurns';
import { describeExpiredUpload, endingReasons } from '../../core/releases/timeline';
import type { FinaliseReply } from '../../contracts/releases/messages';
import type { Checked, CheckedRelease } from '../../activities/releases/types';
import { publishStatus, requireRelease, transition, type ReleaseContext } from './context';
import { uploads } from './effects';
import { finaliseUpload } from './messages';
import { inTurn } from './turns';

export interface PendingUpload {
  isComplete: boolean;
}

/** Answers "finalise": accepted once every part is there, and from then on. */
export function receiveParts(context: ReleaseContext): PendingUpload {
  const upload = { isComplete: false };
  setHandler(finaliseUpload, async (): Promise<FinaliseReply> => {
    await condition(() => context.release !== undefined || context.hasEnded);
    if (!context.release)
      return { outcome: 'refused', problems: [problem('RELEASE_STATE', 'The submission was refused.')] };
    if (upload.isComplete || context.state !== 'uploading')
      return { outcome: 'accepted', state: context.state };
    const checked = await uploads.checkParts(context.release.releaseId);
    if (checked.outcome === 'refused') return checked;
    upload.isComplete = true;
    return { outcome: 'accepted', state: context.state };
  });
  return upload;
}

/** Whether another run had taken the upload: the parts are all there, or verified already. */
async function wasComplete({ releaseId }: CheckedRelease): Promise<boolean> {
  const { outcome } = await uploads.checkParts(releaseId);
  return outcome === 'ok';
}

/** Waits for the parts, joins them and verifies the package before anything reads its content. */
export async function awaitUpload(context: ReleaseContext, upload: PendingUpload): Promise<Problem[]> {
  const release = requireRelease(context);
  const { releaseId, versionId, uploadDeadline } = release;
  if (context.resumes) upload.isComplete ||= await wasComplete(release);
  const leftMs = Math.max(1, Date.parse(uploadDeadline) - Date.now());
  const inTime = await condition(() => upload.isComplete, leftMs);
  if (!inTime) return expire(context, describeExpiredUpload(versionId));
  publishStatus(context, 'package verification');
  const problems = await findFirstRefusal(context, [
    () => uploads.assemblePackage(releaseId),
    () => uploads.verifyUpload(releaseId),
  ]);
  await uploads.discardUpload({ releaseId, keepPackage: problems.length === 0 });
  if (problems.length === 0) await transition(context, 'scanning', 'scan results');
  else await transition(context, 'rejected', 'nothing', { reason: endingReasons.unverified, problems });
  return problems;
}

async function expire(context: ReleaseContext, detail: string): Promise<Problem[]> {
  const problems = [problem('UPLOAD_EXPIRED', detail)];
  await transition(context, 'expired', 'nothing', { reason: detail, problems });
  await uploads.discardUpload({ releaseId: requireRelease(context).releaseId, keepPackage: false });
  return problems;
}

/** Runs checks in order until one refuses; each may rely on those before it. */
async function findFirstRefusal(
  context: ReleaseContext,
  checks: (() => Promise<Checked | Waiting>)[],
): Promise<Problem[]> {
  for (const check of checks) {
    const [checked] = await inTurn<Checked>(context, [check]);
    if (checked?.outcome === 'refused') return checked.problems;
  }
  return [];
}
