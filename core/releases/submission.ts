import { problem, type Problem } from '../errors/errors';
import { belongsToAnother, mayAnnounce, type NameHold } from './ownership';
import { isTerminal, uploadStates, type ReleaseState } from './state';

/** What tells two submissions of one version apart. */
export interface SubmissionIdentity {
  publisherId: string;
  publishRequestId: string;
  /** SHA-256 over the canonical JSON of publisher and content: everything submitted but the request id. */
  submissionDigest: string;
  /** Where it goes, and the digest of its package in lower-case hex; absent where only the digest above is known. */
  channel?: string;
  packageSha256?: string;
}

/** A submission that was accepted, and the version that it is of. */
export interface AcceptedSubmission extends SubmissionIdentity {
  pluginId: string;
  versionId: string;
  /** Absent where only its content is known. */
  state?: ReleaseState;
}

/** The last submission of a version, what became of it, and whose the plugin is now. */
export interface LastSubmission extends AcceptedSubmission, NameHold {
  state: ReleaseState;
  /** When the version was listed; null when it never was. */
  listedAt: Date | null;
}

/** `repeated` is answered with the receipt of the last submission; `hasEnded`: its release is over. */
export type SubmissionVerdict =
  | { outcome: 'new' }
  | { outcome: 'repeated'; hasEnded: boolean }
  | { outcome: 'refused'; problems: Problem[] };

/**
 * Whether a submission is the first of its version, repeats the last one, or may replace it. A version that
 * was listed never changes, and neither does one that is on its way; one whose release has ended unlisted
 * may be submitted again under a new request id, also by another publisher when the plugin is theirs by now.
 */
export function judgeSubmission(
  last: LastSubmission | undefined,
  submission: SubmissionIdentity,
  now: Date,
): SubmissionVerdict {
  if (!last || mayReplace(last, submission, now)) return { outcome: 'new' };
  const problems = checkRepetition(last, submission);
  if (problems.length > 0) return { outcome: 'refused', problems };
  return { outcome: 'repeated', hasEnded: isTerminal(last.state) };
}

function mayReplace(last: LastSubmission, submission: SubmissionIdentity, now: Date): boolean {
  if (!isTerminal(last.state) || last.listedAt !== null) return false;
  if (last.publisherId !== submission.publisherId) return mayAnnounce(last, submission.publisherId, now);
  return last.publishRequestId !== submission.publishRequestId;
}

/**
 * Whether an open upload keeps a version from a publisher who may announce the plugin by now: its own publisher's
 * reservation is over.
 */
export const isInTheWay = (last: LastSubmission, publisherId: string, now: Date): boolean =>
  last.publisherId !== publisherId &&
  uploadStates.includes(last.state) &&
  mayAnnounce(last, publisherId, now);

/**
 * Why a submission does not repeat the accepted one (API-32, PRE-03): it is another publisher's, who learns
 * nothing else of the version; or it has different content under the same request id, or under the same version.
 */
export function checkRepetition(accepted: AcceptedSubmission, again: SubmissionIdentity): Problem[] {
  const { versionId, pluginId } = accepted;
  if (accepted.publisherId !== again.publisherId) return [belongsToAnother(pluginId)];
  if (accepted.submissionDigest === again.submissionDigest) return [];
  if (accepted.publishRequestId === again.publishRequestId) {
    return checkRequestId(versionId, again.publishRequestId, versionId);
  }
  return [describeConflict(accepted, again)];
}

/** In what a submission differs from the accepted one of its version; an open upload can be ended for it. */
function describeConflict(accepted: AcceptedSubmission, again: SubmissionIdentity): Problem {
  const { versionId, channel, packageSha256, state } = accepted;
  const isSamePackage = packageSha256 !== undefined && packageSha256 === again.packageSha256;
  if (isSamePackage && channel !== again.channel) {
    const detail = `${versionId} was submitted to the channel ${channel}, with this very package; a version stays in its channel.`;
    return problem('CHANNEL_CHANGED', detail, '/channel');
  }
  const what = isSamePackage
    ? 'this package, but other release notes or another rollout'
    : 'different content';
  const isOpen = state !== undefined && uploadStates.includes(state);
  const way = isOpen ? ` Its upload is not complete: px-plugin abort ${versionId} ends that.` : '';
  return problem('VERSION_CONFLICT', `${versionId} already exists with ${what}.${way}`, '/version');
}

/**
 * A request id stands for one submission of one version, for good.
 *
 * @param usedFor the version that it was used for before; null when it is new
 */
export function checkRequestId(
  usedFor: string | null,
  publishRequestId: string,
  versionId: string,
): Problem[] {
  if (usedFor === null) return [];
  const what = usedFor === versionId ? `different content of ${usedFor}` : usedFor;
  const detail = `publishRequestId ${publishRequestId} was already used for ${what}.`;
  return [problem('REQUEST_ID_REUSED', detail, '/publishRequestId')];
}

/** A call to submit, as the API recorded it for whom it authenticated. */
export interface SubmissionCall {
  publisherId: string;
  submissionDigest: string;
  actor: string;
  requestId: string;
  expiresAt: Date;
}

/**
 * Why a submission that a message carries counts for nothing: nobody made the call that it names, or the call
 * was another publisher's, about other content, or too long ago.
 *
 * @param contentDigest of publisher and content as the message carries them
 */
export function checkSubmitted(
  submission: Omit<SubmissionCall, 'expiresAt'> & { callId: string },
  contentDigest: string,
  call: SubmissionCall | undefined,
  now: Date,
): Problem[] {
  const isSame =
    call !== undefined &&
    call.publisherId === submission.publisherId &&
    call.actor === submission.actor &&
    call.requestId === submission.requestId &&
    call.submissionDigest === submission.submissionDigest &&
    call.submissionDigest === contentDigest &&
    call.expiresAt > now;
  if (isSame) return [];
  const detail = `${submission.publisherId} has not submitted this under the call ${submission.callId}.`;
  return [problem('SUBMISSION_UNKNOWN', detail)];
}
