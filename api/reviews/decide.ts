import { createHash } from 'node:crypto';
import { isTaken, listDeciders, readReviewFacts, writeDecision } from '../../adapters/db/reviews/decisions';
import type { Decision, DecisionReply } from '../../contracts/reviews/messages';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import { checkDecision } from '../../core/reviews/decision';
import { isTerminal } from '../../core/releases/state';
import type { RouteDependencies } from '../http/dependencies';
import type { InName } from '../http/route';
import { sendDecision } from './workflow';

/**
 * Puts a reviewer's decision on record, and has the release carry it out. The record is what counts: the
 * release is only told its id.
 *
 * @throws Refusal REVIEW_CLOSED, REVIEW_OWN, REVIEW_DIGEST, TOKEN_INVALID; UNAVAILABLE when the release is not running
 */
export async function decideReview(
  deps: Pick<RouteDependencies, 'db' | 'engine' | 'now'>,
  { releaseId, versionId }: { releaseId: string; versionId: string },
  decision: Decision,
  inName: InName,
): Promise<DecisionReply> {
  const { db, engine, now } = deps;
  const decisionId = toDecisionId(releaseId, decision);
  const facts = await readReviewFacts(db, releaseId);
  // A repetition finds its own decision, which closed the review.
  const isRepeated = !facts.open && (await isTaken(db, decisionId));
  // The queue shows a review as open a moment before the release is in review; the release waits for that moment.
  const persons = await listDeciders(db, decision);
  if (!isRepeated) refuseIfAny(checkDecision({ ...decision, persons }, facts));
  await inName((trx) => writeDecision(trx, { ...decision, decisionId, releaseId }, now()));
  const reply = await sendDecision(engine, versionId, { decisionId });
  return reply ?? readOutcome(deps, { releaseId, versionId, decisionId }, decision);
}

/** The release has ended, or is not running: the records say what became of the decision. */
async function readOutcome(
  { db }: Pick<RouteDependencies, 'db'>,
  { releaseId, versionId, decisionId }: { releaseId: string; versionId: string; decisionId: string },
  { decision, reviewer }: Decision,
): Promise<DecisionReply> {
  const { state } = await readReviewFacts(db, releaseId);
  if (await isTaken(db, decisionId)) return { decision, reviewer, state };
  if (isTerminal(state)) throw refusal('REVIEW_CLOSED', `The review of ${versionId} is not open.`);
  throw refusal('UNAVAILABLE', `The release ${versionId} is not running.`);
}

/**
 * The id by which a repeated request finds its own decision. What was decided is part of it: a request id
 * that is used for another decision does not stand for the first.
 */
function toDecisionId(releaseId: string, decision: Decision): string {
  const { reviewer, requestId, notes, packageSha256 } = decision;
  const parts = [releaseId, reviewer, requestId, decision.decision, notes, packageSha256];
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
