import type { Knex } from 'knex';
import { findNames, type NamedPlugin, type NameFinding } from '../../../core/releases/nameFindings';
import { listNear, toSkeleton } from '../../../core/releases/skeleton';

/** More plugins whose ids, or whose display names, look alike are not compared; the first that were verified come first. */
const COMPARED = 50;
const FILLED_AT_ONCE = 500;

/** What look-alikes of a plugin are found by. */
export const toNameColumns = ({ pluginId, name }: Pick<NamedPlugin, 'pluginId' | 'name'>) => {
  const skeleton = toSkeleton(pluginId);
  return { skeleton, near: listNear(skeleton), name_skeleton: toSkeleton(name) };
};

/**
 * What a reviewer should know of the names of a plugin that is about to be kept. Publishers take turns, so that of two
 * look-alikes that are verified at once the second one's reviewer hears of the first; a turn ends with the transaction.
 */
export async function checkNames(
  trx: Knex,
  plugin: NamedPlugin,
  reserved: readonly string[],
): Promise<NameFinding[]> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('plugin-names', 0))`);
  await fillIn(trx);
  // Apart, so that a display name that many plugins have hides no id.
  const ids: Alike[] = await selectAlike(trx, plugin, 'id');
  const names: Alike[] = await selectAlike(trx, plugin, 'name');
  const known = new Set(ids.map(({ pluginId }) => pluginId));
  return findNames(plugin, [...ids, ...names.filter(({ pluginId }) => !known.has(pluginId))], reserved);
}

type Alike = NamedPlugin & Pick<NameFinding, 'isPublic'>;

/** Verified plugins of others whose id, or whose display name, may look alike; each by an index of its own. */
export function selectAlike(knex: Knex, plugin: NamedPlugin, by: 'id' | 'name') {
  const { near, name_skeleton } = toNameColumns(plugin);
  const found = knex('plugins')
    .where((alike) => {
      if (by === 'id') void alike.whereRaw('near && ?::text[]', [near]);
      // A name of signs alone has no skeleton that would say anything.
      else void alike.where({ name_skeleton }).whereNot({ name_skeleton: '' });
    })
    .whereNotNull('verified_at')
    .whereNot({ publisher_id: plugin.publisherId })
    .orderBy(['verified_at', 'id'])
    .limit(COMPARED)
    .select('id', 'name', 'publisher_id', 'verified_at');
  const isPublic = knex('versions').whereRaw('plugin_id = found.id').whereNotNull('listed_at').select('id');
  // Asked of those that were found alone: of all, it would read every version.
  return knex
    .from(found.as('found'))
    .orderBy(['verified_at', 'id'])
    .select({ pluginId: 'id', name: 'name', publisherId: 'publisher_id' })
    .select({ isPublic: knex.raw('exists ?', [isPublic]) });
}

/** Plugins of before names were compared. Who holds the lock of one of them fills it in itself. */
async function fillIn(trx: Knex): Promise<void> {
  const rows = await trx('plugins')
    .whereNull('name_skeleton')
    .limit(FILLED_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .select('id', 'name');
  for (const { id, name } of rows)
    await trx('plugins')
      .where({ id })
      .update(toNameColumns({ pluginId: id, name }));
  if (rows.length === FILLED_AT_ONCE) await fillIn(trx);
}
