import type { Knex } from 'knex';
import { readRelease } from '../../adapters/db/releases/record';
import { findPreviousVersion, notePlan } from '../../adapters/db/releases/releases';
import { toStages, type RolloutInput } from '../../contracts/releases/rolloutInput';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import type { HealthGate, RolloutPlan } from '../../core/releases/rolloutPlan';
import type { CheckedRelease } from '../releases/types';

export interface PlanDeps {
  db: Knex;
  clock: () => Date;
  gate: HealthGate;
}

/** Plans a rollout as data, and records the plan with the release. */
export async function planRollout(
  { db, clock, gate }: PlanDeps,
  release: CheckedRelease,
): Promise<RolloutOrder> {
  const { rolloutInput } = await readRelease(db, release.releaseId);
  const previousVersion = await findPreviousVersion(db, release);
  const plan = toPlan(rolloutInput ?? {}, gate);
  await notePlan(db, { ...release, previousVersion, plan }, clock());
  const { releaseId, versionId, pluginId, version, channel, origin } = release;
  // The release's own id: nobody can know it before, so nobody can choose who comes first (P02).
  const salt = releaseId;
  return { releaseId, versionId, pluginId, version, channel, origin, salt, previousVersion, plan };
}

function toPlan(input: RolloutInput, gate: HealthGate): RolloutPlan {
  const hasOwnStages = (input.stages ?? input.batches ?? input.percentage) !== undefined;
  return {
    type: input.type ?? (hasOwnStages ? 'gradual' : 'standard'),
    stages: toStages(input),
    gate,
    allow: input.tenants?.allow ?? [],
    deny: input.tenants?.deny ?? [],
  };
}
