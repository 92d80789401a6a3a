import type { Knex } from 'knex';

/**
 * What the platform withholds of a version, plugin, publisher or key: a row with reason, author, end and appeal. Readers of
 * listing, catalogue, feed and download look for rows that were not lifted, so imposing and lifting change no
 * other row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('restrictions', (table) => {
    table.uuid('id').primary();
    table.text('kind').notNullable().checkIn(['delay', 'quarantine', 'block'], 'restrictions_kind');
    table
      .text('subject_kind')
      .notNullable()
      .checkIn(['version', 'plugin', 'publisher', 'key'], 'restrictions_subject_kind');
    table.text('subject_id').notNullable();
    /** Whose versions it withholds: who is told, and who may appeal. */
    table.text('publisher_id').notNullable().references('publishers.id');
    table.text('reason').notNullable();
    table.text('imposed_by').notNullable();
    table.timestamp('imposed_at').notNullable();
    table.timestamp('expires_at');
    table.text('appeal');
    table.timestamp('appealed_at');
    table.text('lifted_by');
    table.text('lift_reason');
    /** A restriction that has expired holds until a worker has lifted it and told the hosts. */
    table.timestamp('lifted_at');
    /** Whether hosts can learn of it from the feed, which a worker writes. */
    table.boolean('imposed_told').notNullable().defaultTo(false);
    table.boolean('lifted_told').notNullable().defaultTo(false);
  });
  await knex.raw(
    'create index restrictions_in_force on restrictions (subject_kind, subject_id) where lifted_at is null',
  );
  await knex.raw(
    'create index restrictions_untold on restrictions (imposed_at) where not imposed_told or (lifted_at is not null and not lifted_told)',
  );
  await knex.raw('create index restrictions_list on restrictions (imposed_at desc, id desc)');
  await knex.raw(
    'create index restrictions_of_publisher on restrictions (publisher_id, imposed_at desc, id desc)',
  );
  await knex.raw(
    'grant select, insert, update (appeal, appealed_at, lifted_by, lift_reason, lifted_at) on restrictions to spillway_api',
  );
  await knex.raw(
    'grant select, insert, update (lifted_by, lift_reason, lifted_at, imposed_told, lifted_told) on restrictions to spillway_worker',
  );
  await knex.raw('grant select on restrictions to spillway_publisher');
  await knex.raw('alter table restrictions enable row level security');
  await knex.raw('alter table restrictions force row level security');
  await knex.raw(
    'create policy platform on restrictions to spillway_api, spillway_worker using (true) with check (true)',
  );
  await knex.raw(
    `create policy publishers_own_rows on restrictions to spillway_publisher
       using (publisher_id = current_setting('spillway.publisher', true))`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('restrictions');
}
