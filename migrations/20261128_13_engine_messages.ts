import type { Knex } from 'knex';

/**
 * What messages to the workflow engine refer to: a submission that a publisher sent, and a command that an
 * operator gave. The API writes them for whom it authenticated; without the row a message has no effect.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('submissions', (table) => {
    /** The id of the call, which the message carries. */
    table.uuid('id').primary();
    table.text('publisher_id').notNullable();
    /** SHA-256 over publisher and content, so that the message cannot carry other content. */
    table.text('submission_digest').notNullable();
    table.text('actor').notNullable();
    table.text('request_id').notNullable();
    table.timestamp('submitted_at').notNullable();
    table.timestamp('expires_at').notNullable();
  });
  await knex.schema.createTable('rollout_commands', (table) => {
    table.uuid('id').primary();
    table.uuid('release_id').notNullable().references('releases.id').index();
    table.text('action').notNullable().checkIn(['pause', 'resume', 'abort'], 'rollout_commands_action');
    table.text('actor').notNullable();
    table.text('request_id').notNullable();
    table.timestamp('given_at').notNullable();
    table.timestamp('expires_at').notNullable();
    table.timestamp('taken_at');
  });
  await knex.raw('grant insert on submissions to spillway_api');
  await knex.raw('grant select, delete on submissions to spillway_worker');
  await knex.raw('grant select, insert on rollout_commands to spillway_api');
  await knex.raw('grant select, update (taken_at) on rollout_commands to spillway_worker');
  for (const table of ['submissions', 'rollout_commands']) {
    await knex.raw('alter table ?? enable row level security', [table]);
    await knex.raw('alter table ?? force row level security', [table]);
    await knex.raw(
      'create policy platform on ?? to spillway_api, spillway_worker using (true) with check (true)',
      [table],
    );
  }
  await knex.raw('create index submissions_age on submissions using brin (submitted_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('rollout_commands');
  await knex.schema.dropTable('submissions');
}
