import type { Knex } from 'knex';
import type { StageEvidence } from '../../../core/rollouts/verdict';
import { readRelease, type ReleaseRecord } from '../releases/record';
import { inTransaction } from '../transaction';
import { countCohort } from './cohortSize';
import { readEvidence } from './evidence';
import { advanceOpinion } from './opinions';
import { toOfferRule } from './rollouts';

/**
 * What tenants have reported of a stage, against its cohort as it is now: tenants subscribe while it lasts. Where one
 * of few has failed it takes the second opinion a step further.
 */
export const evaluateStage = (
  knex: Knex,
  ref: { releaseId: string; versionId: string; stage: number },
  now: Date,
): Promise<StageEvidence> =>
  inTransaction(knex, async (trx) => {
    const release = await readRelease(trx, ref.releaseId);
    const { versionId, plan } = release;
    const { stage } = ref;
    await recountCohort(trx, release, stage);
    const evidence = () => readEvidence(trx, { versionId, stage });
    if (!plan?.stages[stage - 1] || !(await isOfferedNow(trx, versionId))) return evidence();
    return advanceOpinion(trx, { release, plan, stage }, now);
  });

async function recountCohort(
  trx: Knex,
  { releaseId, versionId, pluginId, channel, plan }: ReleaseRecord,
  stage: number,
): Promise<void> {
  if (!plan) return;
  const order = { salt: releaseId, plan };
  const rules = [toOfferRule(order, stage), toOfferRule(order, stage - 1)] as const;
  const cohort = await countCohort(trx, { pluginId, channel }, ...rules);
  await trx('rollout_stages').where({ version_id: versionId, stage }).whereNot({ cohort }).update({ cohort });
}

/**
 * Whether the version is on offer, so that the offer may be narrowed or opened again: a rollout that is paused or taken
 * back asks nobody. Locks the rollout's row until the transaction ends.
 */
async function isOfferedNow(trx: Knex.Transaction, versionId: string): Promise<boolean> {
  const rollout = await trx('rollouts').where({ version_id: versionId }).forUpdate().first('state');
  if (rollout?.state !== 'active') return false;
  const newest = await trx('feed').where({ version_id: versionId }).orderBy('revision', 'desc').first('kind');
  return newest?.kind === 'offer';
}
