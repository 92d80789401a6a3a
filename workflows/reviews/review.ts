import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { slaSteps } from '../../core/reviews/sla';
import { describeRejection } from '../../core/reviews/timeline';
import type { OpenedReview } from '../../activities/reviews/types';
import type { Decision } from '../../contracts/reviews/messages';
import { publishStatus, requireRelease, transition, type ReleaseContext } from '../releases/context';
import type { PendingReview } from './decisions';
import { reviewRecords } from './effects';

/**
 * Waits for a person, however long it takes, and says whether the release was approved; the SLA only alerts people, it
 * never decides. A decision that an earlier run took is carried out.
 */
export async function awaitDecision(context: ReleaseContext, review: PendingReview): Promise<boolean> {
  const { releaseId, timings } = requireRelease(context);
  const opened = await reviewRecords.openReview({ releaseId, slaMs: timings.slaMs });
  context.slaDeadline = opened.slaDeadline;
  if (context.state === 'in_review') publishStatus(context, 'a review decision');
  else await transition(context, 'in_review', 'a review decision');
  review.decision ??= opened.taken;
  review.isOpen = true;
  const slaScope = new CancellationScope();
  const slaWatch = slaScope.run(() => watchSla(context, opened));
  await condition(() => review.decision !== undefined);
  slaScope.cancel();
  await slaWatch;
  return carryOut(context, review, review.decision!);
}

/** Two warnings and one breach alert, each once (REV-18). */
async function watchSla(context: ReleaseContext, { openedAt, slaDeadline }: OpenedReview): Promise<void> {
  const { releaseId } = requireRelease(context);
  const from = Date.parse(openedAt);
  try {
    for (const { level, afterMs } of slaSteps(Date.parse(slaDeadline) - from)) {
      await sleep(Math.max(1, from + afterMs - Date.now()));
      await reviewRecords.alertSla({ releaseId, level });
      publishStatus(context, `a review decision (${level * 100}% of the SLA has passed)`);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}

async function carryOut(
  context: ReleaseContext,
  review: PendingReview,
  decision: Decision,
): Promise<boolean> {
  const { notes, requestId, actor } = decision;
  const origin = { actor, requestId };
  const isApproved = decision.decision === 'approve';
  if (isApproved) await transition(context, 'approved', 'listing', { origin });
  else await transition(context, 'rejected', 'nothing', { origin, reason: describeRejection(notes) });
  review.isCarriedOut = true;
  return isApproved;
}
