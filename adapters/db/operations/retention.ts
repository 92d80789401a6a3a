import type { Knex } from 'knex';
import type { Retention } from '../../../core/operations/retention';

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
  return knex(table).whereRaw('ctid = any(array(?))', [expired]).delete();
}
