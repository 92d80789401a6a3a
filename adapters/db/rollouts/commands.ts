import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { CommandToTake, TakenCommand } from '../../../contracts/rollouts/messages';
import { checkCommand, COMMAND_LIFETIME_MS } from '../../../core/rollouts/commands';
import { readRelease } from '../releases/record';
import { inTransaction } from '../transaction';

/** Keeps what an authenticated operator asked of a rollout. */
export async function writeCommand(
  knex: Knex,
  { commandId, releaseId, action, actor, requestId }: CommandToTake & Origin,
  now: Date,
): Promise<void> {
  const expires_at = new Date(now.getTime() + COMMAND_LIFETIME_MS);
  const row = { id: commandId, release_id: releaseId, action, actor, request_id: requestId };
  await knex('rollout_commands').insert({ ...row, given_at: now, expires_at });
}

/** Takes the command that a message refers to, if its row allows it; taken already, it is taken again by a retry. */
export const takeCommand = (knex: Knex, reference: CommandToTake, now: Date): Promise<TakenCommand> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, commandId, action } = reference;
    const { versionId } = await readRelease(trx, releaseId);
    const row = await trx('rollout_commands').where({ id: commandId, release_id: releaseId }).first();
    const recorded = row && { action: row.action, expiresAt: row.expires_at };
    const problems = checkCommand({ versionId, commandId, action }, recorded, now);
    if (!row || problems.length > 0) return { outcome: 'refused', problems };
    await trx('rollout_commands').where({ id: commandId }).whereNull('taken_at').update({ taken_at: now });
    return { outcome: 'taken', origin: { actor: row.actor, requestId: row.request_id } };
  });
