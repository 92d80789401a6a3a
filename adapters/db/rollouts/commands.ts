import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { CommandToTake, TakenCommand } from '../../../contracts/rollouts/messages';
import {
  checkActive,
  checkCommand,
  COMMAND_LIFETIME_MS,
  isOpenCommand,
} from '../../../core/rollouts/commands';
import { refuseIfAny } from '../../../core/errors/errors';
import { readRelease } from '../releases/record';
import { inTransaction } from '../transaction';

/**
 * Keeps what an authenticated operator asked of a rollout. What ends the release takes the same lock: it finds the
 * command, or the operator hears that the release has ended.
 *
 * @throws Refusal ROLLOUT_NOT_ACTIVE when the release has ended
 */
export async function writeCommand(
  trx: Knex.Transaction,
  { commandId, releaseId, action, actor, requestId }: CommandToTake & Origin,
  now: Date,
): Promise<void> {
  const expires_at = new Date(now.getTime() + COMMAND_LIFETIME_MS);
  const row = { id: commandId, release_id: releaseId, action, actor, request_id: requestId };
  await lockRelease(trx, releaseId);
  const { versionId, state } = await readRelease(trx, releaseId);
  refuseIfAny(checkActive(versionId, state));
  await trx('rollout_commands').insert({ ...row, given_at: now, expires_at });
}

/**
 * Takes the command that a message refers to, if its row allows it and the release goes on; taken already, it is taken
 * again by a retry.
 */
export const takeCommand = (knex: Knex, reference: CommandToTake, now: Date): Promise<TakenCommand> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, commandId, action } = reference;
    await lockRelease(trx, releaseId);
    const { versionId, state } = await readRelease(trx, releaseId);
    const row = await trx('rollout_commands').where({ id: commandId, release_id: releaseId }).first();
    const recorded = row && { action: row.action, expiresAt: row.expires_at, takenAt: row.taken_at };
    const problems = checkCommand({ versionId, state, commandId, action }, recorded, now);
    if (!row || problems.length > 0) return { outcome: 'refused', problems };
    await trx('rollout_commands').where({ id: commandId }).whereNull('taken_at').update({ taken_at: now });
    return { outcome: 'taken', origin: { actor: row.actor, requestId: row.request_id } };
  });

/** Whether a rollout has taken an abort, or may still take one. */
export async function hasOpenAbort(knex: Knex, releaseId: string, now: Date): Promise<boolean> {
  const rows = await knex('rollout_commands')
    .where({ release_id: releaseId, action: 'abort' })
    .select({ takenAt: 'taken_at', expiresAt: 'expires_at' });
  return rows.some((row) => isOpenCommand(row, now));
}

const lockRelease = (trx: Knex.Transaction, releaseId: string) =>
  trx('releases').where({ id: releaseId }).forNoKeyUpdate().first('id');
