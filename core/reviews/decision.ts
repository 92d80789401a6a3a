import { problem, type Problem } from '../errors/errors';

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
