import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { ReviewDecision } from '../../core/reviews/states';
import type { Decision, DecisionReference, DecisionReply } from '../../contracts/reviews/messages';
import { requireRelease, type ReleaseContext } from '../releases/context';
import { handleSignal, requireId, requireTaken } from '../messages';
import { reviewRecords } from './effects';
import { approve, decide, reject } from './messages';

/** A review that waits for its decision; the first one wins (REV-21). */
export interface PendingReview {
  /** From the moment on in which the release is in review. */
  isOpen: boolean;
  decision: Decision | undefined;
  isCarriedOut: boolean;
}

/**
 * Decisions come by Update, or by the signals `approve` and `reject`. Each carries the id of a row that the API
 * wrote for an authenticated reviewer; the activity that takes it believes the row, not the message.
 */
export function registerDecisionHandlers(context: ReleaseContext): PendingReview {
  const review: PendingReview = { isOpen: false, decision: undefined, isCarriedOut: false };
  const bySignal = (expected: ReviewDecision) => (reference: DecisionReference) =>
    handleSignal(expected, () => takeDecision(context, review, requireDecisionId(reference), expected));
  setHandler(decide, (reference) => decideByUpdate(context, review, reference), {
    validator: (reference) => void requireDecisionId(reference),
  });
  setHandler(approve, bySignal('approve'));
  setHandler(reject, bySignal('reject'));
  return review;
}

const requireDecisionId = (reference: unknown): string => requireId('decision', reference, 'decisionId');

/** Replies once the decision is carried out. */
async function decideByUpdate(
  context: ReleaseContext,
  review: PendingReview,
  reference: DecisionReference,
): Promise<DecisionReply> {
  const { decision, reviewer } = await takeDecision(context, review, reference.decisionId);
  await condition(() => review.isCarriedOut || context.hasEnded);
  return { decision, reviewer, state: context.state };
}

/** Takes a decision as soon as the release is in review. @throws ApplicationFailure with the code of what speaks against it */
async function takeDecision(
  context: ReleaseContext,
  review: PendingReview,
  decisionId: string,
  expected?: ReviewDecision,
): Promise<Decision> {
  await condition(() => review.isOpen || context.hasEnded);
  if (!review.isOpen) throw ApplicationFailure.nonRetryable('The release has ended.', 'REVIEW_CLOSED');
  const { releaseId } = requireRelease(context);
  const { decision } = requireTaken(await reviewRecords.takeDecision({ releaseId, decisionId, expected }));
  return (review.decision ??= decision);
}
