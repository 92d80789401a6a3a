import type { Knex } from 'knex';

/** Tables whose rows belong to one tenant each. */
const OWNED = ['subscriptions', 'installations', 'reports'] as const;

async function createTenantTables(knex: Knex): Promise<void> {
  await knex.schema.createTable('subscriptions', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('plugin_id').notNullable();
    table.text('channel').notNullable();
    table.boolean('auto_upgrade').notNullable();
    table.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
    table.primary(['tenant_id', 'plugin_id']);
    table.index(['plugin_id', 'channel', 'tenant_id']);
  });
  await knex.schema.createTable('installations', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('plugin_id').notNullable();
    table.text('version');
    table.text('state').notNullable();
    table.timestamp('updated_at').notNullable();
    table.primary(['tenant_id', 'plugin_id']);
    table.index(['plugin_id', 'version']);
  });
  await knex.schema.createTable('reports', (table) => {
    table.uuid('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('version_id').notNullable();
    table.integer('stage').notNullable();
    table.text('kind').notNullable();
    table.jsonb('body').notNullable();
    table.timestamp('received_at').notNullable();
    // Whether a tenant told this before (it counts once), and who took a version at all.
    table.index(['tenant_id', 'version_id', 'kind']);
    table.index(['version_id', 'tenant_id']);
  });
}

async function createMessages(knex: Knex): Promise<void> {
  await knex.schema.createTable('outbox', (table) => {
    table.bigIncrements('id');
    // One effect a recipient and occasion, however often the work behind it is retried.
    table.text('key').notNullable().unique();
    table.text('recipient_kind').notNullable();
    table.text('recipient_id').notNullable();
    table.uuid('release_id').references('releases.id');
    table.jsonb('body').notNullable();
    table.timestamp('created_at').notNullable();
    table.timestamp('delivered_at');
    table.integer('attempts').notNullable().defaultTo(0);
    table.index(['release_id']);
    table.index(['id'], 'outbox_pending', { predicate: knex.whereNull('delivered_at') });
  });
  await knex.schema.createTable('notifications', (table) => {
    table.uuid('id').primary();
    table.text('key').notNullable().unique();
    table.text('recipient_kind').notNullable();
    table.text('recipient_id').notNullable();
    table.uuid('release_id').references('releases.id');
    table.jsonb('body').notNullable();
    table.timestamp('created_at').notNullable();
    table.timestamp('read_at');
    table.index(['recipient_kind', 'recipient_id', 'created_at']);
  });
}

async function createAudit(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit', (table) => {
    table.bigIncrements('id');
    table.text('key').notNullable().unique();
    table.timestamp('at').notNullable();
    table.text('actor').notNullable();
    table.text('action').notNullable();
    table.text('subject').notNullable();
    table.text('from_state');
    table.text('to_state');
    table.text('request_id').notNullable();
    table.jsonb('data').notNullable().defaultTo('{}');
    table.index(['subject', 'id']);
  });
}

/**
 * Row-level security: requests of a tenant run as the role `spillway_tenant` with
 * `spillway.tenant` set, and see only that tenant's rows whatever the query says.
 */
async function isolateTenants(knex: Knex): Promise<void> {
  await knex.raw(`do $$ begin create role spillway_tenant nologin;
    exception when duplicate_object or unique_violation then null; end $$`);
  await knex.raw('grant spillway_tenant to current_user');
  await knex.raw('grant usage on schema public to spillway_tenant');
  for (const table of OWNED) {
    await knex.raw('grant select, insert, update, delete on ?? to spillway_tenant', [table]);
    await knex.raw('alter table ?? enable row level security', [table]);
    await knex.raw(
      `create policy own_rows on ?? to spillway_tenant
       using (tenant_id = current_setting('spillway.tenant', true))
       with check (tenant_id = current_setting('spillway.tenant', true))`,
      [table],
    );
  }
  await knex.raw('grant select, update on notifications to spillway_tenant');
  await knex.raw('alter table notifications enable row level security');
  await knex.raw(`create policy own_rows on notifications to spillway_tenant
    using (recipient_kind = 'tenant' and recipient_id = current_setting('spillway.tenant', true))`);
}

export async function up(knex: Knex): Promise<void> {
  await createTenantTables(knex);
  await createMessages(knex);
  await createAudit(knex);
  await isolateTenants(knex);
}

export async function down(knex: Knex): Promise<void> {
  const tables = ['audit', 'notifications', 'outbox', 'reports', 'installations', 'subscriptions'];
  for (const table of tables) await knex.schema.dropTable(table);
  // The role belongs to the cluster and may serve other databases; only its grants here end.
  await knex.raw('drop owned by spillway_tenant');
}
