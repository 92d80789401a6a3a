import type { Knex } from 'knex';

/** The worker ends the subscriptions of a plugin that another publisher takes over; tenants chose the one before. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant delete on subscriptions to spillway_worker');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke delete on subscriptions from spillway_worker');
}
