import type { Knex } from 'knex';

/**
 * What keeps a tenant's host from a version though nothing is wrong with the version: an old host, a full disk, a
 * wrong clock, damaged downloads. A row a tenant and version, and beside it the counters by which a stage is judged.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('install_troubles', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('version_id').notNullable().references('versions.id');
    /** The code of the trouble; null where it is over. */
    table.text('code');
    /** The stage that the tenant belongs to, in which it is counted. */
    table.integer('stage').notNullable();
    table.timestamp('since').notNullable();
    table.timestamp('at').notNullable();
    table.primary(['tenant_id', 'version_id']);
  });
  await knex.schema.createTable('trouble_counts', (table) => {
    table.text('version_id').notNullable().references('versions.id');
    table.integer('stage').notNullable();
    table.text('code').notNullable();
    table.integer('tenants').notNullable();
    table.primary(['version_id', 'stage', 'code']);
  });
  await knex.raw('create index install_troubles_age on install_troubles using brin (at)');
  await knex.raw(
    'create index install_troubles_open on install_troubles (version_id) where code is not null',
  );
  await knex.raw(
    'grant select, insert, update (code, stage, since, at) on install_troubles to spillway_tenant',
  );
  await knex.raw('grant select, delete on install_troubles to spillway_worker');
  await knex.raw('grant select, insert, update on trouble_counts to spillway_api');
  await knex.raw('grant select on trouble_counts to spillway_worker, spillway_publisher');
  for (const table of ['install_troubles', 'trouble_counts']) {
    await knex.raw('alter table ?? enable row level security', [table]);
    await knex.raw('alter table ?? force row level security', [table]);
  }
  await knex.raw(
    `create policy own_rows on install_troubles to spillway_tenant
       using (tenant_id = current_setting('spillway.tenant', true))
       with check (tenant_id = current_setting('spillway.tenant', true))`,
  );
  await knex.raw(
    'create policy platform on install_troubles to spillway_worker using (true) with check (true)',
  );
  await knex.raw(
    'create policy platform on trouble_counts to spillway_api, spillway_worker using (true) with check (true)',
  );
  await knex.raw(
    `create policy publishers_own_rows on trouble_counts to spillway_publisher
       using (exists (select 1 from versions where versions.id = trouble_counts.version_id))`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('trouble_counts');
  await knex.schema.dropTable('install_troubles');
}
