import type { Knex } from 'knex';

/** What a publisher's call to withdraw a release leaves; the API writes it, an activity acts on it. */
const columns = ['withdraw_asked_by', 'withdraw_asked_at', 'withdraw_request', 'withdraw_reason'];

/** Who asked that a release which waits is withdrawn, when, and why. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => {
    table.text('withdraw_asked_by');
    table.timestamp('withdraw_asked_at');
    table.text('withdraw_request');
    table.text('withdraw_reason');
  });
  await knex.raw(`grant update (${columns.join(', ')}) on releases to spillway_api`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`revoke update (${columns.join(', ')}) on releases from spillway_api`);
  await knex.schema.alterTable('releases', (table) => table.dropColumns(...columns));
}
