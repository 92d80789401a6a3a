import type { Knex } from 'knex';
import { toEvidence, type TroubleCount } from '../../../core/rollouts/evidence';
import type { StageEvidence } from '../../../core/rollouts/verdict';

/**
 * What hosts have reported of a stage and of all stages so far, as many rows as there are stages and codes, and where
 * the second opinion on the version stands.
 */
export async function readEvidence(
  knex: Knex,
  ref: { versionId: string; stage: number },
): Promise<StageEvidence> {
  const rows = await knex('rollout_stages').where({ version_id: ref.versionId }).select({
    stage: 'stage',
    cohort: 'cohort',
    installed: 'installed',
    failed: 'failed',
    rolledBack: 'rolled_back',
  });
  const troubles = await readTroubleCounts(knex, ref.versionId);
  const opinion = await knex('second_opinions').where({ version_id: ref.versionId }).first('state');
  return { ...toEvidence(rows, troubles, ref.stage), ...(opinion ? { opinion } : {}) };
}

/** How many tenants are in which trouble with a version, by stage and code. */
export const readTroubleCounts = (knex: Knex, versionId: string): Promise<TroubleCount[]> =>
  knex('trouble_counts')
    .where({ version_id: versionId })
    .where('tenants', '>', 0)
    .orderBy(['stage', 'code'])
    .select('stage', 'code', 'tenants');
