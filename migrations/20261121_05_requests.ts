import type { Knex } from 'knex';

/** Counters of the API's rate limits, and the indexes that its lists are read by. */
export async function up(knex: Knex): Promise<void> {
  // Unlogged: the counters of a minute may go with a crash, and cost no write-ahead log.
  await knex.raw(`create unlogged table rate_limits (
    key varchar(255) primary key, points integer not null default 0, expire bigint)`);
  await knex.raw('create index releases_newest on releases (submitted_at desc, version_id desc)');
  await knex.raw(`create index rollouts_busy on rollouts (state) where state in ('active', 'rolling_back')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index rollouts_busy');
  await knex.raw('drop index releases_newest');
  await knex.schema.dropTable('rate_limits');
}
