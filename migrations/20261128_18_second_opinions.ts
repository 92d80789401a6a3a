import type { Knex } from 'knex';

/**
 * Second opinions on versions that failed one of few tenants, the turns in which further tenants are asked, and offers
 * of the feed that are narrowed to the tenant whose turn it is.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('second_opinions', (table) => {
    table.text('version_id').primary().references('versions.id');
    table.integer('stage').notNullable();
    table.text('state').notNullable().checkIn(['asking', 'exhausted', 'settled'], 'second_opinions_state');
    /** The tenant whose host failed; null where what it reported has gone. */
    table.text('tenant_id');
    /** Successes when it was opened: later ones are the opinion. */
    table.integer('installed_before').notNullable();
    table.timestamp('opened_at').notNullable();
    /** When its state changed last: an operator who resumes after that settles one that is exhausted. */
    table.timestamp('changed_at').notNullable();
  });
  await knex.schema.createTable('second_opinion_turns', (table) => {
    table.text('version_id').notNullable().references('second_opinions.version_id');
    table.integer('turn').notNullable();
    table.text('tenant_id').notNullable();
    table.timestamp('asked_at').notNullable();
    table.timestamp('ends_at').notNullable();
    table.primary(['version_id', 'turn']);
    table.unique(['version_id', 'tenant_id']);
  });
  await knex.schema.alterTable('feed', (table) => {
    /** Nobody newly installs the version but the tenant whose turn it is; null while it is nobody's. */
    table.boolean('narrowed').notNullable().defaultTo(false);
    table.text('turn_tenant');
  });
  await knex.raw(
    'create index download_grants_unanswered on download_grants (version_id) where result is null',
  );
  await knex.raw('grant select on second_opinions to spillway_api');
  await knex.raw('grant select, insert, update on second_opinions to spillway_worker');
  await knex.raw('grant select, insert on second_opinion_turns to spillway_worker');
  for (const [table, roles] of [
    ['second_opinions', 'spillway_api, spillway_worker'],
    ['second_opinion_turns', 'spillway_worker'],
  ] as const) {
    await knex.raw('alter table ?? enable row level security', [table]);
    await knex.raw('alter table ?? force row level security', [table]);
    await knex.raw(`create policy platform on ?? to ${roles} using (true) with check (true)`, [table]);
  }
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index download_grants_unanswered');
  await knex.schema.alterTable('feed', (table) => table.dropColumns('narrowed', 'turn_tenant'));
  await knex.schema.dropTable('second_opinion_turns');
  await knex.schema.dropTable('second_opinions');
}
