import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { PLATFORM, formatVersionId } from '../../core/ids';
import { isSubmission } from '../../core/releases/messages';
import { isTerminal, type ReleaseState } from '../../core/releases/state';
import { checkRepetition } from '../../core/releases/submission';
import type { ReleaseStart, Submission, SubmitReply } from '../../contracts/releases/messages';
import type { CheckedRelease, RegisterReply } from '../../activities/releases/types';
import { invalidMessage } from '../messages';
import { publishStatus, type ReleaseContext } from './context';
import { registration } from './effects';
import { submit, SUBMIT_AGAIN } from './messages';

const toIdentity = ({ publisherId, request, submissionDigest }: ReleaseStart) => ({
  publisherId,
  publishRequestId: request.publishRequestId,
  submissionDigest,
});

function replyTo(
  again: Submission,
  first: ReleaseStart,
  reply: RegisterReply,
  state: ReleaseState,
): SubmitReply {
  const { pluginId, version } = first.request;
  const versionId = formatVersionId(pluginId, version);
  const problems = checkRepetition({ ...toIdentity(first), pluginId, versionId }, toIdentity(again));
  // A refused submission blocks nobody: the caller submits again, to a workflow of its own.
  if (problems.length > 0 && reply.outcome === 'refused') throw submitAgain(versionId, 'was refused');
  // Neither does one whose release is over, while its workflow still tells people.
  const isAnother = first.request.publishRequestId !== again.request.publishRequestId;
  if (isAnother && isTerminal(state)) throw submitAgain(versionId, 'has ended');
  const { callId } = again;
  if (problems.length > 0) return { outcome: 'refused', problems, callId };
  if (reply.outcome === 'refused') return { ...reply, callId };
  const receipt = reply.outcome === 'registered' ? reply.release.receipt : reply.receipt;
  return { outcome: 'accepted', receipt };
}

const submitAgain = (versionId: string, why: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The previous submission of ${versionId} ${why}; submit again.`,
    SUBMIT_AGAIN,
  );

/**
 * Registers the submission, or reads the release that is taken up, and answers everyone who submits this version
 * meanwhile: the first caller and whoever repeats it get the same receipt, anyone else a conflict (API-32, TST-10).
 * Returns undefined when there is no release to continue with.
 */
export async function register(
  context: ReleaseContext,
  first: ReleaseStart,
): Promise<CheckedRelease | undefined> {
  const replies: RegisterReply[] = [];
  const answer = async (again: Submission) => {
    await condition(() => replies.length > 0);
    return replyTo(again, first, replies[0]!, context.state);
  };
  setHandler(submit, answer, {
    validator: (again) => {
      if (!isSubmission(again)) throw invalidMessage('submit');
    },
  });
  const reply =
    'resumes' in first ? await registration.resumeRelease(first) : await registration.registerRelease(first);
  replies.push(reply);
  if (reply.outcome !== 'registered') return undefined;
  // Steps that nobody decides are the platform's own; the request id still leads to who asked.
  context.release = { ...reply.release, origin: { ...reply.release.origin, actor: PLATFORM } };
  context.state = reply.standing.state;
  context.resumes = reply.standing.resumes;
  publishStatus(context, 'package upload');
  return context.release;
}
