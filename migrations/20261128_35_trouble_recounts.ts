import type { Knex } from 'knex';

/**
 * Lets the worker count troubles again: of tenants that still belong to the cohort when a stage is judged, and of rows
 * that are left when old ones are deleted.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant insert, update (tenants) on trouble_counts to spillway_worker');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke insert, update (tenants) on trouble_counts from spillway_worker');
}
