import type { Knex } from 'knex';

/** Which of these versions were ever listed. One that was stays so, whatever became of it. */
export async function findListed(knex: Knex, versionIds: readonly string[]): Promise<Set<string>> {
  const rows = await knex('versions').whereIn('id', versionIds).whereNotNull('listed_at').select('id');
  return new Set(rows.map(({ id }) => id));
}
