import type { Knex } from 'knex';

async function createRollouts(knex: Knex): Promise<void> {
  await knex.schema.createTable('rollouts', (table) => {
    table.text('version_id').primary().references('versions.id');
    table.uuid('release_id').notNullable().unique().references('releases.id');
    table.text('plugin_id').notNullable().references('plugins.id');
    table.text('salt').notNullable();
    table.integer('basis_points').notNullable();
    table.integer('stage').notNullable();
    table.text('state').notNullable();
    table.jsonb('plan').notNullable();
    table.text('previous_version');
    table.timestamp('stage_ends_at');
    table.timestamp('updated_at').notNullable();
  });
  // Counters are kept while reports arrive, so a gate never counts tenants (one row a stage).
  await knex.schema.createTable('rollout_stages', (table) => {
    table.text('version_id').notNullable().references('versions.id');
    table.integer('stage').notNullable();
    table.integer('basis_points').notNullable();
    table.timestamp('started_at').notNullable();
    table.timestamp('ends_at').notNullable();
    table.timestamp('ended_at');
    table.text('verdict');
    table.integer('cohort').notNullable().defaultTo(0);
    table.integer('installed').notNullable().defaultTo(0);
    table.integer('failed').notNullable().defaultTo(0);
    table.integer('rolled_back').notNullable().defaultTo(0);
    table.primary(['version_id', 'stage']);
  });
}

async function createFeed(knex: Knex): Promise<void> {
  // Revisions are handed out under this row's lock, so they become visible in their order.
  await knex.schema.createTable('feed_head', (table) => {
    table.boolean('only').primary().defaultTo(true);
    table.bigInteger('revision').notNullable();
    table.check('??', ['only'], 'feed_head_one_row');
  });
  await knex('feed_head').insert({ only: true, revision: 0 });
  await knex.schema.createTable('feed', (table) => {
    table.bigInteger('revision').primary();
    table.text('key').notNullable().unique();
    table.text('version_id').notNullable().references('versions.id').index();
    table.text('kind').notNullable();
    table.jsonb('rule').notNullable();
    table.integer('stage').notNullable();
    table.text('previous_version');
    table.timestamp('at').notNullable();
  });
}

/** Rollouts, their stages with counters, and the change feed that hosts poll. */
export async function up(knex: Knex): Promise<void> {
  await createRollouts(knex);
  await createFeed(knex);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['feed', 'feed_head', 'rollout_stages', 'rollouts']) await knex.schema.dropTable(table);
}
