import type { Knex } from 'knex';

/** How many rows a query finds. */
export async function countRows(query: Knex.QueryBuilder): Promise<number> {
  const [counted] = await query.count<{ count: number }[]>('* as count');
  return counted?.count ?? 0;
}
