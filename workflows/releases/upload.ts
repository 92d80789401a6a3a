import { condition, setHandler } from '@temporalio/workflow';
import { PLATFORM } from '../../core/ids';
import { problem, type Problem } from '../../core/errors/errors';
import type { Waiting } from '../../core/releases/checkTurns';
import { describeExpiredUpload, endingReasons } from '../../core/releases/timeline';
import type { Origin } from '../../contracts/audit/origin';
import type { FinaliseReply } from '../../contracts/releases/messages';
import type { Checked, CheckedRelease } from '../../activities/releases/types';
import { publishStatus, requireRelease, transition, type ReleaseContext } from './context';
import { uploads } from './effects';
import { abortUpload, finaliseUpload } from './messages';
import { inTurn } from './turns';

export interface PendingUpload {
  isComplete: boolean;
  /** Who ended it before it was complete. */
  abortedBy: Origin | undefined;
}

/** Answers "finalise": accepted once every part is there, and from then on; and "abort", until then. */
export function receiveParts(context: ReleaseContext): PendingUpload {
  const upload: PendingUpload = { isComplete: false, abortedBy: undefined };
  setHandler(abortUpload, () => abort(context, upload));
  setHandler(finaliseUpload, async (): Promise<FinaliseReply> => {
    await condition(() => context.release !== undefined || context.hasEnded);
    if (!context.release)
      return { outcome: 'refused', problems: [problem('RELEASE_STATE', 'The submission was refused.')] };
    if (upload.isComplete || context.state !== 'uploading')
      return { outcome: 'accepted', state: context.state };
    if (upload.abortedBy) return refused(context.release, 'was aborted');
    const checked = await uploads.checkParts(context.release.releaseId);
    if (checked.outcome === 'refused') return checked;
    if (upload.abortedBy) return refused(context.release, 'was aborted');
    upload.isComplete = true;
    return { outcome: 'accepted', state: context.state };
  });
  return upload;
}

/** Ends the upload where the records say that its publisher asked for it; answers when it has ended. */
async function abort(context: ReleaseContext, upload: PendingUpload): Promise<FinaliseReply> {
  await condition(() => context.release !== undefined || context.hasEnded);
  const { release } = context;
  if (!release)
    return { outcome: 'refused', problems: [problem('RELEASE_STATE', 'The submission was refused.')] };
  if (context.state !== 'uploading' || upload.isComplete) return refused(release, 'is complete');
  const abortedBy = await uploads.readAbort(release.releaseId);
  if (!abortedBy) return refused(release, 'was not aborted by its publisher');
  if (upload.isComplete) return refused(release, 'is complete');
  upload.abortedBy ??= abortedBy;
  await condition(() => context.state !== 'uploading' || context.hasEnded);
  return { outcome: 'accepted', state: context.state };
}

const refused = ({ versionId }: CheckedRelease, what: string): FinaliseReply => ({
  outcome: 'refused',
  problems: [problem('RELEASE_STATE', `The upload of ${versionId} ${what}.`)],
});

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
  const inTime = await condition(() => upload.isComplete || upload.abortedBy !== undefined, leftMs);
  if (upload.abortedBy) return withdraw(context, upload.abortedBy);
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

/** The publisher wants it no more, or has lost the plugin: nothing speaks against the package. */
async function withdraw(context: ReleaseContext, origin: Origin): Promise<Problem[]> {
  const reason = origin.actor === PLATFORM ? endingReasons.nameTaken : endingReasons.uploadAborted;
  await transition(context, 'withdrawn', 'nothing', { origin, reason });
  await uploads.discardUpload({ releaseId: requireRelease(context).releaseId, keepPackage: false });
  return [];
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
