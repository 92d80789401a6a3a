import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { RolloutStanding } from '../../../contracts/rollouts/messages';
import type { ReleaseState } from '../../../core/releases/state';
import { findPosition, listPending, sumPauses, type PendingCommands } from '../../../core/rollouts/standing';
import { countRows } from '../count';

/** Reads where a rollout stands, which also holds for one that has not begun. */
export async function readStanding(
  knex: Knex,
  { releaseId, versionId }: { releaseId: string; versionId: string },
  now: Date,
): Promise<RolloutStanding> {
  const release = await knex('releases').where({ id: releaseId }).first('state');
  const releaseState = release?.state ?? 'rolling_out';
  const rollout = await knex('rollouts').where({ version_id: versionId }).first('state');
  const lastStage = await knex('rollout_stages')
    .where({ version_id: versionId })
    .orderBy('stage', 'desc')
    .first('stage', 'verdict');
  const position = findPosition({ rolloutState: rollout?.state ?? null, lastStage });
  const events = knex('timeline').where({ release_id: releaseId }).whereLike('key', 'rollout-event:%');
  const rollback =
    position.next === 'rollback' ? await readRollback(knex, releaseId, position.stage) : undefined;
  return {
    ...{ ...position, releaseState },
    recordedEvents: await countRows(events),
    pending: await readPending(knex, releaseId, releaseState, now),
    ...(rollback ? { rollback } : {}),
  };
}

async function readPending(
  knex: Knex,
  releaseId: string,
  state: ReleaseState,
  now: Date,
): Promise<PendingCommands<Origin>> {
  const rows = await knex('rollout_commands').where({ release_id: releaseId }).orderBy('given_at');
  const given = rows.map((row) => ({
    action: row.action,
    by: { actor: row.actor, requestId: row.request_id },
    givenAt: row.given_at,
    expiresAt: row.expires_at,
    takenAt: row.taken_at,
  }));
  const last = await knex('release_transitions')
    .where({ release_id: releaseId })
    .orderBy('seq', 'desc')
    .first('at');
  return listPending(given, { state, changedAt: last?.at ?? new Date(0) }, now);
}

/** The audit of the withdrawal says who and why; where only a verdict is on record, its sentence is the reason. */
async function readRollback(
  knex: Knex,
  releaseId: string,
  stage: number,
): Promise<RolloutStanding['rollback']> {
  const withdrawn = await knex('audit')
    .where({ key: `withdraw:${releaseId}` })
    .first();
  if (withdrawn) {
    const origin = { actor: withdrawn.actor, requestId: withdrawn.request_id };
    return { reason: String(withdrawn.data.reason), origin };
  }
  const key = `stage_verdict:${stage}`;
  const verdict = await knex('timeline').where({ release_id: releaseId, key }).first('text');
  return { reason: verdict?.text ?? `Stage ${stage} failed.` };
}

/** How long the release was paused since a stage began, in milliseconds. */
export async function readPausedMs(knex: Knex, releaseId: string, since: Date, now: Date): Promise<number> {
  const changes = await knex('release_transitions')
    .where({ release_id: releaseId })
    .orderBy('seq')
    .select({ to: 'to_state', at: 'at' });
  return sumPauses(changes, since, now);
}
