import { executeChild, sleep } from '@temporalio/workflow';
import { getBackoffMs } from '../core/backoff';
import { LISTING_PAUSE } from '../core/releases/restrictions';
import { rolloutWorkflowId } from '../core/ids';
import type { Problem } from '../core/errors/errors';
import type { ReleaseOutcome, ReleaseStart } from '../contracts/releases/messages';
import type { RolloutOrder } from '../contracts/rollouts/messages';
import type { CheckedRelease } from '../activities/releases/types';
import type { ListingEnd } from '../activities/reviews/types';
import { isResumption, isSubmission } from '../core/releases/messages';
import { isBefore, isTerminal, type ReleaseState } from '../core/releases/state';
import { describeSuperseded } from '../core/releases/supersession';
import { finishHandlers } from './handlers';
import { invalidMessage } from './messages';
import { openReleaseContext, requireRelease, transition, type ReleaseContext } from './releases/context';
import { releaseNotices } from './releases/effects';
import { endUnsuccessfully } from './releases/ending';
import { register } from './releases/registration';
import { awaitUpload, receiveParts, type PendingUpload } from './releases/upload';
import {
  concludeWithdrawal,
  receiveWithdrawal,
  wasWithdrawn,
  type PendingWithdrawal,
} from './releases/withdrawal';
import { reviewRecords } from './reviews/effects';
import { registerDecisionHandlers, type PendingReview } from './reviews/decisions';
import { awaitDecision } from './reviews/review';
import { rolloutRecords } from './rollouts/effects';
import { rollout } from './rollouts/rollout';
import { runScans } from './scans/scanning';

/**
 * One release, from submission to outcome. It only goes forward: a fix is a new version, or a new
 * submission of a version that was never listed. A run that was lost is taken up by another one, which reads from
 * the release's rows where it stands.
 */
export async function release(start: ReleaseStart): Promise<ReleaseOutcome> {
  if (!isSubmission(start) && !isResumption(start)) throw invalidMessage('release');
  const context = openReleaseContext(start);
  const review = registerDecisionHandlers(context);
  const upload = receiveParts(context);
  const withdrawal = receiveWithdrawal(context);
  const outcome = await carryOut(context, start, { review, upload, withdrawal });
  context.hasEnded = true;
  await finishHandlers();
  return outcome;
}

/** What others ask of a release on its way. */
interface Pending {
  review: PendingReview;
  upload: PendingUpload;
  withdrawal: PendingWithdrawal;
}

async function carryOut(
  context: ReleaseContext,
  start: ReleaseStart,
  pending: Pending,
): Promise<ReleaseOutcome> {
  const checked = await register(context, start);
  if (!checked || isTerminal(context.state)) return { state: context.state, problems: [] };
  const { withdrawal } = pending;
  try {
    return await withdrawal.scope.run(() => goOn(context, checked, pending));
  } catch (error) {
    if (!(await wasWithdrawn(withdrawal))) return endUnsuccessfully(context, error);
    await concludeWithdrawal(context, withdrawal);
    return { state: context.state, problems: [] };
  }
}

/** The way of a registered release. What the rows prove done is not done again: a run may begin anywhere on it. */
async function goOn(
  context: ReleaseContext,
  checked: CheckedRelease,
  { review, upload, withdrawal }: Pending,
): Promise<ReleaseOutcome> {
  const isStillBefore = (goal: ReleaseState) => isBefore(context.state, goal);
  const problems = isStillBefore('scanning') ? await awaitUpload(context, upload) : [];
  if (problems.length > 0) return await refuse(context, problems);
  if (isTerminal(context.state)) return { state: context.state, problems };
  const findings = isStillBefore('in_review') ? await runScans(context) : [];
  if (findings.length > 0) return await refuse(context, findings);
  const isApproved = isStillBefore('approved') ? await awaitDecision(context, review) : true;
  if (!isApproved) return await refuse(context, []);
  const order = await plan(context, checked);
  const end = isStillBefore('rolling_out') ? await list(context, checked) : undefined;
  if (!end) return await rollOut(context, order);
  if ('successor' in end) return await supersede(context, end.successor);
  await concludeWithdrawal(context, withdrawal);
  return { state: context.state, problems };
}

/** The publisher is told how it ended; nothing was listed. */
async function refuse(context: ReleaseContext, problems: Problem[]): Promise<ReleaseOutcome> {
  const outcome = context.state === 'expired' ? 'expired' : 'rejected';
  await releaseNotices.notifyPublisher({ releaseId: requireRelease(context).releaseId, outcome });
  return { state: context.state, problems };
}

/** Plans the rollout as data; once planned, it stays so. */
async function plan(context: ReleaseContext, checked: CheckedRelease): Promise<RolloutOrder> {
  if (isBefore(context.state, 'scheduled')) await transition(context, 'scheduled', 'listing');
  return rolloutRecords.planRollout(checked);
}

/** Lists the version, and notifies the plugin's subscribers; returns why it never will be, where that is so. */
async function list(context: ReleaseContext, checked: CheckedRelease): Promise<ListingEnd | undefined> {
  const end = await listWhenAllowed(context, checked);
  if (end) return end;
  if (isBefore(context.state, 'listed')) await transition(context, 'listed', 'subscriber notifications');
  await releaseNotices.notifySubscribers(checked.releaseId);
  return undefined;
}

/** The version is never listed: tenants have a newer one. Its publisher is told. */
async function supersede(context: ReleaseContext, successor: string): Promise<ReleaseOutcome> {
  const { releaseId, ...release } = requireRelease(context);
  const problems = [describeSuperseded(release, successor)];
  await transition(context, 'superseded', 'nothing', { reason: problems[0]!.detail, problems });
  await releaseNotices.notifyPublisher({ releaseId, outcome: 'superseded' });
  return { state: context.state, problems };
}

/** A restriction holds the listing for as long as it is in force; the pauses between two looks grow. */
async function listWhenAllowed(
  context: ReleaseContext,
  checked: CheckedRelease,
): Promise<ListingEnd | undefined> {
  for (let looks = 1; ; looks += 1) {
    const hold = await reviewRecords.listRelease(checked);
    if (!hold) return undefined;
    if (!('restriction' in hold)) return hold;
    context.waitingFor = `the end of a restriction. ${hold.restriction}`;
    await sleep(getBackoffMs(looks, LISTING_PAUSE), { summary: 'until the restriction is looked at again' });
  }
}

async function rollOut(context: ReleaseContext, order: RolloutOrder): Promise<ReleaseOutcome> {
  if (isBefore(context.state, 'rolling_out'))
    await transition(context, 'rolling_out', 'the first rollout stage');
  const result = await executeChild(rollout, {
    workflowId: rolloutWorkflowId(order.versionId),
    args: [order],
    staticSummary: `Rollout of ${order.versionId}`,
  });
  if (result.outcome === 'superseded') {
    context.state = 'superseded';
    await releaseNotices.notifyPublisher({ releaseId: order.releaseId, outcome: 'superseded' });
    return { state: context.state, problems: result.problems };
  }
  // The rollout has changed the state itself where it was rolled back.
  context.state = result.outcome === 'completed' ? 'rolling_out' : 'rolled_back';
  if (result.outcome === 'completed') await transition(context, 'completed', 'nothing');
  return { state: context.state, problems: [] };
}
