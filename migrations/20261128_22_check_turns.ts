import type { Knex } from 'knex';

/** Which releases of a publisher are being checked, or wait for that: one row a check. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('check_turns', (table) => {
    table.uuid('release_id').notNullable().references('releases.id');
    table.text('check_name').notNullable();
    table.text('publisher_id').notNullable().references('publishers.id');
    /** The attempt that holds the turn; null while the release waits. */
    table.uuid('held_by');
    table.timestamp('expires_at').notNullable();
    table.primary(['release_id', 'check_name']);
    table.index('publisher_id');
  });
  await knex.raw('grant select, insert, update, delete on check_turns to spillway_worker');
  await knex.raw('alter table check_turns enable row level security');
  await knex.raw('alter table check_turns force row level security');
  await knex.raw('create policy platform on check_turns to spillway_worker using (true) with check (true)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('check_turns');
}
