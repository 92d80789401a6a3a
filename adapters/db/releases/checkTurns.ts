import type { Knex } from 'knex';
import {
  decideTurn,
  describeWaitingTurn,
  WAITING_FORGOTTEN_MS,
  type Turn,
  type Waiting,
} from '../../../core/releases/checkTurns';
import { inTransaction } from '../transaction';
import { writeTimeline } from './timeline';

/** A check of a release, and the attempt of it that asks. */
export interface TurnRequest {
  releaseId: string;
  publisherId: string;
  check: string;
  /** A UUID of this attempt: only the attempt that holds a turn gives it back. */
  attempt: string;
}

/** One number for the locks of this table; the publisher is the other. */
const LOCKS = 22;

/**
 * Takes the turn of a check, or notes that it waits. An earlier attempt that was killed is replaced, so that it counts
 * once; what was not given back ends at `until`.
 */
export const claimTurn = (
  knex: Knex,
  request: TurnRequest,
  { now, until }: { now: Date; until: Date },
): Promise<{ outcome: 'granted' } | Waiting> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, publisherId, check, attempt } = request;
    await trx.raw('select pg_advisory_xact_lock(?, hashtext(?))', [LOCKS, publisherId]);
    const decision = decideTurn(await listTurns(trx, publisherId, now), releaseId);
    const isGranted = decision.outcome === 'granted';
    await trx('check_turns')
      .insert({
        release_id: releaseId,
        check_name: check,
        publisher_id: publisherId,
        held_by: isGranted ? attempt : null,
        expires_at: isGranted ? until : new Date(now.getTime() + WAITING_FORGOTTEN_MS),
      })
      .onConflict(['release_id', 'check_name'])
      .merge();
    if (!isGranted) await writeTimeline(trx, releaseId, describeWaitingTurn(decision), now);
    return decision;
  });

/** Turns of releases that are still to be checked, the release that was submitted first before the others. */
const listTurns = (trx: Knex.Transaction, publisherId: string, now: Date): Promise<Turn[]> =>
  trx('check_turns')
    .join('releases', 'releases.id', 'check_turns.release_id')
    .where('check_turns.publisher_id', publisherId)
    .where('check_turns.expires_at', '>', now)
    .whereIn('releases.state', ['uploading', 'scanning'])
    .orderBy([{ column: 'releases.submitted_at' }, { column: 'releases.id' }])
    .select({ releaseId: 'releases.id', isHeld: trx.raw('check_turns.held_by is not null') });

/** Gives a turn back; one that another attempt has taken meanwhile is that one's. */
export async function endTurn(knex: Knex, { releaseId, check, attempt }: TurnRequest): Promise<void> {
  await knex('check_turns').where({ release_id: releaseId, check_name: check, held_by: attempt }).delete();
}
