import type { Knex } from 'knex';
import type { Channel } from '../../../contracts/plugin';
import { followTrouble } from '../../../core/installations/results';
import { isOffered } from '../../../core/rollouts/cohort';
import { toOfferRule } from '../rollouts/rollouts';
import { findGrants } from '../rollouts/handed';
import { lockTroubles, moveTroubleCounts } from '../rollouts/troubleCounts';
import type { NewReport } from './newReport';

/** Where a tenant belongs in the rollout of a version. */
interface Place {
  channel: Channel;
  /** The first stage that includes it, of those that have begun. */
  stage: number;
}

/** By version; a version whose rollout does not include the tenant is missing. */
export type Places = ReadonlyMap<string, Place>;

/** Where a tenant belongs in the rollouts of these versions. */
export async function findPlaces(
  knex: Knex,
  tenantId: string,
  versionIds: readonly string[],
): Promise<Places> {
  const rows = await knex('rollouts')
    .join('versions', 'versions.id', 'rollouts.version_id')
    .whereIn('rollouts.version_id', versionIds)
    .select({
      versionId: 'rollouts.version_id',
      salt: 'rollouts.salt',
      plan: 'rollouts.plan',
      begun: 'rollouts.stage',
      channel: 'versions.channel',
    });
  const places = new Map<string, Place>();
  for (const { versionId, begun, channel, ...order } of rows) {
    const stages = Array.from({ length: begun }, (_, index) => index + 1);
    const stage = stages.find((each) => isOffered(toOfferRule(order, each), tenantId));
    if (stage !== undefined) places.set(versionId, { channel, stage });
  }
  return places;
}

/** One tenant more, or one less, that is in trouble of a code. */
export interface TroubleChange {
  versionId: string;
  stage: number;
  code: string;
  by: 1 | -1;
  /** The tenant was never in trouble with this version before. */
  isFirst: boolean;
}

type Told = Pick<NewReport, 'versionId' | 'pluginId' | 'kind' | 'errorCode' | 'counted'>;

/**
 * Which trouble the tenant is in after its reports, in its own transaction and after its results were settled: only
 * where it upgrades by itself and the rollout includes it, because only then it is in a cohort. Of a tenant that has left
 * its cohort no counter moves: the next recount counts it, or does not.
 */
export async function settleTroubles(
  trx: Knex.Transaction,
  { tenantId, reports, places }: { tenantId: string; reports: readonly Told[]; places: Places },
  now: Date,
): Promise<TroubleChange[]> {
  const versionIds = [...new Set(reports.map(({ versionId }) => versionId))];
  const known = new Map((await findTroubles(trx, versionIds)).map((row) => [row.version_id, row]));
  const grants = await findGrants(trx, versionIds);
  const followed = await findFollowed(trx);
  const changes: TroubleChange[] = [];
  for (const versionId of versionIds) {
    const told = reports.filter((each) => each.versionId === versionId);
    const place = findFollowedPlace(places.get(versionId), told, followed);
    const before = known.get(versionId) ?? (place && { code: null, stage: place.stage });
    if (!before) continue;
    const result = grants.get(versionId)?.result ?? null;
    const code = told.reduce((last, each) => followTrouble(last, each, result), before.code);
    if (code === before.code) continue;
    if (place) changes.push(...toChanges(versionId, before, code, !known.has(versionId)));
    const row = { code, stage: before.stage, since: now, at: now };
    await trx('install_troubles')
      .insert({ tenant_id: tenantId, version_id: versionId, ...row })
      .onConflict(['tenant_id', 'version_id'])
      .merge(row);
  }
  return changes;
}

/** The plugins that the tenant upgrades by itself, each with its channel. */
async function findFollowed(trx: Knex.Transaction): Promise<ReadonlySet<string>> {
  const rows = await trx('subscriptions').where({ auto_upgrade: true }).select('plugin_id', 'channel');
  return new Set(rows.map((row) => `${row.plugin_id} ${row.channel}`));
}

interface Troubled {
  code: string | null;
  stage: number;
}

/** Undefined where the tenant belongs to no cohort of the version, or to none any more. */
const findFollowedPlace = (
  place: Place | undefined,
  told: readonly Told[],
  followed: ReadonlySet<string>,
): Place | undefined =>
  place && told.some(({ pluginId }) => followed.has(`${pluginId} ${place.channel}`)) ? place : undefined;

function toChanges(
  versionId: string,
  { code: before, stage }: Troubled,
  after: string | null,
  isFirst: boolean,
): TroubleChange[] {
  return [
    ...(before === null ? [] : [{ versionId, stage, code: before, by: -1 as const, isFirst }]),
    ...(after === null ? [] : [{ versionId, stage, code: after, by: 1 as const, isFirst }]),
  ];
}

const findTroubles = (trx: Knex.Transaction, versionIds: readonly string[]) =>
  trx('install_troubles').whereIn('version_id', versionIds).select('version_id', 'code', 'stage');

/**
 * Moves the counters of troubles; returns the versions of which a tenant is in trouble for the first time, or no
 * more. Repeated or alternating troubles of one tenant are counted and wake no rollout.
 */
export async function countTroubles(trx: Knex, changes: readonly TroubleChange[]): Promise<string[]> {
  await lockTroubles(
    trx,
    changes.map(({ versionId }) => versionId),
  );
  await moveTroubleCounts(
    trx,
    changes.map(({ by, ...change }) => ({ ...change, tenants: by })),
  );
  return changes.filter(({ isFirst }) => isFirst).map(({ versionId }) => versionId);
}
