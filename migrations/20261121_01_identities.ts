import type { Knex } from 'knex';

/** Publishers, their signing keys, tenants, reviewers, and the tokens that speak for them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('publishers', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('publisher_keys', (table) => {
    table.text('fingerprint').primary();
    table.text('publisher_id').notNullable().references('publishers.id').index();
    table.text('armored').notNullable();
    table.timestamp('expires_at');
    table.timestamp('revoked_at');
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('tenants', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('reviewers', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('api_keys', (table) => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    // SHA-256 of the token: the token itself is shown once and never stored.
    table.binary('token_hash').notNullable().unique();
    table.text('prefix').notNullable();
    table.text('subject_kind').notNullable();
    table.text('subject_id').notNullable();
    table.specificType('scopes', 'text[]').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    table.timestamp('expires_at');
    table.timestamp('revoked_at');
    table.index(['subject_kind', 'subject_id']);
    table.check("subject_kind in ('publisher','reviewer','tenant','operator')", {}, 'api_keys_subject_kind');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['api_keys', 'reviewers', 'tenants', 'publisher_keys', 'publishers']) {
    await knex.schema.dropTable(table);
  }
}
