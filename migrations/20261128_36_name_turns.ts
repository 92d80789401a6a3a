import type { Knex } from 'knex';

/**
 * In which of its publisher's turns with the plugin's id an upload was announced; null for one that keeps nobody from
 * it. What was announced before, or by a worker of the version before, was the first turn.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => {
    table.integer('name_turn').defaultTo(1);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => table.dropColumn('name_turn'));
}
