import type { Knex } from 'knex';
import type { StageEvidence } from '../../../core/rollouts/verdict';
import { readRelease } from '../releases/record';
import { inTransaction } from '../transaction';
import { countCohort } from './cohortSize';
import { readEvidence } from './evidence';
import { toOfferRule } from './rollouts';

/** What tenants have reported of a stage, against its cohort as it is now: tenants subscribe while it lasts. */
export const evaluateStage = (
  knex: Knex,
  ref: { releaseId: string; versionId: string; stage: number },
): Promise<StageEvidence> =>
  inTransaction(knex, async (trx) => {
    await recountCohort(trx, ref);
    return readEvidence(trx, ref);
  });

async function recountCohort(
  trx: Knex,
  { releaseId, stage }: { releaseId: string; stage: number },
): Promise<void> {
  const { versionId, pluginId, channel, plan } = await readRelease(trx, releaseId);
  if (!plan) return;
  const order = { salt: releaseId, plan };
  const rules = [toOfferRule(order, stage), toOfferRule(order, stage - 1)] as const;
  const cohort = await countCohort(trx, { pluginId, channel }, ...rules);
  await trx('rollout_stages').where({ version_id: versionId, stage }).whereNot({ cohort }).update({ cohort });
}
