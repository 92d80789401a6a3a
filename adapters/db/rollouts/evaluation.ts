import type { Knex } from 'knex';
import type { StageEvidence } from '../../../core/rollouts/verdict';
import { readRelease, type ReleaseRecord } from '../releases/record';
import { findWithholding } from '../releases/restrictions';
import { inTransaction } from '../transaction';
import { countCohort } from './cohortSize';
import { readEvidence } from './evidence';
import { advanceOpinion } from './opinions';
import { findRecordedPlan, toOfferRule, type RecordedPlan } from './rollouts';
import { recountTroubles } from './troubleCounts';

/**
 * What tenants have reported of a stage, against its cohort as it is now: tenants subscribe while it lasts, and leave.
 * Where one of few has failed it takes the second opinion a step further.
 */
export const evaluateStage = (
  knex: Knex,
  ref: { releaseId: string; versionId: string; stage: number },
  now: Date,
): Promise<StageEvidence> =>
  inTransaction(knex, async (trx) => {
    const release = await readRelease(trx, ref.releaseId);
    const { versionId } = release;
    const { stage } = ref;
    const recorded = findRecordedPlan(release);
    if (recorded) await recountCohort(trx, release, recorded, stage);
    await recountTroubles(trx, versionId);
    const isOffered = await isOfferedNow(trx, versionId);
    // By its row, because the signal that pauses the rollout may be lost or late.
    const isWithheld = (await findWithholding(trx, release)) !== undefined;
    if (isWithheld || !isOffered || !recorded?.plan.stages[stage - 1])
      return { ...(await readEvidence(trx, { versionId, stage })), ...(isWithheld ? { isWithheld } : {}) };
    return advanceOpinion(trx, { release, ...recorded, stage }, now);
  });

async function recountCohort(
  trx: Knex,
  { versionId, pluginId, channel }: ReleaseRecord,
  recorded: RecordedPlan,
  stage: number,
): Promise<void> {
  const rules = [toOfferRule(recorded, stage), toOfferRule(recorded, stage - 1)] as const;
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
