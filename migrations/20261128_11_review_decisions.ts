import type { Knex } from 'knex';

/**
 * What reviewers decided, written by the API that authenticated them. The workflow engine carries the id of
 * such a row only: without the row nothing is approved, whoever sends the message.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('review_decisions', (table) => {
    table.uuid('id').primary();
    table.uuid('release_id').notNullable().references('releases.id').index();
    table.text('decision').notNullable().checkIn(['approve', 'reject'], 'review_decisions_decision');
    table.text('reviewer').notNullable();
    table.text('actor').notNullable();
    table.text('request_id').notNullable();
    table.text('notes').notNullable();
    /** The package that the reviewer looked at. */
    table.text('package_sha256').notNullable();
    table.timestamp('decided_at').notNullable();
    /** A decision that was not taken by then never will be. */
    table.timestamp('expires_at').notNullable();
    /** When the release took it; the others came too late. */
    table.timestamp('taken_at');
  });
  await knex.raw('grant select, insert on review_decisions to spillway_api');
  await knex.raw('grant select, update (taken_at) on review_decisions to spillway_worker');
  await knex.raw('alter table review_decisions enable row level security');
  await knex.raw('alter table review_decisions force row level security');
  await knex.raw(
    'create policy platform on review_decisions to spillway_api, spillway_worker using (true) with check (true)',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('review_decisions');
}
