import type { Knex } from 'knex';
import { readRelease } from '../../adapters/db/releases/record';
import { findPreviousVersion, recordPlan } from '../../adapters/db/releases/releases';
import { toRolloutRequest } from '../../contracts/releases/rolloutInput';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import type { HealthGate } from '../../core/releases/rolloutPlan';
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
  const record = await readRelease(db, release.releaseId);
  const { releaseId, versionId, pluginId, version, channel, rolloutInput } = record;
  const { origin } = release;
  const planned = {
    previousVersion: await findPreviousVersion(db, record),
    plan: { ...toRolloutRequest(rolloutInput ?? {}), gate },
  };
  const recorded = await recordPlan(db, { releaseId, versionId, origin, ...planned }, clock());
  return { releaseId, versionId, pluginId, version, channel, origin, ...recorded };
}
