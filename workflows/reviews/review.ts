import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { slaSteps } from '../../core/reviews/sla';
import { describeRejection } from '../../core/reviews/timeline';
import type { Decision } from '../../contracts/reviews/messages';
import { publishStatus, requireRelease, transition, type ReleaseContext } from '../releases/context';
import type { PendingReview } from './decisions';
import { reviewRecords } from './effects';

/** Waits for a person, however long it takes; the SLA only alerts people, it never decides. */
export async function awaitDecision(context: ReleaseContext, review: PendingReview): Promise<Decision> {
  const { releaseId, timings } = requireRelease(context);
  const { openedAt, slaDeadline } = await reviewRecords.openReview({ releaseId, slaMs: timings.slaMs });
  context.slaDeadline = slaDeadline;
  await transition(context, 'in_review', 'a review decision');
  review.isOpen = true;
  const slaScope = new CancellationScope();
  const slaWatch = slaScope.run(() => watchSla(context, Date.parse(openedAt)));
  await condition(() => review.decision !== undefined);
  slaScope.cancel();
  await slaWatch;
  return carryOut(context, review, review.decision!);
}

/** Two warnings and one breach alert, each once (REV-18). */
async function watchSla(context: ReleaseContext, openedAt: number): Promise<void> {
  const { releaseId, timings } = requireRelease(context);
  try {
    for (const { level, afterMs } of slaSteps(timings.slaMs)) {
      await sleep(Math.max(1, openedAt + afterMs - Date.now()));
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
): Promise<Decision> {
  const { notes, requestId, actor } = decision;
  const origin = { actor, requestId };
  if (decision.decision === 'approve') await transition(context, 'approved', 'listing', { origin });
  else await transition(context, 'rejected', 'nothing', { origin, reason: describeRejection(notes) });
  review.isCarriedOut = true;
  return decision;
}
