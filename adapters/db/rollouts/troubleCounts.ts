import type { Knex } from 'knex';
import type { TroubleCount } from '../../../core/rollouts/evidence';

/** A counter of the troubles of a version. */
export interface VersionTroubles extends TroubleCount {
  versionId: string;
}

/**
 * Whoever changes troubles and their counters takes turns by this, until its transaction ends: a recount then sees every
 * row whose counter was moved, and moves none whose row it did not see.
 */
export async function lockTroubles(trx: Knex, versionIds: readonly string[]): Promise<void> {
  for (const versionId of [...new Set(versionIds)].toSorted())
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`troubles:${versionId}`]);
}

/** Moves counters of troubles by so many tenants. */
export async function moveTroubleCounts(trx: Knex, changes: readonly VersionTroubles[]): Promise<void> {
  for (const { versionId, stage, code, tenants } of changes) {
    if (tenants === 0) continue;
    await trx('trouble_counts')
      .insert({ version_id: versionId, stage, code, tenants })
      .onConflict(['version_id', 'stage', 'code'])
      .merge({ tenants: trx.raw('trouble_counts.tenants + ?', [tenants]) });
  }
}

/**
 * Counts the open troubles of a version again: only of tenants that subscribe to its plugin and channel and upgrade by
 * themselves, as the cohort is counted. One that left the cohort, however, is left out of it no more; one that came
 * back is.
 */
export async function recountTroubles(trx: Knex.Transaction, versionId: string): Promise<void> {
  await lockTroubles(trx, [versionId]);
  const open = await countOpen(trx, versionId);
  const counted = await trx('trouble_counts')
    .where({ version_id: versionId })
    .whereNot({ tenants: 0 })
    .select('stage', 'code', 'tenants');
  const surplus = counted.map((row) => ({ ...row, tenants: -row.tenants }));
  await moveTroubleCounts(trx, sumByPlace(versionId, [...open, ...surplus]));
}

const countOpen = (trx: Knex, versionId: string): Promise<TroubleCount[]> =>
  trx('install_troubles as troubles')
    .join('versions', 'versions.id', 'troubles.version_id')
    .join('subscriptions', (on) =>
      on
        .on('subscriptions.tenant_id', 'troubles.tenant_id')
        .on('subscriptions.plugin_id', 'versions.plugin_id')
        .on('subscriptions.channel', 'versions.channel'),
    )
    .where({ 'troubles.version_id': versionId, 'subscriptions.auto_upgrade': true })
    .whereNotNull('troubles.code')
    .groupBy('troubles.stage', 'troubles.code')
    .select({ stage: 'troubles.stage', code: 'troubles.code', tenants: trx.raw('count(*)::int') });

function sumByPlace(versionId: string, counts: readonly TroubleCount[]): VersionTroubles[] {
  const sums = new Map<string, VersionTroubles>();
  for (const { stage, code, tenants } of counts) {
    const place = `${stage} ${code}`;
    sums.set(place, { versionId, stage, code, tenants: tenants + (sums.get(place)?.tenants ?? 0) });
  }
  return [...sums.values()];
}
