import type { Knex } from 'knex';

/**
 * The time of a release's last timeline line, beside its number: writers in several processes each bring
 * the time at which they began, and a line must not be older than the one before it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => void table.timestamp('timeline_at'));
  await knex.raw(`update releases set timeline_at =
    (select max(at) from timeline where timeline.release_id = releases.id)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => void table.dropColumn('timeline_at'));
}
