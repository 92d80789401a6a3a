import type { Knex } from 'knex';

/** The signer states which hosts a version works with, so that others leave themselves out before they fetch it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant select (manifest) on versions to spillway_signer');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke select (manifest) on versions from spillway_signer');
}
