import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { Problem } from '../../core/errors/errors';
import { checkDecision } from '../../core/reviews/decision';
import { slaSteps } from '../../core/reviews/sla';
import { describeRejection } from '../../core/reviews/timeline';
import type { Decision, DecisionReply, SignalledDecision } from '../../contracts/reviews/messages';
import { publishStatus, requireRelease, transition, type ReleaseContext } from '../releases/context';
import { reviewRecords } from './effects';
import { approve, decide, reject } from './messages';

/** A review that waits for its decision; the first one wins (REV-21). */
export interface PendingReview {
  /** From the moment on in which anybody could see the review as open. */
  isOpen: boolean;
  decision: Decision | undefined;
  isRecorded: boolean;
}

/** Decisions come by Update, or by the signals `approve` and `reject`. */
export function registerDecisionHandlers(context: ReleaseContext): PendingReview {
  const review: PendingReview = { isOpen: false, decision: undefined, isRecorded: false };
  const decideBySignal = (kind: Decision['decision']) => (signal: SignalledDecision) => {
    const packageSha256 = context.release?.packageSha256 ?? '';
    const decision = { ...signal, notes: signal.notes ?? '', decision: kind, packageSha256 };
    if (listProblems(context, review, decision).length === 0) review.decision = decision;
  };
  setHandler(decide, (decision) => acceptDecision(context, review, decision), {
    validator: (decision) => requireValidDecision(context, review, decision),
  });
  setHandler(approve, decideBySignal('approve'));
  setHandler(reject, decideBySignal('reject'));
  return review;
}

const listProblems = ({ release }: ReleaseContext, review: PendingReview, decision: Decision): Problem[] =>
  checkDecision(decision, {
    open: review.isOpen && review.decision === undefined,
    publisherId: release?.publisherId ?? '',
    packageSha256: release?.packageSha256 ?? '',
    versionId: release?.versionId ?? '',
  });

function requireValidDecision(context: ReleaseContext, review: PendingReview, decision: Decision): void {
  const [first] = listProblems(context, review, decision);
  if (first) throw ApplicationFailure.nonRetryable(first.detail, first.code);
}

/** Replies once the decision is on record. */
async function acceptDecision(
  context: ReleaseContext,
  review: PendingReview,
  decision: Decision,
): Promise<DecisionReply> {
  review.decision = decision;
  await condition(() => review.isRecorded || context.hasEnded);
  return { decision: decision.decision, reviewer: decision.reviewer, state: context.state };
}

/** Waits for a person, however long it takes; the SLA only alerts people, it never decides. */
export async function awaitDecision(context: ReleaseContext, review: PendingReview): Promise<Decision> {
  const { releaseId, timings } = requireRelease(context);
  // Before the row says so: whoever reads it there can decide at once.
  review.isOpen = true;
  const { openedAt, slaDeadline } = await reviewRecords.openReview({ releaseId, slaMs: timings.slaMs });
  context.slaDeadline = slaDeadline;
  await transition(context, 'in_review', 'a review decision');
  const slaScope = new CancellationScope();
  const slaWatch = slaScope.run(() => watchSla(context, Date.parse(openedAt)));
  await condition(() => review.decision !== undefined);
  slaScope.cancel();
  await slaWatch;
  return recordDecision(context, review, review.decision!);
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

async function recordDecision(
  context: ReleaseContext,
  review: PendingReview,
  decision: Decision,
): Promise<Decision> {
  const { releaseId } = requireRelease(context);
  const { reviewer, notes, requestId, actor } = decision;
  const origin = { actor, requestId };
  await reviewRecords.recordDecision({ releaseId, decision: decision.decision, reviewer, notes, requestId });
  if (decision.decision === 'approve') await transition(context, 'approved', 'listing', { origin });
  else await transition(context, 'rejected', 'nothing', { origin, reason: describeRejection(notes) });
  review.isRecorded = true;
  return decision;
}
