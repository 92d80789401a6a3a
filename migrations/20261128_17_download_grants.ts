import type { Knex } from 'knex';

/**
 * Which tenant was handed which package, and what it reported of it. The API writes a row when it sends a tenant to
 * a package; without the row no report of that tenant counts for or against the version.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('download_grants', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('version_id').notNullable().references('versions.id');
    /** SHA-256 of the package that was handed over. */
    table.text('package_sha256').notNullable();
    /** The stage that was running, in which the tenant's result counts. */
    table.integer('stage').notNullable();
    table.timestamp('granted_at').notNullable();
    /** What counts of the tenant's reports: one result, and whether it left the version again. */
    table.text('result').checkIn(['installed', 'failed'], 'download_grants_result');
    table.boolean('returned').notNullable().defaultTo(false);
    /** Whether the rollout was woken since what counts last changed. */
    table.boolean('told').notNullable().defaultTo(true);
    table.primary(['tenant_id', 'version_id']);
  });
  await knex.raw(
    'grant select, insert, update (result, returned, told) on download_grants to spillway_tenant',
  );
  await knex.raw('grant select, delete on download_grants to spillway_worker');
  await knex.raw('alter table download_grants enable row level security');
  await knex.raw('alter table download_grants force row level security');
  await knex.raw(
    `create policy own_rows on download_grants to spillway_tenant
       using (tenant_id = current_setting('spillway.tenant', true))
       with check (tenant_id = current_setting('spillway.tenant', true))`,
  );
  await knex.raw(
    'create policy platform on download_grants to spillway_worker using (true) with check (true)',
  );
  await knex.raw('create index download_grants_age on download_grants using brin (granted_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('download_grants');
}
