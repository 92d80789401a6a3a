import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { isObject, isUuid } from '../../core/messages';
import type { ReviewDecision } from '../../core/reviews/states';
import type { Decision, DecisionReference, DecisionReply } from '../../contracts/reviews/messages';
import { requireRelease, type ReleaseContext } from '../releases/context';
import { handleSignal, invalidMessage } from '../messages';
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
    handleSignal(expected, () => takeDecision(context, review, requireReference(reference), expected));
  setHandler(decide, (reference) => decideByUpdate(context, review, reference), {
    validator: (reference) => void requireReference(reference),
  });
  setHandler(approve, bySignal('approve'));
  setHandler(reject, bySignal('reject'));
  return review;
}

/** @throws ApplicationFailure MESSAGE_INVALID */
function requireReference(reference: unknown): DecisionReference {
  if (!isObject(reference) || !isUuid(reference.decisionId)) throw invalidMessage('decision');
  return { decisionId: reference.decisionId };
}

/** Replies once the decision is carried out. */
async function decideByUpdate(
  context: ReleaseContext,
  review: PendingReview,
  reference: DecisionReference,
): Promise<DecisionReply> {
  const { decision, reviewer } = await takeDecision(context, review, reference);
  await condition(() => review.isCarriedOut || context.hasEnded);
  return { decision, reviewer, state: context.state };
}

/** Takes a decision as soon as the release is in review. @throws ApplicationFailure with the code of what speaks against it */
async function takeDecision(
  context: ReleaseContext,
  review: PendingReview,
  { decisionId }: DecisionReference,
  expected?: ReviewDecision,
): Promise<Decision> {
  await condition(() => review.isOpen || context.hasEnded);
  if (!review.isOpen) throw ApplicationFailure.nonRetryable('The release has ended.', 'REVIEW_CLOSED');
  const { releaseId } = requireRelease(context);
  const taken = await reviewRecords.takeDecision({
    releaseId,
    decisionId,
    ...(expected ? { expected } : {}),
  });
  if (taken.outcome === 'refused') {
    const [first] = taken.problems;
    throw ApplicationFailure.nonRetryable(first!.detail, first!.code);
  }
  return (review.decision ??= taken.decision);
}
