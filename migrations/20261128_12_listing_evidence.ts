import type { Knex } from 'knex';

/**
 * What the transaction that lists a version reads besides the decision: which bytes were verified and scanned,
 * and with which plan the version may be rolled out.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => {
    /** SHA-256 of the package that was verified: signature, canonical form, manifest. */
    table.text('verified_sha256');
    /** The rollout that was planned, once; stages start by it alone. */
    table.jsonb('plan');
    /** What tenants return to when the version is taken back. */
    table.text('previous_version');
  });
  await knex.schema.alterTable('scans', (table) => {
    /** SHA-256 of the package that was scanned. */
    table.text('package_sha256');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('scans', (table) => table.dropColumn('package_sha256'));
  await knex.schema.alterTable('releases', (table) => {
    table.dropColumns('verified_sha256', 'plan', 'previous_version');
  });
}
