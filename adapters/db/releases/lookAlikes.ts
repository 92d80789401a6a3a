import type { Knex } from 'knex';
import { findNames, type NamedPlugin, type NameFinding } from '../../../core/releases/nameFindings';
import { listNear, toSkeleton } from '../../../core/releases/skeleton';

/** More plugins that look alike are not compared; the first that were verified come first. */
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
  const rows: Alike[] = await selectAlike(trx, plugin);
  return findNames(plugin, rows, reserved);
}

type Alike = NamedPlugin & Pick<NameFinding, 'isPublic'>;

/** Verified plugins of others that may look alike, by one index for ids and one for display names. */
export function selectAlike(knex: Knex, plugin: NamedPlugin) {
  const { near, name_skeleton } = toNameColumns(plugin);
  const found = knex('plugins')
    .where((any) => {
      void any.whereRaw('near && ?::text[]', [near]);
      // A name of signs alone has no skeleton that would say anything.
      if (name_skeleton !== '') void any.orWhere({ name_skeleton });
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
