import type { Knex } from 'knex';
import type { Retention } from '../../../core/operations/retention';
import { recountTroubles } from '../rollouts/troubleCounts';
import { inTransaction } from '../transaction';

/**
 * Deletes at most `limit` rows that were kept long enough, in a statement of its own; returns how many.
 * Run twice or by two workers at once, a row goes once.
 */
export async function deleteExpired(
  knex: Knex,
  { table, from, keptMs }: Retention,
  limit: number,
  now: Date,
): Promise<number> {
  const before = new Date(now.getTime() - keptMs);
  const expired = knex(table).whereRaw(`${from} < ?`, [before]).limit(limit).select('ctid');
  // By the place of the row: not every table has a key of one column.
  const gone = (from: Knex) => from(table).whereRaw('ctid = any(array(?))', [expired]);
  return table === 'install_troubles' ? deleteTroubles(knex, gone) : gone(knex).delete();
}

/** The counters of the versions go down with the rows. */
const deleteTroubles = (knex: Knex, find: (from: Knex) => Knex.QueryBuilder): Promise<number> =>
  inTransaction(knex, async (trx) => {
    const gone: { version_id: string }[] = await find(trx).delete().returning('version_id');
    const versionIds = [...new Set(gone.map((row) => row.version_id))].toSorted();
    for (const versionId of versionIds) await recountTroubles(trx, versionId);
    return gone.length;
  });
