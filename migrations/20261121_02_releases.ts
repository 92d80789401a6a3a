import type { Knex } from 'knex';

async function createVersions(knex: Knex): Promise<void> {
  await knex.schema.createTable('plugins', (table) => {
    table.text('id').primary();
    table.text('publisher_id').notNullable().references('publishers.id').index();
    table.text('name').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('versions', (table) => {
    table.text('id').primary();
    table.text('plugin_id').notNullable().references('plugins.id');
    table.text('version').notNullable();
    table.text('channel').notNullable();
    table.jsonb('manifest').notNullable();
    table.text('notes').notNullable();
    table.text('notes_source').notNullable();
    table.text('package_sha256').notNullable();
    table.bigInteger('package_bytes').notNullable();
    table.text('manifest_digest').notNullable();
    table.text('signed_by');
    table.text('object_key').notNullable();
    table.timestamp('created_at').notNullable();
    table.timestamp('listed_at');
    table.timestamp('withdrawn_at');
    // The workflow id guards this race first; the index backs it up for good (P44).
    table.unique(['plugin_id', 'version']);
    table.index(['channel', 'listed_at'], 'versions_catalogue', {
      predicate: knex.whereNotNull('listed_at'),
    });
  });
}

async function createReleases(knex: Knex): Promise<void> {
  await knex.schema.createTable('releases', (table) => {
    table.uuid('id').primary();
    table.text('version_id').notNullable().references('versions.id');
    // A version that was never listed may be submitted again after its release has ended.
    table.integer('submission').notNullable();
    table.text('publisher_id').notNullable().references('publishers.id');
    table.uuid('publish_request_id').notNullable();
    table.text('submission_digest').notNullable();
    table.text('publish_id').notNullable().index();
    table.text('state').notNullable();
    table.text('submitted_by').notNullable();
    table.timestamp('submitted_at').notNullable();
    table.timestamp('updated_at').notNullable();
    table.jsonb('receipt').notNullable();
    table.jsonb('parts').notNullable();
    table.jsonb('rollout_input');
    table.jsonb('problems').notNullable().defaultTo('[]');
    table.integer('timeline_seq').notNullable().defaultTo(0);
    table.unique(['version_id', 'submission']);
    table.unique(['publisher_id', 'publish_request_id']);
    table.index(['state', 'updated_at']);
  });
  await knex.schema.createTable('release_transitions', (table) => {
    table.bigIncrements('id');
    table.uuid('release_id').notNullable().references('releases.id');
    table.integer('seq').notNullable();
    table.text('from_state').notNullable();
    table.text('to_state').notNullable();
    table.timestamp('at').notNullable();
    table.text('actor').notNullable();
    table.text('request_id').notNullable();
    table.text('reason');
    table.unique(['release_id', 'seq']);
  });
  await knex.schema.createTable('timeline', (table) => {
    table.uuid('release_id').notNullable().references('releases.id');
    table.integer('seq').notNullable();
    table.text('key').notNullable();
    table.text('kind').notNullable();
    table.text('text').notNullable();
    table.text('actor').notNullable();
    table.jsonb('data').notNullable().defaultTo('{}');
    table.timestamp('at').notNullable();
    table.primary(['release_id', 'seq']);
    table.unique(['release_id', 'key']);
  });
}

async function createReviews(knex: Knex): Promise<void> {
  await knex.schema.createTable('scans', (table) => {
    table.uuid('release_id').notNullable().references('releases.id');
    table.text('scanner').notNullable();
    table.text('scanner_version').notNullable();
    table.text('rules_digest').notNullable();
    table.text('verdict').notNullable();
    table.jsonb('policy').notNullable();
    table.jsonb('findings').notNullable();
    table.timestamp('started_at').notNullable();
    table.timestamp('finished_at').notNullable();
    table.primary(['release_id', 'scanner']);
  });
  await knex.schema.createTable('review_queue', (table) => {
    table.uuid('id').primary();
    table.uuid('release_id').notNullable().unique().references('releases.id');
    table.text('state').notNullable();
    table.timestamp('opened_at');
    table.timestamp('sla_deadline');
    table.float('sla_level').notNullable().defaultTo(0);
    table.timestamp('decided_at');
    table.text('decision');
    table.text('reviewer');
    table.text('notes');
    table.jsonb('info').notNullable().defaultTo('[]');
    table.index(['state', 'sla_deadline']);
  });
}

/** Plugins, versions, releases with their from → to transitions, timeline, scans, review queue. */
export async function up(knex: Knex): Promise<void> {
  await createVersions(knex);
  await createReleases(knex);
  await createReviews(knex);
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'review_queue',
    'scans',
    'timeline',
    'release_transitions',
    'releases',
    'versions',
    'plugins',
  ];
  for (const table of tables) await knex.schema.dropTable(table);
}
