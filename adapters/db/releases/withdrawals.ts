import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { problem, type Problem } from '../../../core/errors/errors';
import type { ReleaseState } from '../../../core/releases/state';
import { checkWithdrawal, describeWithdrawal, isWithdrawn } from '../../../core/releases/withdrawal';
import { inTransaction } from '../transaction';
import { readRelease } from './record';
import { changeStateIn } from './transitions';

/** Keeps that a publisher asked to withdraw a release, for the activity that acts on it; the first call is the one. */
export async function writeWithdrawal(
  knex: Knex,
  { releaseId, reason }: { releaseId: string; reason: string | undefined },
  { actor, requestId }: Origin,
  now: Date,
): Promise<void> {
  await knex('releases')
    .where({ id: releaseId })
    .whereNull('withdraw_asked_at')
    .update({
      withdraw_asked_by: actor,
      withdraw_asked_at: now,
      withdraw_request: requestId,
      withdraw_reason: reason ?? null,
    });
}

/** `from`: the state that the release was in; the one before, where it was withdrawn already. */
export type WithdrawalOutcome =
  | { outcome: 'withdrawn'; from: ReleaseState; requestId: string }
  | { outcome: 'refused'; problems: Problem[] };

/**
 * Withdraws a release whose publisher asked for it, unless it was listed or has ended meanwhile. Whatever step of the
 * release is under way finds another state than it expects, and changes nothing.
 */
export const withdrawAsAsked = (knex: Knex, releaseId: string, now: Date): Promise<WithdrawalOutcome> =>
  inTransaction(knex, (trx) => withdrawAsAskedIn(trx, releaseId, now));

/** The same within a transaction of the caller. */
export async function withdrawAsAskedIn(
  trx: Knex.Transaction,
  releaseId: string,
  now: Date,
): Promise<WithdrawalOutcome> {
  // Listing takes the same lock, so one of the two is first.
  const asked = await trx('releases')
    .where({ id: releaseId })
    .forNoKeyUpdate()
    .first('withdraw_asked_by', 'withdraw_request', 'withdraw_reason');
  const release = await readRelease(trx, releaseId);
  const { state: from, versionId } = release;
  const actor = asked?.withdraw_asked_by;
  const requestId = asked?.withdraw_request;
  if (!asked || !actor || !requestId) {
    const detail = `Its publisher has not asked to withdraw ${versionId}.`;
    return { outcome: 'refused', problems: [problem('RELEASE_STATE', detail)] };
  }
  // A retry of this activity finds it done.
  if (isWithdrawn(release)) return { outcome: 'withdrawn', from, requestId };
  const problems = checkWithdrawal(release);
  if (problems.length > 0) return { outcome: 'refused', problems };
  const reason = describeWithdrawal(actor, asked.withdraw_reason);
  await changeStateIn(trx, { releaseId, from, to: 'withdrawn', actor, requestId, reason }, now);
  return { outcome: 'withdrawn', from, requestId };
}
