import { DAY } from '../duration';
import { problem, type Problem } from '../errors/errors';
import type { ReviewDecision } from './states';

/** A decision that a release has not taken within this time is void: it may be about what nobody remembers. */
export const DECISION_LIFETIME_MS = DAY;

/** What a decision is held against. */
export interface ReviewFacts {
  versionId: string;
  /** In review, and nobody has decided yet. */
  open: boolean;
  publisherId: string;
  packageSha256: string;
}

/**
 * Why a decision is not taken, worst first: a closed review, a reviewer who decides on their own
 * release, a decision on another package than the one under review.
 */
export function checkDecision(
  decision: { reviewer: string; packageSha256: string },
  facts: ReviewFacts,
): Problem[] {
  const { versionId } = facts;
  if (!facts.open) return [problem('REVIEW_CLOSED', `The review of ${versionId} is not open.`)];
  const found: Problem[] = [];
  if (decision.reviewer === facts.publisherId) {
    found.push(problem('REVIEW_OWN', `${decision.reviewer} published ${versionId} and cannot decide on it.`));
  }
  if (decision.packageSha256 !== facts.packageSha256) {
    const detail = `The decision names package ${decision.packageSha256}, but ${versionId} is ${facts.packageSha256}.`;
    found.push(problem('REVIEW_DIGEST', detail, '/packageSha256'));
  }
  return found;
}

/** A decision as it is on record. */
export interface RecordedDecision {
  decision: ReviewDecision;
  reviewer: string;
  packageSha256: string;
  expiresAt: Date;
}

/**
 * Why a release does not take the decision that a message refers to. What counts is the row that the
 * authenticated API wrote: without one, with one that is too old, or with one that says the opposite of the
 * message, nothing is decided.
 */
export function checkReference(
  { decisionId, expected }: { decisionId: string; expected?: ReviewDecision | undefined },
  recorded: RecordedDecision | undefined,
  facts: ReviewFacts,
  now: Date,
): Problem[] {
  const { versionId } = facts;
  if (!recorded || (expected !== undefined && recorded.decision !== expected)) {
    const detail = `Nobody has recorded a decision ${decisionId} ${expected ? `to ${expected}` : 'about'} ${versionId}.`;
    return [problem('DECISION_UNKNOWN', detail)];
  }
  const found = checkDecision(recorded, facts);
  if (recorded.expiresAt > now) return found;
  const detail = `The decision ${decisionId} about ${versionId} expired at ${recorded.expiresAt.toISOString()}.`;
  return [...found, problem('DECISION_EXPIRED', detail)];
}
