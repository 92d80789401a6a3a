import { executeChild } from '@temporalio/workflow';
import { rolloutWorkflowId } from '../core/ids';
import type { Problem } from '../core/errors/errors';
import type { ReleaseOutcome, Submission } from '../contracts/releases/messages';
import type { RolloutOrder } from '../contracts/rollouts/messages';
import type { CheckedRelease } from '../activities/releases/types';
import { isSubmission } from '../core/releases/messages';
import { finishHandlers } from './handlers';
import { invalidMessage } from './messages';
import { openReleaseContext, requireRelease, transition, type ReleaseContext } from './releases/context';
import { releaseNotices } from './releases/effects';
import { endUnsuccessfully } from './releases/ending';
import { register } from './releases/registration';
import { awaitUpload, receiveParts, type PendingUpload } from './releases/upload';
import { reviewRecords } from './reviews/effects';
import { registerDecisionHandlers, type PendingReview } from './reviews/decisions';
import { awaitDecision } from './reviews/review';
import { rolloutRecords } from './rollouts/effects';
import { rollout } from './rollouts/rollout';
import { runScans } from './scans/scanning';

/**
 * One release, from submission to outcome. It only goes forward: a fix is a new version, or a new
 * submission of a version that was never listed.
 */
export async function release(submission: Submission): Promise<ReleaseOutcome> {
  if (!isSubmission(submission)) throw invalidMessage('release');
  const context = openReleaseContext(submission);
  const review = registerDecisionHandlers(context);
  const upload = receiveParts(context);
  const outcome = await carryOut(context, submission, review, upload);
  context.hasEnded = true;
  await finishHandlers();
  return outcome;
}

async function carryOut(
  context: ReleaseContext,
  submission: Submission,
  review: PendingReview,
  upload: PendingUpload,
): Promise<ReleaseOutcome> {
  const checked = await register(context, submission);
  if (!checked) return { state: context.state, problems: [] };
  try {
    const problems = await awaitUpload(context, upload);
    if (problems.length > 0) return await refuse(context, problems);
    const findings = await runScans(context);
    if (findings.length > 0) return await refuse(context, findings);
    const { decision } = await awaitDecision(context, review);
    if (decision === 'reject') return await refuse(context, []);
    const order = await list(context, checked);
    return await rollOut(context, order);
  } catch (error) {
    return endUnsuccessfully(context, error);
  }
}

/** The publisher is told how it ended; nothing was listed. */
async function refuse(context: ReleaseContext, problems: Problem[]): Promise<ReleaseOutcome> {
  const outcome = context.state === 'expired' ? 'expired' : 'rejected';
  await releaseNotices.notifyPublisher({ releaseId: requireRelease(context).releaseId, outcome });
  return { state: context.state, problems };
}

/** Plans the rollout as data, lists the version, and notifies the plugin's subscribers. */
async function list(context: ReleaseContext, checked: CheckedRelease): Promise<RolloutOrder> {
  await transition(context, 'scheduled', 'listing');
  const order = await rolloutRecords.planRollout(checked);
  await reviewRecords.listRelease(checked);
  await transition(context, 'listed', 'subscriber notifications');
  await releaseNotices.notifySubscribers(checked.releaseId);
  return order;
}

async function rollOut(context: ReleaseContext, order: RolloutOrder): Promise<ReleaseOutcome> {
  await transition(context, 'rolling_out', 'the first rollout stage');
  const result = await executeChild(rollout, {
    workflowId: rolloutWorkflowId(order.versionId),
    args: [order],
    staticSummary: `Rollout of ${order.versionId}`,
  });
  // The rollout has changed the state itself where it was rolled back.
  context.state = result.outcome === 'completed' ? 'rolling_out' : 'rolled_back';
  if (result.outcome === 'completed') await transition(context, 'completed', 'nothing');
  return { state: context.state, problems: [] };
}
