import { DAY } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { findSharedPerson } from '../identity/persons';
import type { ReviewDecision } from './states';

/** A decision that a release has not taken within this time is void: it may be about what nobody remembers. */
export const DECISION_LIFETIME_MS = DAY;

/** What a decision is held against. */
export interface ReviewFacts {
  versionId: string;
  /** In review, and nobody has decided yet. */
  open: boolean;
  publisherId: string;
  /** For whom the publisher's tokens were issued. */
  publisherPersons: readonly string[];
  packageSha256: string;
}

/** Who decides, and on what. */
export interface DecisionFacts {
  reviewer: string;
  /** For whom the reviewer's tokens were issued. */
  persons: readonly string[];
  packageSha256: string;
}

/**
 * Why a decision is not taken, worst first: a closed review, a person who decides on their own
 * release by whatever token, a decision on another package than the one under review.
 */
export function checkDecision(decision: DecisionFacts, facts: ReviewFacts): Problem[] {
  const { versionId } = facts;
  if (!facts.open) return [problem('REVIEW_CLOSED', `The review of ${versionId} is not open.`)];
  const found: Problem[] = [];
  const own = describeOwn(decision, facts);
  if (own !== undefined) found.push(problem('REVIEW_OWN', `${own} and cannot decide on ${versionId}.`));
  if (decision.packageSha256 !== facts.packageSha256) {
    const detail = `The decision names package ${decision.packageSha256}, but ${versionId} is ${facts.packageSha256}.`;
    found.push(problem('REVIEW_DIGEST', detail, '/packageSha256'));
  }
  return found;
}

/** How the reviewer and the publisher of a release are one; undefined when they are not. */
export function describeOwn(
  { reviewer, persons }: Pick<DecisionFacts, 'reviewer' | 'persons'>,
  { publisherId, publisherPersons }: Pick<ReviewFacts, 'publisherId' | 'publisherPersons'>,
): string | undefined {
  if (reviewer === publisherId) return `${reviewer} is the publisher`;
  const person = findSharedPerson(persons, publisherPersons);
  return person === undefined
    ? undefined
    : `${person} holds tokens of reviewer ${reviewer} and of publisher ${publisherId}`;
}

/** A decision as it is on record. */
export interface RecordedDecision extends DecisionFacts {
  decision: ReviewDecision;
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
