import type { Knex } from 'knex';
import { isOffered } from '../../../core/rollouts/cohort';
import type { LeftJoined } from '../joins';
import { selectWithheld } from '../releases/restrictions';
import type { RestrictionKind } from '../../../core/releases/restrictions';
import type { RowOf } from '../tables';
import { findHanded } from './handed';
import { formatVersionId } from '../../../core/ids';
import type { HealthGate, RolloutState } from '../../../core/releases/rolloutPlan';

/** What a tenant may have of a version now. */
export interface Offer {
  /** `none`: no such version was ever listed; `withheld`: by a restriction; `waiting`: not in the running stage. */
  standing: 'none' | 'withdrawn' | 'withheld' | 'waiting' | 'offered';
  rollout?: { state: RolloutState; stage: number; stageEndsAt: Date | null };
  package?: { key: string; sha256: string; stage: number };
}

type Row = Pick<RowOf<'versions'>, 'object_key' | 'package_sha256' | 'withdrawn_at'> &
  LeftJoined<Pick<RowOf<'rollouts'>, 'state' | 'stage' | 'stage_ends_at'>> & {
    withheld: RestrictionKind | null;
  };

/** The offer of a version to a tenant, by the last rule that the feed gave out for it. */
export async function findOffer(
  knex: Knex,
  tenantId: string,
  pluginId: string,
  version: string,
): Promise<Offer> {
  const versionId = formatVersionId(pluginId, version);
  const row: Row | undefined = await knex('versions')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .leftJoin('rollouts', 'rollouts.version_id', 'versions.id')
    .where('versions.id', versionId)
    .whereNotNull('versions.listed_at')
    .first(
      'versions.object_key',
      'versions.package_sha256',
      'versions.withdrawn_at',
      'rollouts.state',
      'rollouts.stage',
      'rollouts.stage_ends_at',
      { withheld: selectWithheld(knex) },
    );
  if (!row) return { standing: 'none' };
  const rollout = row.state
    ? { rollout: { state: row.state, stage: row.stage ?? 0, stageEndsAt: row.stage_ends_at } }
    : {};
  if (row.withdrawn_at) return { standing: 'withdrawn', ...rollout };
  if (row.withheld) return { standing: 'withheld', ...rollout };
  const latest = await findLatestOffer(knex, versionId);
  if (!latest || !isOffered(latest.rule, tenantId)) return { standing: 'waiting', ...rollout };
  if (latest.narrowed && latest.turn_tenant !== tenantId) {
    const handed = await findHanded(knex, tenantId, [versionId]);
    if (!handed.has(versionId)) return { standing: 'waiting', ...rollout };
  }
  const granted = { key: row.object_key, sha256: row.package_sha256, stage: latest.stage };
  return { standing: 'offered', package: granted, ...rollout };
}

async function findLatestOffer(
  knex: Knex,
  versionId: string,
): Promise<Pick<RowOf<'feed'>, 'rule' | 'stage' | 'narrowed' | 'turn_tenant'> | undefined> {
  const row = await knex('feed')
    .where({ version_id: versionId })
    .orderBy('revision', 'desc')
    .first('rule', 'kind', 'stage', 'narrowed', 'turn_tenant');
  return row?.kind === 'offer' ? row : undefined;
}

/** The stage that a version's rollout is in, and the gate that it is held against; none unless it is running. */
export async function findActiveStage(
  knex: Knex,
  versionId: string,
): Promise<{ stage: number; gate: HealthGate } | undefined> {
  const row = await knex('rollouts').where({ version_id: versionId, state: 'active' }).first('stage', 'plan');
  return row && { stage: row.stage, gate: row.plan.gate };
}

/** Whether a version waits for a second opinion. */
export const isAsking = async (knex: Knex, versionId: string): Promise<boolean> =>
  (await knex('second_opinions').where({ version_id: versionId, state: 'asking' }).first('stage')) !==
  undefined;
