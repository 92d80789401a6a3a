import type { Knex } from 'knex';
import type { Origin } from '../../contracts/messages';
import { refusal, type Problem } from '../../core/errors';
import { canMove, isInstallable, isTerminal, type ReleaseState } from '../../core/releaseState';
import { describeTransition } from '../../core/timelineText';
import { writeAudit } from './audit';
import { writeTimeline } from './timeline';
import { inTransaction } from './transaction';

/** A change of a release's state, naming both ends, with who made it and why. */
export interface Transition extends Origin {
  releaseId: string;
  from: ReleaseState;
  to: ReleaseState;
  reason?: string;
  /** Why the release ended as it did; kept on the release. */
  problems?: readonly Problem[];
}

/**
 * Changes a release's state where it is `from`, with its transition, timeline line and audit row.
 * Being at `to` already counts as done and writes nothing, so a retry lands on itself.
 *
 * @throws Refusal RELEASE_STATE when it is in any other state; RELEASE_NOT_FOUND
 */
export const changeState = (knex: Knex, change: Transition, now: Date): Promise<void> =>
  inTransaction(knex, (trx) => changeStateIn(trx, change, now));

/** The same within a transaction of the caller. */
export async function changeStateIn(trx: Knex.Transaction, change: Transition, now: Date): Promise<void> {
  const { releaseId, from, to } = change;
  if (!canMove(from, to)) throw refusal('RELEASE_STATE', `A release cannot go from ${from} to ${to}.`);
  const moved = await trx('releases')
    .where({ id: releaseId, state: from })
    .update({
      state: to,
      updated_at: now,
      ...(change.problems ? { problems: JSON.stringify(change.problems) } : {}),
    })
    .returning<{ version_id: string }[]>('version_id');
  const versionId = moved[0]?.version_id;
  if (versionId === undefined) return expectState(trx, releaseId, to);
  if (isTerminal(to) && !isInstallable(to)) await hideVersion(trx, versionId, now);
  await recordTransition(trx, change, versionId, now);
}

/** Fails closed: however a release ends, a listed version that may not be installed leaves the catalogue. */
async function hideVersion(trx: Knex, versionId: string, now: Date): Promise<void> {
  await trx('versions')
    .where({ id: versionId })
    .whereNotNull('listed_at')
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: now });
}

async function expectState(trx: Knex.Transaction, releaseId: string, expected: ReleaseState): Promise<void> {
  const found: { state: ReleaseState } | undefined = await trx('releases')
    .where({ id: releaseId })
    .first('state');
  if (!found) throw refusal('RELEASE_NOT_FOUND', `There is no release ${releaseId}.`);
  if (found.state === expected) return;
  throw refusal('RELEASE_STATE', `The release is ${found.state}, so it cannot become ${expected}.`);
}

/** The number of the timeline line also orders the transitions: it was taken under the same lock. */
async function recordTransition(
  trx: Knex.Transaction,
  change: Transition,
  versionId: string,
  now: Date,
): Promise<void> {
  const { releaseId, from, to, actor, requestId, reason } = change;
  const counted: { next: number } | undefined = await trx('releases')
    .where({ id: releaseId })
    .first({ next: trx.raw('timeline_seq + 1') });
  const key = `state:${to}:${counted?.next ?? 0}`;
  const codes = change.problems?.map(({ code }) => code) ?? [];
  const text = describeTransition(from, to, reason);
  const data = { from, to, ...(codes.length > 0 ? { codes } : {}) };
  const seq = await writeTimeline(trx, releaseId, { key, kind: 'state', text, actor, data }, now);
  await trx('release_transitions').insert({
    release_id: releaseId,
    seq,
    from_state: from,
    to_state: to,
    at: now,
    actor,
    request_id: requestId,
    reason: reason ?? null,
  });
  const entry = { key: `release:${releaseId}:${seq}`, action: 'release.state', subject: versionId };
  await writeAudit(trx, { ...entry, from, to, actor, requestId, data: { releaseId, codes } }, now);
}
