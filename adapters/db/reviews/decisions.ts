import type { Knex } from 'knex';
import type { Decision, DecisionToTake, TakenDecision } from '../../../contracts/reviews/messages';
import { checkReference, DECISION_LIFETIME_MS, type ReviewFacts } from '../../../core/reviews/decision';
import type { ReleaseState } from '../../../core/releases/state';
import { describeDecision } from '../../../core/reviews/timeline';
import { parseActor } from '../../../core/access';
import { writeAudit } from '../audit/audit';
import { listPersons } from '../identity/persons';
import { readRelease } from '../releases/record';
import { writeTimeline } from '../releases/timeline';
import type { RowOf } from '../tables';
import { inTransaction } from '../transaction';

/** Keeps what an authenticated reviewer decided; the same id again keeps the first. */
export async function writeDecision(
  knex: Knex,
  { decisionId, releaseId, ...decision }: Decision & { decisionId: string; releaseId: string },
  now: Date,
): Promise<void> {
  await knex('review_decisions')
    .insert({
      id: decisionId,
      release_id: releaseId,
      decision: decision.decision,
      reviewer: decision.reviewer,
      actor: decision.actor,
      request_id: decision.requestId,
      notes: decision.notes,
      package_sha256: decision.packageSha256,
      decided_at: now,
      expires_at: new Date(now.getTime() + DECISION_LIFETIME_MS),
    })
    .onConflict('id')
    .ignore();
}

/**
 * What a review is held against, as it is on record. It is open in the queue a moment before its release is in
 * the state `in_review`, and only then a decision is taken; none is once its publisher has asked to withdraw it.
 */
export async function readReviewFacts(
  knex: Knex,
  releaseId: string,
): Promise<ReviewFacts & { state: ReleaseState }> {
  const { versionId, publisherId, packageSha256, state, withdrawAskedAt } = await readRelease(
    knex,
    releaseId,
  );
  const review = await knex('review_queue').where({ release_id: releaseId }).first('state');
  const publisherPersons = await listPersons(knex, { kind: 'publisher', id: publisherId });
  return {
    ...{ versionId, publisherId, publisherPersons, packageSha256, state },
    open: review?.state === 'open' && withdrawAskedAt === null,
  };
}

/** For whom the tokens of the one who decides were issued. */
export const listDeciders = async (
  knex: Knex,
  { actor, reviewer }: { actor: string; reviewer: string },
): Promise<string[]> => listPersons(knex, parseActor(actor) ?? { kind: 'reviewer', id: reviewer });

/** Whether a release took the decision of that id. */
export async function isTaken(knex: Knex, decisionId: string): Promise<boolean> {
  const row = await knex('review_decisions').where({ id: decisionId }).first('taken_at');
  return row !== undefined && row.taken_at !== null;
}

/** The decision that a release took, if it took one. */
export async function findTakenDecision(knex: Knex, releaseId: string): Promise<Decision | undefined> {
  const row = await knex('review_decisions')
    .where({ release_id: releaseId })
    .whereNotNull('taken_at')
    .first();
  return row && toDecision(row);
}

/**
 * Takes the decision that a message refers to, if its row allows it: in one transaction the review is
 * decided, the decision taken, told on the timeline and audited. The first decision wins (REV-21); the one
 * that was taken is taken again by a retry.
 */
export const takeDecision = (knex: Knex, reference: DecisionToTake, now: Date): Promise<TakenDecision> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, decisionId } = reference;
    // One decision at a time: the second finds the review decided.
    await trx('review_queue').where({ release_id: releaseId }).forUpdate().first('id');
    const row = await trx('review_decisions').where({ id: decisionId, release_id: releaseId }).first();
    const decision = row && toDecision(row);
    if (decision && row.taken_at) return { outcome: 'taken', decision };
    const facts = await readReviewFacts(trx, releaseId);
    const persons = decision ? await listDeciders(trx, decision) : [];
    const recorded = decision && { ...decision, persons, expiresAt: row.expires_at };
    const open = facts.open && facts.state === 'in_review';
    const problems = checkReference(reference, recorded, { ...facts, open }, now);
    if (!decision || problems.length > 0) return { outcome: 'refused', problems };
    await writeTaken(trx, reference, decision, facts.versionId, now);
    return { outcome: 'taken', decision };
  });

function toDecision(row: RowOf<'review_decisions'>): Decision {
  const { decision, reviewer, notes, actor } = row;
  return { decision, reviewer, notes, packageSha256: row.package_sha256, actor, requestId: row.request_id };
}

async function writeTaken(
  trx: Knex.Transaction,
  { releaseId, decisionId }: DecisionToTake,
  { decision, reviewer, notes, packageSha256, actor, requestId }: Decision,
  versionId: string,
  now: Date,
): Promise<void> {
  await trx('review_queue')
    .where({ release_id: releaseId })
    .update({ state: 'decided', decided_at: now, decision, reviewer, notes });
  await trx('review_decisions').where({ id: decisionId }).update({ taken_at: now });
  await writeTimeline(trx, releaseId, describeDecision({ decision, reviewer, notes }), now);
  const entry = { key: `decision:${releaseId}`, action: `review.${decision}`, subject: versionId };
  const data = { decisionId, notes, packageSha256 };
  await writeAudit(trx, { ...entry, actor, requestId, data }, now);
}
